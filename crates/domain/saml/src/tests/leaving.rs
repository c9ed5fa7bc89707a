//! What we send browsers away with, and our own metadata.

use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use base64::{Engine, prelude::BASE64_STANDARD};
use bergshamra::keys::loader::load_x509_cert_der;
use kernel::SystemRng;
use percent_encoding::percent_decode_str;

use crate::{
    Answer, IdentityProvider, Key, Logout, Request, answer_address, logout_address, metadata, names::ASSERTION,
    names::PROTOCOL, request_id, sign_in_address, testing::*,
};

const RELAY: &str = "v1.a+b/c=&d é";

fn parameter(address: &str, name: &str) -> Option<String> {
    let query = address.split_once('?')?.1;
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let found = pairs.find(|(key, _)| *key == name)?.1;
    Some(percent_decode_str(found).decode_utf8().unwrap().into_owned())
}

fn message(address: &str, name: &str) -> String {
    let deflated = BASE64_STANDARD.decode(parameter(address, name).unwrap()).unwrap();
    String::from_utf8(miniz_oxide::inflate::decompress_to_vec(&deflated).unwrap()).unwrap()
}

fn is_signed(address: &str, key: &Key, from: &str) {
    let signed = &address[address.find(from).unwrap()..address.find("&Signature=").unwrap()];
    let signature = BASE64_STANDARD
        .decode(parameter(address, "Signature").unwrap())
        .unwrap();
    assert_eq!(
        parameter(address, "SigAlg").as_deref(),
        Some("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256")
    );
    let public = load_x509_cert_der(&key.certificate).unwrap().to_spki_der().unwrap();
    UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, public)
        .verify(signed.as_bytes(), &signature)
        .unwrap();
}

#[test]
fn a_request_to_sign_in() {
    let request = Request {
        id: "_1",
        relay_state: RELAY,
        now: NOW,
        signing: None,
    };
    let plain = sign_in_address(&idp(), &sp(), &request).unwrap();
    assert!(plain.starts_with("https://idp.example.org/sso?SAMLRequest="));
    assert_eq!(parameter(&plain, "RelayState").as_deref(), Some(RELAY));
    assert_eq!(parameter(&plain, "Signature"), None);
    assert_eq!(
        message(&plain, "SAMLRequest"),
        format!(
            r#"<samlp:AuthnRequest xmlns:samlp="{PROTOCOL}" ID="_1" Version="2.0" IssueInstant="2026-03-01T12:00:00Z" Destination="https://idp.example.org/sso" AssertionConsumerServiceURL="{ACS}" ProtocolBinding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"><saml:Issuer xmlns:saml="{ASSERTION}">{SP}</saml:Issuer></samlp:AuthnRequest>"#
        )
    );
    let signed = sign_in_address(
        &idp(),
        &sp(),
        &Request {
            signing: Some(&SP_KEY),
            ..request
        },
    )
    .unwrap();
    assert!(signed.starts_with(&plain));
    is_signed(&signed, &SP_KEY, "SAMLRequest=");
}

#[test]
fn ids_are_random_and_begin_with_a_letter() {
    let id = request_id(&SystemRng);
    assert_eq!((id.len(), id.starts_with('_'), id.as_bytes()[15]), (37, true, b'4'));
    assert_ne!(id, request_id(&SystemRng));
}

#[test]
fn a_logout_is_signed_and_names_the_session() {
    let logout = Logout {
        id: "_2",
        relay_state: RELAY,
        now: NOW,
        name_id: "a<b>&",
        format: Some("f"),
        session_index: Some("_s1"),
        key: &SP_KEY,
    };
    let address = logout_address(&idp(), &sp(), &logout).unwrap().unwrap();
    assert!(address.starts_with("https://idp.example.org/slo?tenant=1&SAMLRequest="));
    is_signed(&address, &SP_KEY, "SAMLRequest=");
    assert_eq!(
        message(&address, "SAMLRequest"),
        format!(
            r#"<samlp:LogoutRequest xmlns:samlp="{PROTOCOL}" xmlns:saml="{ASSERTION}" ID="_2" Version="2.0" IssueInstant="2026-03-01T12:00:00Z" Destination="https://idp.example.org/slo?tenant=1"><saml:Issuer>{SP}</saml:Issuer><saml:NameID Format="f">a&lt;b&gt;&amp;</saml:NameID><samlp:SessionIndex>_s1</samlp:SessionIndex></samlp:LogoutRequest>"#
        )
    );
    let without = IdentityProvider { slo: None, ..idp() };
    assert_eq!(logout_address(&without, &sp(), &logout), Ok(None));
}

#[test]
fn an_answer_goes_where_answers_go() {
    let answer = Answer {
        id: "_3",
        in_response_to: "_theirs",
        relay_state: None,
        now: NOW,
        key: &SP_KEY,
    };
    let address = answer_address(&idp(), &sp(), &answer).unwrap().unwrap();
    assert!(address.starts_with("https://idp.example.org/slo/done?SAMLResponse="));
    is_signed(&address, &SP_KEY, "SAMLResponse=");
    assert_eq!(parameter(&address, "RelayState"), None);
    let message = message(&address, "SAMLResponse");
    assert!(message.contains(r#"InResponseTo="_theirs"><saml:Issuer>urn:amazon:cognito:sp:us-east-1_abcdefghi</saml:Issuer><samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/>"#));
}

#[test]
fn our_metadata_says_where_and_by_which_keys() {
    let document = metadata(&sp(), &[vec![1, 2, 3]], Some(&[4, 5, 6]));
    for said in [
        format!("entityID=\"{SP}\""),
        format!(
            "<md:SingleLogoutService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\" Location=\"{SLO}\"/>"
        ),
        format!("Location=\"{ACS}\" index=\"0\" isDefault=\"true\"/>"),
        "<md:KeyDescriptor use=\"signing\"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>AQID<".to_owned(),
        "<md:KeyDescriptor use=\"encryption\"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>BAUG<".to_owned(),
    ] {
        assert!(document.contains(&said), "{said}");
    }
    crate::xml::Element::read(&document).unwrap();
}
