//! Messages of logouts that identity providers post. Reference: oauth-and-federation 11.7, 17.5.

use std::time::Duration;

use crate::{
    ExpectedLogout, LogoutRequest, Refusal, logout_request, logout_response,
    names::{ASSERTION, PROTOCOL, SUCCESS},
    testing::*,
};

const ID: &str = "_logout-of-ours";

fn response() -> String {
    format!(
        r#"<samlp:LogoutResponse xmlns:samlp="{PROTOCOL}" xmlns:saml="{ASSERTION}" ID="_l1" Version="2.0" IssueInstant="2026-03-01T12:00:00Z" Destination="{SLO}" InResponseTo="{ID}"><saml:Issuer>{IDP}</saml:Issuer><samlp:Status><samlp:StatusCode Value="{SUCCESS}"/></samlp:Status></samlp:LogoutResponse>"#
    )
}

fn request() -> String {
    format!(
        r#"<samlp:LogoutRequest xmlns:samlp="{PROTOCOL}" xmlns:saml="{ASSERTION}" ID="_l2" Version="2.0" IssueInstant="2026-03-01T12:00:00Z" Destination="{SLO}" NotOnOrAfter="2026-03-01T12:05:00Z"><saml:Issuer>{IDP}</saml:Issuer><saml:NameID Format="f">Ana<!-- -->.Example</saml:NameID><samlp:SessionIndex>_s1</samlp:SessionIndex></samlp:LogoutRequest>"#
    )
}

fn answered(xml: &str, at: kernel::Timestamp) -> Result<(), Refusal> {
    let (sp, idp) = (sp(), idp());
    let expected = ExpectedLogout {
        sp: &sp,
        idp: &idp,
        now: at,
        allow_sha1: false,
    };
    logout_response(&posted(xml), ID, &expected)
}

fn asked(xml: &str) -> Result<LogoutRequest, Refusal> {
    let (sp, idp) = (sp(), idp());
    let expected = ExpectedLogout {
        sp: &sp,
        idp: &idp,
        now: NOW,
        allow_sha1: false,
    };
    logout_request(&posted(xml), &expected)
}

#[test]
fn an_answer_that_is_signed_and_ours_counts() {
    let good = sign(&response(), "_l1");
    assert_eq!(answered(&good, NOW), Ok(()));
    let reason = |xml: &str| answered(xml, NOW).unwrap_err().reason().to_owned();
    assert_eq!(reason(&response()), "SAML Response signature is invalid");
    assert_eq!(reason(&good.replace(ID, "_x")), "SAML Response signature is invalid");
    let foreign = Signing::default().sign(&response(), "_l1", &OTHER_KEY);
    assert_eq!(reason(&foreign), "SAML Response signature is invalid");
    for (from, to, why) in [
        (ID, "_of-another-session", "InResponseTo does not match the request"),
        (SLO, ACS, "Destination is another"),
        (IDP, "https://other.example.org", "Issuer is not the identity provider"),
        ("status:Success", "status:Responder", "Status is not Success"),
        ("Version=\"2.0\"", "Version=\"1.1\"", "Version is not 2.0"),
        (
            &format!(" InResponseTo=\"{ID}\""),
            "",
            "InResponseTo does not match the request",
        ),
    ] {
        assert_eq!(reason(&sign(&response().replace(from, to), "_l1")), why, "{from}");
    }
    let late = answered(&good, NOW.plus(Duration::from_secs(361))).unwrap_err();
    assert_eq!(late.because(), "it is not of these minutes");
}

#[test]
fn a_request_names_whose_session_ends() {
    let good = asked(&sign(&request(), "_l2")).unwrap();
    assert_eq!(
        good,
        LogoutRequest {
            id: "_l2".to_owned(),
            name_id: "Ana.Example".to_owned(),
            format: Some("f".to_owned()),
            session_indexes: vec!["_s1".to_owned()],
        }
    );
    let unsigned = asked(&request()).unwrap_err();
    assert_eq!(unsigned.because(), "the message is not signed");
    let past = request().replace("2026-03-01T12:05:00Z", "2026-03-01T11:57:00Z");
    assert_eq!(
        asked(&sign(&past, "_l2")).unwrap_err().because(),
        "it is not valid any more"
    );
    // A response is no request, though it is signed; nor is a request that stands in something else.
    assert_eq!(
        asked(&sign(&response(), "_l1")).unwrap_err().because(),
        "it is another kind of message"
    );
    let inside = sign(&request(), "_l2");
    let around = request().replace("_l2", "_l3").replace(
        "<saml:NameID",
        &format!("<samlp:Extensions>{inside}</samlp:Extensions><saml:NameID"),
    );
    assert_eq!(
        asked(&around).unwrap_err().reason(),
        "SAML Response signature is invalid"
    );
    // Nor does an assertion sign what it was put into.
    let stolen = cut(&crate::testing::good(), "<saml:Assertion", "</saml:Assertion>").to_owned();
    let lent = request().replace("<saml:NameID", &format!("{stolen}<saml:NameID"));
    assert_eq!(asked(&lent).unwrap_err().because(), "the message is not signed");
}
