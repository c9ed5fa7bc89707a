//! For whom, when and in answer to what an assertion is. Reference: oauth-and-federation 11.3, 11.4, 17.5.

use std::time::Duration;

use crate::{Expected, Refusal, names::BEARER, testing::*, verified};

/// The reason for which the signed response is refused once `from` is `to`.
fn refused(from: &str, to: &str) -> String {
    let changed = response().replacen(from, to, 1);
    assert_ne!(changed, response(), "{from}");
    judged(&sign(&changed, "_a1")).expect_err("a refusal")
}

#[test]
fn what_a_response_must_say() {
    let of_response = format!("Destination=\"{ACS}\" InResponseTo=\"{REQUEST}\"");
    let cases = [
        (
            format!("Destination=\"{ACS}\""),
            "Destination=\"https://other.example.com/acs\"",
            "Destination is another",
        ),
        (format!(" Destination=\"{ACS}\""), "", "Destination is another"),
        (
            of_response.clone(),
            &*format!("Destination=\"{ACS}\""),
            "InResponseTo does not match the request",
        ),
        (
            of_response,
            &*format!("Destination=\"{ACS}\" InResponseTo=\"_other\""),
            "InResponseTo does not match the request",
        ),
        ("status:Success".to_owned(), "status:Requester", "Status is not Success"),
        (
            "ID=\"_r1\" Version=\"2.0\"".to_owned(),
            "ID=\"_r1\" Version=\"1.1\"",
            "Version is not 2.0",
        ),
        (
            "samlp:Response".to_owned(),
            "samlp:ArtifactResponse",
            "SAML message is not readable",
        ),
    ];
    for (from, to, reason) in cases {
        let xml = response().replace(&from, to);
        assert_ne!(xml, response(), "{from}");
        assert_eq!(judged(&sign(&xml, "_a1")).unwrap_err(), reason, "{from}");
    }
}

#[test]
fn what_an_assertion_must_say() {
    let audience = format!("<saml:Audience>{SP}</saml:Audience>");
    let restriction = format!("<saml:AudienceRestriction>{audience}</saml:AudienceRestriction>");
    let conditions = cut(&response(), "<saml:Conditions", "</saml:Conditions>").to_owned();
    let recipient = format!("Recipient=\"{ACS}\"");
    let answered = format!("InResponseTo=\"{REQUEST}\"/>");
    let (other, none) = (
        "Audience restriction does not name this service provider",
        "Assertion is not valid",
    );
    let subject = "Subject confirmation is not valid";
    let answer = "InResponseTo does not match the request";
    let statement = cut(&response(), "<saml:AuthnStatement", "</saml:AuthnStatement>").to_owned();
    let authn = "Assertion has no valid AuthnStatement";
    let issuer = format!("{IDP}</saml:Issuer><saml:Subject>");
    let cases: [(&str, &str, &str); 21] = [
        (&audience, "<saml:Audience>urn:other</saml:Audience>", other),
        (&audience, "", other),
        (&restriction, "", other),
        (
            &restriction,
            &format!("{restriction}<saml:AudienceRestriction/>"),
            other,
        ),
        (&conditions, "", other),
        (&restriction, &format!("{restriction}<saml:Condition/>"), none),
        (
            "NotBefore=\"2026-03-01T11:59:00Z\"",
            "NotBefore=\"2026-03-01T12:03:01Z\"",
            none,
        ),
        (
            "NotOnOrAfter=\"2026-03-01T12:05:00Z\"><saml:Aud",
            "NotOnOrAfter=\"2026-03-01T11:57:00Z\"><saml:Aud",
            none,
        ),
        ("NotBefore=\"2026-03-01T11:59:00Z\"", "NotBefore=\"soon\"", none),
        (
            "\"_a1\" Version=\"2.0\" IssueInstant=\"2026-03-01T12:00:00Z\"",
            "\"_a1\" Version=\"2.0\" IssueInstant=\"2026-03-01T12:03:01Z\"",
            none,
        ),
        (&recipient, "Recipient=\"https://other.example.com/acs\"", subject),
        (&recipient, "", subject),
        (
            "NotOnOrAfter=\"2026-03-01T12:05:00Z\" InR",
            "NotOnOrAfter=\"2026-03-01T11:57:00Z\" InR",
            subject,
        ),
        ("NotOnOrAfter=\"2026-03-01T12:05:00Z\" InR", "InR", subject),
        (BEARER, "urn:oasis:names:tc:SAML:2.0:cm:holder-of-key", subject),
        (&answered, "/>", answer),
        (&answered, "InResponseTo=\"_another-session\"/>", answer),
        (&statement, "", authn),
        (
            "SessionIndex=\"_s1\"",
            "SessionIndex=\"_s1\" SessionNotOnOrAfter=\"2026-03-01T11:57:00Z\"",
            authn,
        ),
        (
            &issuer,
            "https://other.example.org</saml:Issuer><saml:Subject>",
            "Issuer is not the identity provider",
        ),
        (
            "\"_a1\" Version=\"2.0\"",
            "\"_a1\" Version=\"1.1\"",
            "Version is not 2.0",
        ),
    ];
    for (from, to, reason) in cases {
        assert_eq!(refused(from, to), reason, "{from} -> {to}");
    }
}

#[test]
fn the_responses_issuer_too() {
    let other = response().replacen(IDP, "https://other.example.org", 1);
    assert_eq!(
        judged(&sign(&other, "_a1")).unwrap_err(),
        "Issuer is not the identity provider"
    );
}

#[test]
fn a_name_is_required_in_the_clear() {
    let name = cut(&response(), "<saml:NameID", "</saml:NameID>").to_owned();
    let encrypted = format!("{name}<saml:EncryptedID/>");
    for to in [
        "",
        "<saml:NameID> </saml:NameID>",
        "<saml:EncryptedID/>",
        &encrypted,
        &name.repeat(2),
        "<saml:NameID>a<b/></saml:NameID>",
    ] {
        assert_eq!(refused(&name, to), "NameID is missing", "{to}");
    }
    let statement = "<saml:AttributeStatement>";
    assert_eq!(
        refused(statement, &format!("{statement}<saml:EncryptedAttribute/>")),
        "Invalid user attributes"
    );
}

#[test]
fn one_of_several_audiences_and_confirmations_is_enough() {
    let audiences = format!("<saml:Audience>urn:other</saml:Audience><saml:Audience>{SP}");
    let confirmation = cut(&response(), "<saml:SubjectConfirmation ", "</saml:SubjectConfirmation>").to_owned();
    let wrong = confirmation.replace(ACS, "https://other.example.com/acs");
    let xml = response()
        .replace(&format!("<saml:Audience>{SP}"), &audiences)
        .replace(&confirmation, &format!("{wrong}{confirmation}"));
    assert!(judged(&sign(&xml, "_a1")).is_ok());
}

#[test]
fn clocks_may_be_three_minutes_apart() {
    let (sp, idp) = (sp(), idp());
    let good = posted(&good());
    let at = |now| {
        let expected = Expected {
            now,
            ..expected(&sp, &idp)
        };
        verified(&good, &expected).map(|assertion| assertion.until)
    };
    // 11:59 to 12:05, and three minutes at either end; it was made at 12:00.
    let minutes = |count: u64| Duration::from_secs(count * 60);
    assert!(at(NOW.minus(minutes(3))).is_ok());
    assert!(at(NOW.minus(minutes(3) + Duration::from_secs(1))).is_err());
    assert!(at(NOW.plus(minutes(8)).minus(Duration::from_secs(1))).is_ok());
    assert!(at(NOW.plus(minutes(8))).is_err());
    // It is remembered as long as it could be shown.
    assert_eq!(at(NOW), Ok(NOW.plus(minutes(8))));
}

#[test]
fn what_nobody_asked_for_says_so_and_is_of_these_minutes() {
    let (sp, idp) = (sp(), idp());
    let judged = |xml: &str, now| {
        let expected = Expected {
            in_response_to: None,
            now,
            ..expected(&sp, &idp)
        };
        verified(&posted(xml), &expected)
    };
    let unasked = response().replace(&format!(" InResponseTo=\"{REQUEST}\""), "");
    let signed = sign(&unasked, "_a1");
    assert_eq!(judged(&signed, NOW).unwrap().name_id, "Ana.Example");

    let answer = "InResponseTo does not match the request";
    assert_eq!(judged(&good(), NOW).unwrap_err().reason(), answer);
    let only_inside = response().replacen(&format!(" InResponseTo=\"{REQUEST}\""), "", 1);
    assert_eq!(judged(&sign(&only_inside, "_a1"), NOW).unwrap_err().reason(), answer);
    // To our request it is no answer.
    assert_eq!(crate::testing::judged(&signed).unwrap_err(), answer);

    let old = unasked.replace("2026-03-01T12:05:00Z", "2026-03-01T13:05:00Z");
    let old = sign(&old, "_a1");
    assert!(judged(&old, NOW.plus(Duration::from_secs(360))).is_ok());
    let late = judged(&old, NOW.plus(Duration::from_secs(361))).unwrap_err();
    assert_eq!(late.because(), "nobody asked for it and it is older than six minutes");
}

#[test]
fn what_was_shown_before_has_words_of_its_own() {
    assert_eq!(
        Refusal::already_processed().reason(),
        "The response is already processed"
    );
}
