//! Every check of a response, in the order of reference oauth-and-federation 11.3. What of it is signed, and by whom, is `coverage`'s; from then
//! on only what a signature covers is read of the assertion.

use base64::{
    Engine, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use kernel::Timestamp;

use crate::{
    ServiceProvider,
    assertion::{self, Assertion},
    coverage::{self, Trust},
    instant,
    key::Key,
    names::{ASSERTION, BEARER, PROTOCOL, SUCCESS},
    provider::IdentityProvider,
    refusal::{self, Refusal},
    signature::Received,
    xml::Element,
};

/// Characters of a message in base64. Reference: oauth-and-federation 11.3 (1).
const MAX_CHARACTERS: usize = 100_000;
/// Padding or none.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);
/// Conditions that we know; any other makes an assertion invalid (SAML core 2.5.1).
const CONDITIONS: [&str; 3] = ["AudienceRestriction", "OneTimeUse", "ProxyRestriction"];

/// What a response is held against.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    pub sp: &'a ServiceProvider,
    pub idp: &'a IdentityProvider,
    /// The request that it answers. None: nobody asked for it (IdP-initiated).
    pub in_response_to: Option<&'a str>,
    /// Some: encrypted assertions only. None: none that is encrypted.
    pub decryption: Option<&'a Key>,
    pub now: Timestamp,
    /// Signatures and digests with SHA-1, for providers that know nothing better.
    pub allow_sha1: bool,
}

/// What a posted `SAMLResponse` vouches for. That it was not shown before is left to whoever keeps ids (11.3 (6)).
/// Errors: reference oauth-and-federation 11.6.
pub fn verified(response: &str, expected: &Expected<'_>) -> Result<Assertion, Refusal> {
    let text = decoded(response)?;
    let received = Received::read(&text).map_err(|not_xml| refusal::unreadable(not_xml.to_string()))?;

    let response = &received.root;
    is_message(response, "Response")?;
    is_addressed_to(response, &expected.sp.acs)?;
    answers(response, expected.in_response_to)?;
    is_success(response)?;
    coverage::holds_one_assertion(response, expected.decryption.is_some())?;

    let trust = Trust {
        certificates: &expected.idp.certificates,
        allow_sha1: expected.allow_sha1,
    };
    let assertion = match expected.decryption {
        None => coverage::signed(&received, trust)?.ok_or_else(|| refusal::signature("nothing is signed"))?,
        Some(key) => coverage::decrypted(&received, key, trust)?,
    };
    has_version(&assertion)?;
    if response.child(ASSERTION, "Issuer").is_some() {
        is_issued_by(response, expected.idp)?;
    }
    is_issued_by(&assertion, expected.idp)?;
    is_of_these_minutes(&assertion, expected)?;
    conditions_hold(&assertion, expected)?;
    let until = is_confirmed(&assertion, expected)?;
    let statement = authentication(&assertion, expected.now)?;
    let subject = subject(&assertion)?;
    let (name_id, format) = assertion::name_id(subject)?;
    let level = statement
        .child(ASSERTION, "AuthnContext")
        .and_then(|context| context.child(ASSERTION, "AuthnContextClassRef"));
    Ok(Assertion {
        name_id,
        format,
        session_index: statement.attribute("SessionIndex").map(str::to_owned),
        attributes: assertion::attributes(&assertion)?,
        id: id(&assertion)?,
        until,
        issuer: expected.idp.entity_id.clone(),
        level: level.map(|level| level.text.trim().to_owned()),
    })
}

/// (1) Base64 within its length, UTF-8.
pub(crate) fn decoded(message: &str) -> Result<String, Refusal> {
    if message.len() > MAX_CHARACTERS {
        return Err(refusal::unreadable("it is longer than 100 000 characters"));
    }
    let base64: String = message.split_ascii_whitespace().collect();
    let bytes = BASE64
        .decode(base64)
        .map_err(|_| refusal::unreadable("it is no base64"))?;
    let text = String::from_utf8(bytes).map_err(|_| refusal::unreadable("it is not UTF-8"))?;
    Ok(text.trim_start_matches('\u{FEFF}').trim().to_owned())
}

/// (2) The kind of message, in version 2.0.
pub(crate) fn is_message(root: &Element, name: &str) -> Result<(), Refusal> {
    if !root.is(PROTOCOL, name) {
        return Err(refusal::unreadable("it is another kind of message"));
    }
    has_version(root)
}

fn has_version(element: &Element) -> Result<(), Refusal> {
    match element.attribute("Version") {
        Some("2.0") => Ok(()),
        _ => Err(refusal::version()),
    }
}

/// (2) `Destination` is our address.
pub(crate) fn is_addressed_to(root: &Element, address: &str) -> Result<(), Refusal> {
    match root.attribute("Destination") {
        Some(destination) if destination == address => Ok(()),
        _ => Err(refusal::destination()),
    }
}

/// (2) `InResponseTo` is our request's id, or there is none of both.
pub(crate) fn answers(element: &Element, request: Option<&str>) -> Result<(), Refusal> {
    match (element.attribute("InResponseTo"), request) {
        (None, None) => Ok(()),
        (Some(answered), Some(request)) if answered == request => Ok(()),
        (None, Some(_)) => Err(refusal::in_response_to("it is absent")),
        (Some(_), Some(_)) => Err(refusal::in_response_to("it is another request's")),
        (Some(_), None) => Err(refusal::in_response_to("it is there, though nothing was asked")),
    }
}

/// (2) `Status` is Success.
pub(crate) fn is_success(root: &Element) -> Result<(), Refusal> {
    let code = root
        .only(PROTOCOL, "Status")
        .and_then(|status| status.only(PROTOCOL, "StatusCode"))
        .and_then(|code| code.attribute("Value"))
        .unwrap_or("nothing");
    if code == SUCCESS {
        Ok(())
    } else {
        Err(refusal::status(code))
    }
}

/// (4) `Issuer` is the metadata's entity.
pub(crate) fn is_issued_by(element: &Element, idp: &IdentityProvider) -> Result<(), Refusal> {
    let issuer = element.only(ASSERTION, "Issuer").map(|issuer| issuer.text.trim());
    if issuer == Some(idp.entity_id.as_str()) {
        Ok(())
    } else {
        Err(refusal::issuer())
    }
}

/// Not of the future; one that nobody asked for is at most six minutes old (11.4).
fn is_of_these_minutes(assertion: &Element, expected: &Expected<'_>) -> Result<(), Refusal> {
    let issued = assertion.attribute("IssueInstant").and_then(instant::read);
    let issued = issued.ok_or_else(|| refusal::condition("it does not say when it was made"))?;
    if !instant::has_come(issued, expected.now) {
        return Err(refusal::condition("it was made in the future"));
    }
    if expected.in_response_to.is_none() && !instant::is_fresh(issued, expected.now) {
        return Err(refusal::condition(
            "nobody asked for it and it is older than six minutes",
        ));
    }
    Ok(())
}

/// (4) Each restriction of the audience names us; the time is right; no condition is unknown.
fn conditions_hold(assertion: &Element, expected: &Expected<'_>) -> Result<(), Refusal> {
    let conditions = assertion.only(ASSERTION, "Conditions").ok_or_else(refusal::audience)?;
    is_now(conditions, expected.now).map_err(refusal::condition)?;
    let is_known = |condition: &Element| CONDITIONS.iter().any(|known| condition.is(ASSERTION, known));
    if !conditions.children.iter().all(is_known) {
        return Err(refusal::condition("it has a condition that is not known"));
    }
    let names_us = |restriction: &Element| {
        let mut audiences = restriction.all(ASSERTION, "Audience");
        audiences.any(|audience| audience.text.trim() == expected.sp.entity_id)
    };
    let mut restrictions = conditions.all(ASSERTION, "AudienceRestriction").peekable();
    if restrictions.peek().is_none() || !restrictions.all(names_us) {
        return Err(refusal::audience());
    }
    Ok(())
}

/// `NotBefore` and `NotOnOrAfter`, where they are there.
fn is_now(element: &Element, now: Timestamp) -> Result<(), &'static str> {
    let at = |name| match element.attribute(name) {
        None => Ok(None),
        Some(text) => instant::read(text).map(Some).ok_or("a time is not readable"),
    };
    if at("NotBefore")?.is_some_and(|start| !instant::has_come(start, now)) {
        return Err("it is not valid yet");
    }
    if at("NotOnOrAfter")?.is_some_and(|end| instant::has_passed(end, now)) {
        return Err("it is not valid any more");
    }
    Ok(())
}

/// (4) A bearer confirmation for our address, now, for our request. Until when the latest of them holds.
fn is_confirmed(assertion: &Element, expected: &Expected<'_>) -> Result<Timestamp, Refusal> {
    let mut why = refusal::subject("there is no bearer confirmation");
    let mut until = None;
    for confirmation in subject(assertion)?.all(ASSERTION, "SubjectConfirmation") {
        let Some(data) = confirmation.only(ASSERTION, "SubjectConfirmationData") else {
            continue;
        };
        if expected.in_response_to.is_none() {
            answers(data, None)?;
        }
        if confirmation.attribute("Method") != Some(BEARER) {
            continue;
        }
        match confirms(data, expected) {
            Ok(end) => until = until.max(Some(end)),
            Err(refusal) => why = refusal,
        }
    }
    let end = until.ok_or(why)?;
    Ok(end.plus(instant::SKEW))
}

fn confirms(data: &Element, expected: &Expected<'_>) -> Result<Timestamp, Refusal> {
    if data.attribute("Recipient") != Some(expected.sp.acs.as_str()) {
        return Err(refusal::subject("it is for another recipient"));
    }
    let end = data.attribute("NotOnOrAfter").and_then(instant::read);
    let end = end.ok_or_else(|| refusal::subject("it has no end"))?;
    is_now(data, expected.now).map_err(refusal::subject)?;
    answers(data, expected.in_response_to)?;
    Ok(end)
}

fn subject(assertion: &Element) -> Result<&Element, Refusal> {
    let subject = assertion.only(ASSERTION, "Subject");
    subject.ok_or_else(|| refusal::subject("there is not exactly one subject"))
}

/// (4) The first `AuthnStatement`; the session there has not ended.
fn authentication(assertion: &Element, now: Timestamp) -> Result<&Element, Refusal> {
    let statement = assertion
        .child(ASSERTION, "AuthnStatement")
        .ok_or_else(|| refusal::authentication("there is none"))?;
    match statement.attribute("SessionNotOnOrAfter").map(instant::read) {
        Some(None) => Err(refusal::authentication("a time is not readable")),
        Some(Some(end)) if instant::has_passed(end, now) => Err(refusal::authentication("the session has ended")),
        _ => Ok(statement),
    }
}

/// (6) What must not be seen again.
pub(crate) fn id(element: &Element) -> Result<String, Refusal> {
    let id = element.attribute("ID").filter(|id| !id.is_empty());
    Ok(id.ok_or_else(|| refusal::unreadable("it has no ID"))?.to_owned())
}
