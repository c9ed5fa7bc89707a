//! Single logout: what we ask and answer, always signed, in addresses; what an identity provider posts, verified.
//! Reference: oauth-and-federation 11.7.

use kernel::Timestamp;

use crate::{
    ServiceProvider, assertion, checks,
    coverage::{self, Trust},
    instant,
    key::{Key, KeyError},
    names::{ASSERTION, PROTOCOL, SUCCESS},
    provider::IdentityProvider,
    redirect::{self, Kind},
    refusal::{self, Refusal},
    signature::{Covered, Received},
    write::{attribute, escaped},
    xml::Element,
};

/// A session that is to end at the identity provider.
#[derive(Clone, Copy, Debug)]
pub struct Logout<'a> {
    /// Of [`crate::request_id`].
    pub id: &'a str,
    pub relay_state: &'a str,
    pub now: Timestamp,
    pub name_id: &'a str,
    pub format: Option<&'a str>,
    pub session_index: Option<&'a str>,
    pub key: &'a Key,
}

/// An answer to a request of the identity provider: the session here has ended.
#[derive(Clone, Copy, Debug)]
pub struct Answer<'a> {
    /// Of [`crate::request_id`].
    pub id: &'a str,
    pub in_response_to: &'a str,
    /// As it came.
    pub relay_state: Option<&'a str>,
    pub now: Timestamp,
    pub key: &'a Key,
}

/// What a message of a logout is held against.
#[derive(Clone, Copy, Debug)]
pub struct ExpectedLogout<'a> {
    pub sp: &'a ServiceProvider,
    pub idp: &'a IdentityProvider,
    pub now: Timestamp,
    /// As in [`crate::Expected`].
    pub allow_sha1: bool,
}

/// What an identity provider asks to end, verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogoutRequest {
    pub id: String,
    pub name_id: String,
    /// None: unspecified.
    pub format: Option<String>,
    /// Empty: all sessions of this name.
    pub session_indexes: Vec<String>,
}

/// Where the browser goes. None: the provider knows no single logout. Errors: the key can't sign.
pub fn logout_address(
    idp: &IdentityProvider,
    sp: &ServiceProvider,
    logout: &Logout<'_>,
) -> Result<Option<String>, KeyError> {
    let Some(slo) = &idp.slo else { return Ok(None) };
    let index = logout.session_index.map(escaped);
    let index = index.map(|index| format!("<samlp:SessionIndex>{index}</samlp:SessionIndex>"));
    let message = format!(
        r#"<samlp:LogoutRequest xmlns:samlp="{PROTOCOL}" xmlns:saml="{ASSERTION}" ID="{}" Version="2.0" IssueInstant="{}" Destination="{}"><saml:Issuer>{}</saml:Issuer><saml:NameID{}>{}</saml:NameID>{}</samlp:LogoutRequest>"#,
        escaped(logout.id),
        logout.now.iso8601(),
        escaped(&slo.requests),
        escaped(&sp.entity_id),
        attribute("Format", logout.format),
        escaped(logout.name_id),
        index.unwrap_or_default(),
    );
    let sent = (Kind::Request, message.as_str());
    redirect::address(&slo.requests, sent, Some(logout.relay_state), Some(logout.key)).map(Some)
}

/// Where the browser goes back to after a request of the provider. None: the provider knows no single logout. Errors: the key can't sign.
pub fn answer_address(
    idp: &IdentityProvider,
    sp: &ServiceProvider,
    answer: &Answer<'_>,
) -> Result<Option<String>, KeyError> {
    let Some(slo) = &idp.slo else { return Ok(None) };
    let message = format!(
        r#"<samlp:LogoutResponse xmlns:samlp="{PROTOCOL}" xmlns:saml="{ASSERTION}" ID="{}" Version="2.0" IssueInstant="{}" Destination="{}" InResponseTo="{}"><saml:Issuer>{}</saml:Issuer><samlp:Status><samlp:StatusCode Value="{SUCCESS}"/></samlp:Status></samlp:LogoutResponse>"#,
        escaped(answer.id),
        answer.now.iso8601(),
        escaped(&slo.responses),
        escaped(answer.in_response_to),
        escaped(&sp.entity_id),
    );
    let sent = (Kind::Response, message.as_str());
    redirect::address(&slo.responses, sent, answer.relay_state, Some(answer.key)).map(Some)
}

/// A posted answer to our request of this id: signed, the provider's, and the session there has ended.
pub fn logout_response(message: &str, in_response_to: &str, expected: &ExpectedLogout<'_>) -> Result<(), Refusal> {
    let response = signed(message, "LogoutResponse", expected)?;
    checks::answers(&response, Some(in_response_to))?;
    checks::is_success(&response)
}

/// A posted request of the provider: signed, the provider's, of these minutes. That it was not shown before is left to whoever keeps ids.
pub fn logout_request(message: &str, expected: &ExpectedLogout<'_>) -> Result<LogoutRequest, Refusal> {
    let request = signed(message, "LogoutRequest", expected)?;
    if let Some(end) = request.attribute("NotOnOrAfter") {
        let end = instant::read(end).ok_or_else(|| refusal::condition("a time is not readable"))?;
        if instant::has_passed(end, expected.now) {
            return Err(refusal::condition("it is not valid any more"));
        }
    }
    let (name_id, format) = assertion::name_id(&request)?;
    let indexes = request.all(PROTOCOL, "SessionIndex");
    Ok(LogoutRequest {
        id: checks::id(&request)?,
        name_id,
        format,
        session_indexes: indexes.map(|index| index.text.clone()).collect(),
    })
}

/// The message as its signature covers it, of the provider, for us, of these minutes.
fn signed(message: &str, name: &str, expected: &ExpectedLogout<'_>) -> Result<Element, Refusal> {
    let text = checks::decoded(message)?;
    let received = Received::read(&text).map_err(|not_xml| refusal::unreadable(not_xml.to_string()))?;
    checks::is_message(&received.root, name)?;
    let trust = Trust {
        certificates: &expected.idp.certificates,
        allow_sha1: expected.allow_sha1,
    };
    let whole = coverage::covered(&received, trust)?
        .into_iter()
        .find_map(|covered| match covered {
            Covered::Root(message) => Some(message),
            Covered::Child(_) => None,
        });
    let message = whole.ok_or_else(|| refusal::signature("the message is not signed"))?;
    checks::is_addressed_to(&message, &expected.sp.slo)?;
    checks::is_issued_by(&message, expected.idp)?;
    let issued = message.attribute("IssueInstant").and_then(instant::read);
    if issued.is_some_and(|issued| instant::is_fresh(issued, expected.now)) {
        Ok(message)
    } else {
        Err(refusal::condition("it is not of these minutes"))
    }
}
