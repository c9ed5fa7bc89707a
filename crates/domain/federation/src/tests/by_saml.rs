//! People who come from a provider of SAML. Its answers were signed by other programs (crates/domain/saml, fixtures).
//! Reference: oauth-and-federation 11.2, 11.3, 11.6.

use base64::{Engine, prelude::BASE64_STANDARD};
use kernel::{SystemRng, Timestamp};
use saml::{CERTIFICATE_LIFE, IdentityProvider, Key as SamlKey};

use super::{federation, map};
use crate::{Answer, Arrival, Kind, Leaving, Once, Provider, Refusal, Saml, SamlSession, Told, Visit};

/// 2026-03-01T12:00:00Z
const NOW: Timestamp = Timestamp::from_secs(1_772_366_400);
const ACS: &str = "https://login.example.com/saml2/idpresponse";

macro_rules! fixture {
    ($name:literal) => {
        include_str!(concat!("../../../saml/src/tests/fixtures/", $name))
    };
}

fn known() -> Saml {
    Saml {
        idp: IdentityProvider::read(fixture!("metadata.xml")).unwrap(),
        entity_id: "urn:amazon:cognito:sp:us-east-1_abcdefghi".to_owned(),
        signing: None,
        decryption: None,
    }
}

fn provider(saml: Saml) -> Provider {
    let none = map(&[]);
    Provider::read("Corp", Kind::Saml, &none, &none)
        .unwrap()
        .with_saml(saml)
}

fn visit() -> Visit {
    Visit {
        redirect_uri: ACS.to_owned(),
        request_id: Some("_0d5f5b8e-1f1b-4c1e-9c50-6f5a5ad6a3ee".to_owned()),
        ..Visit::default()
    }
}

fn back(saml: Saml, visit: &Visit, xml: &str) -> Result<Arrival, Refusal> {
    provider(saml).saml_response(visit, &BASE64_STANDARD.encode(xml), NOW)
}

/// The sentence that the app is told.
fn refused(saml: Saml, visit: &Visit, xml: &str) -> String {
    let refusal = back(saml, visit, xml).unwrap_err();
    assert_eq!(refusal.error, "invalid_request");
    refusal.description
}

fn our_key() -> SamlKey {
    let der = |text: &str| BASE64_STANDARD.decode(text.trim()).unwrap();
    SamlKey::new(der(fixture!("sp-certificate.txt")), der(fixture!("sp-key.txt")).into())
}

#[tokio::test]
async fn somebody_leaves_with_a_request_and_arrives_by_its_answer() {
    let (federation, known) = (federation(), provider(known()));
    let visit = federation.set_out(&known, ACS, &SystemRng, NOW).await.unwrap();
    assert_eq!(visit.redirect_uri, ACS);
    assert_eq!((visit.nonce.as_deref(), visit.verifier.as_deref()), (None, None));
    let id = visit.request_id.as_deref().unwrap();
    assert!(id.starts_with('_') && id.len() == 37, "{id}");
    let another = federation.set_out(&known, ACS, &SystemRng, NOW).await.unwrap();
    assert_ne!(another.request_id, visit.request_id);

    let to = known.saml_request(&visit, "sealed state", NOW).unwrap();
    assert!(
        to.starts_with("https://idp.example.org/metadata/sso?SAMLRequest="),
        "{to}"
    );
    assert!(to.ends_with("&RelayState=sealed%20state"), "{to}");

    let arrival = back(self::known(), &self::visit(), fixture!("response.xml")).unwrap();
    let said = map(&[("email", "ana@example.com"), ("name", "Äna & Söhne <x>")]);
    assert_eq!(arrival.subject, "Ana.Example");
    assert_eq!(arrival.attributes, said);
    assert!(arrival.told == Told::Saml(said));
    assert!(!arrival.has_verified_email, "whatever it says");
    let session = SamlSession {
        name_id: "Ana.Example".to_owned(),
        format: None,
        index: Some("_s1".to_owned()),
    };
    assert_eq!(arrival.saml, Some(session));
    let Some(Once { id, until }) = arrival.once else {
        panic!("it could be shown again");
    };
    assert!(id == "_a1" && until > NOW);
}

#[test]
fn a_request_is_signed_where_that_is_asked_for() {
    let signing = SamlKey::generate("us", NOW, CERTIFICATE_LIFE, &SystemRng).unwrap();
    let known = provider(Saml {
        signing: Some(signing),
        ..known()
    });
    let to = known.saml_request(&visit(), "", NOW).unwrap();
    assert!(
        to.contains("&SigAlg=http%3A%2F%2Fwww.w3.org%2F2001%2F04%2Fxmldsig-more%23rsa-sha256&Signature="),
        "{to}"
    );
}

#[test]
fn what_is_encrypted_is_taken_where_it_is_asked_for_and_there_alone() {
    let encrypts = || Saml {
        decryption: Some(our_key()),
        ..known()
    };
    let arrival = back(encrypts(), &visit(), fixture!("encrypted-gcm.xml")).unwrap();
    assert_eq!(arrival.subject, "Ana.Example");
    assert_eq!(
        refused(encrypts(), &visit(), fixture!("response.xml")),
        "Invalid SAML response received: Responses must contain exactly one Encrypted Assertion"
    );
    assert_eq!(
        refused(known(), &visit(), fixture!("encrypted-gcm.xml")),
        "Invalid SAML response received: Responses must contain exactly one Assertion"
    );
}

#[test]
fn an_answer_to_something_else_is_refused_in_awss_words() {
    let elsewhere = Visit {
        redirect_uri: "https://other.example.com/saml2/idpresponse".to_owned(),
        ..visit()
    };
    let later = Visit {
        request_id: Some("_another".to_owned()),
        ..visit()
    };
    let stranger = Saml {
        entity_id: "urn:amazon:cognito:sp:us-east-1_stranger1".to_owned(),
        ..known()
    };
    let changed = fixture!("response.xml").replace("Ana.Example", "Eve.Example");
    for (saml, visit, xml, reason) in [
        (known(), elsewhere, fixture!("response.xml"), "Destination is another"),
        (
            known(),
            later,
            fixture!("response.xml"),
            "InResponseTo does not match the request",
        ),
        (
            stranger,
            visit(),
            fixture!("response.xml"),
            "Audience restriction does not name this service provider",
        ),
        (known(), visit(), &changed, "SAML Response signature is invalid"),
        (
            known(),
            visit(),
            fixture!("sha1.xml"),
            "SAML Response signature is invalid",
        ),
        (known(), visit(), "no XML", "SAML message is not readable"),
    ] {
        let sentence = format!("Invalid SAML response received: {reason}");
        assert_eq!(refused(saml, &visit, xml), sentence);
    }
}

/// An answer that nobody asked for is none, though the protocol knows such: else whoever can sign in at the provider could
/// sign others in as themselves.
#[test]
fn a_visit_without_a_request_takes_no_answer() {
    let visit = Visit {
        request_id: None,
        ..visit()
    };
    let unasked = fixture!("response.xml").replace(" InResponseTo=", " Was=");
    for xml in [fixture!("response.xml"), &unasked] {
        assert_eq!(refused(known(), &visit, xml), "SAML request cannot be made");
    }
    let nowhere = provider(known()).saml_request(&visit, "", NOW);
    assert_eq!(nowhere.unwrap_err().description, "SAML request cannot be made");
}

#[tokio::test]
async fn the_protocols_do_not_mix() {
    let nowhere = federation()
        .address(&provider(known()), &visit(), &Leaving::default(), NOW)
        .await;
    assert_eq!(nowhere.unwrap_err().description, "SAML has no such answers");
    let code = Answer {
        code: Some("a code"),
        ..Answer::default()
    };
    let answered = federation().back(&provider(known()), &visit(), code, NOW).await;
    assert_eq!(answered.unwrap_err().description, "SAML has no such answers");
    let google = map(&[
        ("client_id", "us"),
        ("client_secret", "hush"),
        ("authorize_scopes", "email"),
    ]);
    let google = Provider::read("Google", Kind::Google, &google, &map(&[]))
        .unwrap()
        .with_saml(known());
    let response = BASE64_STANDARD.encode(fixture!("response.xml"));
    for answered in [
        google.saml_response(&visit(), &response, NOW),
        google.unasked_saml_response(ACS, &response, NOW),
    ] {
        assert_eq!(answered.unwrap_err().description, "Google has no such answers");
    }
    assert!(google.saml_request(&visit(), "", NOW).is_err());
}
