//! Encrypted assertions. Reference: oauth-and-federation 11.3 (7), 17.5.

use crate::{Assertion, Expected, Key, testing::*, verified};

const GCM: &str = "http://www.w3.org/2009/xmlenc11#aes256-gcm";
const CBC: &str = "http://www.w3.org/2001/04/xmlenc#aes128-cbc";
const OAEP: &str = "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p";
const RSA_1_5: &str = "http://www.w3.org/2001/04/xmlenc#rsa-1_5";

fn opened(xml: &str, key: &Key) -> Result<Assertion, (String, String)> {
    let (sp, idp) = (sp(), idp());
    let expected = Expected {
        decryption: Some(key),
        ..expected(&sp, &idp)
    };
    let judged = verified(&posted(xml), &expected);
    judged.map_err(|refusal| (refusal.reason().to_owned(), refusal.because().to_owned()))
}

fn signed_assertion() -> String {
    cut(&good(), "<saml:Assertion", "</saml:Assertion>").to_owned()
}

#[test]
fn a_signed_assertion_is_decrypted() {
    for cipher in [GCM, CBC, "http://www.w3.org/2001/04/xmlenc#aes256-cbc"] {
        let xml = enveloped(&encrypted(&signed_assertion(), cipher, OAEP, &SP_KEY));
        let assertion = opened(&xml, &SP_KEY).unwrap();
        assert_eq!(assertion, judged(&good()).unwrap(), "{cipher}");
    }
}

#[test]
fn an_unsigned_assertion_counts_in_a_signed_response() {
    let xml = enveloped(&encrypted(&assertion(), GCM, OAEP, &SP_KEY));
    assert_eq!(opened(&sign(&xml, "_r1"), &SP_KEY).unwrap().name_id, "Ana.Example");
    assert!(opened(&xml, &SP_KEY).is_err(), "anybody can encrypt");
}

#[test]
fn prefixes_may_be_declared_outside() {
    let bare = signed_assertion().replace("xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" ", "");
    let xml = enveloped(&encrypted(&bare, CBC, OAEP, &SP_KEY));
    assert_eq!(opened(&xml, &SP_KEY).unwrap().name_id, "Ana.Example");
}

#[test]
fn a_key_beside_the_data_is_found() {
    let whole = encrypted(&signed_assertion(), GCM, OAEP, &SP_KEY);
    let key = cut(&whole, "<xenc:EncryptedKey", "</xenc:EncryptedKey>").to_owned();
    let beside = key.replace(
        "<xenc:EncryptedKey",
        "<xenc:EncryptedKey xmlns:xenc=\"http://www.w3.org/2001/04/xmlenc#\"",
    );
    let moved = whole.replace(&key, "").replace(
        "</saml:EncryptedAssertion>",
        &format!("{beside}</saml:EncryptedAssertion>"),
    );
    assert_eq!(opened(&enveloped(&moved), &SP_KEY).unwrap().name_id, "Ana.Example");
}

#[test]
fn exactly_one_encrypted_assertion_where_they_are_asked_for() {
    let one = encrypted(&signed_assertion(), GCM, OAEP, &SP_KEY);
    let reason = "Responses must contain exactly one Encrypted Assertion";
    for xml in [
        good(),
        enveloped(&one.repeat(2)),
        enveloped(&format!("{one}{}", assertion())),
        enveloped(""),
    ] {
        assert_eq!(opened(&xml, &SP_KEY).unwrap_err().0, reason);
    }
    // And none where they are not.
    assert_eq!(
        judged(&enveloped(&one)).unwrap_err(),
        "Responses must contain exactly one Assertion"
    );
}

#[test]
fn whatever_is_wrong_with_a_ciphertext_sounds_alike() {
    let good = encrypted(&signed_assertion(), CBC, OAEP, &SP_KEY);
    let cipher = |xml: &str| {
        let value = xml.rfind("<xenc:CipherValue>").unwrap() + "<xenc:CipherValue>".len();
        (xml[..value].to_owned(), xml[value..].to_owned())
    };
    let (before, after) = cipher(&good);
    let swapped = |byte: char| if byte == 'A' { 'B' } else { 'A' };
    let first = after.chars().next().unwrap();
    let inner = |plaintext: &str| encrypted(plaintext, CBC, OAEP, &SP_KEY);
    let truncated = format!(
        "{before}AAAA</xenc:CipherValue>{}",
        &after[after.find("</xenc:CipherValue>").unwrap() + 19..]
    );
    let cases = [
        encrypted(&signed_assertion(), CBC, OAEP, &OTHER_KEY),
        format!("{before}{}{}", swapped(first), &after[1..]),
        truncated,
        good.replace(OAEP, RSA_1_5),
        good.replace(CBC, "http://www.w3.org/2001/04/xmlenc#tripledes-cbc"),
        inner("no xml"),
        inner("<!DOCTYPE x>"),
        inner(&assertion()),
        inner(&signed_assertion().replace("Ana.Example", "Eva.Example")),
        inner(&signed_assertion().repeat(2)),
        inner(&Signing::default().sign(&assertion(), "_a1", &OTHER_KEY)),
        inner(&format!("</x>{}", signed_assertion())),
        inner(&format!("{}<evil/>", signed_assertion())),
        good.replace(
            "<xenc:CipherData>",
            "<xenc:CipherData><xenc:CipherReference URI=\"http://evil.example.com\"/>",
        )
        .replace("CipherValue", "CipherValues"),
        good.replace("</xenc:EncryptedKey>", "</xenc:EncryptedKey><xenc:EncryptedKey/>"),
    ];
    let told: Vec<(String, String)> = cases
        .iter()
        .map(|case| opened(&enveloped(case), &SP_KEY).unwrap_err())
        .collect();
    assert!(told.iter().all(|one| *one == told[0]), "{told:?}");
    assert_eq!(told[0].0, "SAML Response signature is invalid");
}

#[test]
fn a_ciphertext_that_was_put_into_a_signed_response() {
    let xml = sign(&enveloped(&encrypted(&assertion(), GCM, OAEP, &SP_KEY)), "_r1");
    let evil = encrypted(&assertion().replace("Ana.Example", "admin"), GCM, OAEP, &SP_KEY);
    let swapped = xml.replace(
        cut(&xml, "<saml:EncryptedAssertion", "</saml:EncryptedAssertion>"),
        &evil,
    );
    assert_eq!(
        opened(&swapped, &SP_KEY).unwrap_err().0,
        "SAML Response signature is invalid"
    );
}
