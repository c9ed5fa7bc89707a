//! Documents that other programs made: `fixtures/make.py`.

use kernel::Timestamp;

use crate::{Expected, IdentityProvider, Key, ServiceProvider, testing::REQUEST, verified};

use super::super::testing::{posted, sp};

/// Signed with RSA-SHA1 by xmlsec.
pub(super) const SHA1: &str = include_str!("fixtures/sha1.xml");
/// RSA with 1024 bits.
pub(super) const WEAK: &str = include_str!("fixtures/weak.txt");

pub(super) fn idp() -> IdentityProvider {
    IdentityProvider::read(include_str!("fixtures/metadata.xml")).unwrap()
}

pub(super) fn expected<'a>(sp: &'a ServiceProvider, idp: &'a IdentityProvider) -> Expected<'a> {
    Expected {
        sp,
        idp,
        in_response_to: Some(REQUEST),
        decryption: None,
        now: Timestamp::from_secs(1_772_366_400),
        allow_sha1: false,
    }
}

fn key() -> Key {
    let der = |text: &str| base64::Engine::decode(&base64::prelude::BASE64_STANDARD, text.trim()).unwrap();
    let certificate = der(include_str!("fixtures/sp-certificate.txt"));
    Key::new(certificate, der(include_str!("fixtures/sp-key.txt")).into())
}

#[test]
fn what_other_libraries_sign_is_taken() {
    let (sp, idp) = (sp(), idp());
    for xml in [
        include_str!("fixtures/assertion.xml"),
        include_str!("fixtures/response.xml"),
        include_str!("fixtures/both.xml"),
        include_str!("fixtures/signxml.xml"),
    ] {
        let assertion = verified(&posted(xml), &expected(&sp, &idp)).unwrap();
        assert_eq!(assertion.name_id, "Ana.Example", "{xml:.80}");
        assert_eq!(assertion.attributes["email"], ["ana@example.com"]);
    }
}

#[test]
fn what_other_libraries_encrypt_is_decrypted() {
    let (sp, idp) = (sp(), idp());
    let key = key();
    let opened = |xml: &str| {
        let expected = Expected {
            decryption: Some(&key),
            ..expected(&sp, &idp)
        };
        verified(&posted(xml), &expected)
    };
    let cbc = include_str!("fixtures/encrypted-cbc.xml");
    for xml in [cbc, include_str!("fixtures/encrypted-gcm.xml")] {
        assert_eq!(opened(xml).unwrap().name_id, "Ana.Example");
    }
    let refused = opened(include_str!("fixtures/encrypted-rsa15.xml")).unwrap_err();
    let changed = opened(&cbc.replacen("<xenc:CipherValue>", "<xenc:CipherValue>AAAA", 1)).unwrap_err();
    assert_eq!(refused, changed);
}
