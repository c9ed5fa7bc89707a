//! The form of refresh tokens. Reference: user-pools 8.4.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use kernel::SystemRng;
use vault::Keyring;

use super::*;
use crate::RefreshToken;

fn pool() -> PoolId {
    PoolId::new("eu-west-1_abcDEF123")
}

#[test]
fn it_looks_like_cognitos_and_names_its_family_under_seal() {
    let keyring = Keyring::generate(&SystemRng);
    let (text, minted) = RefreshToken::mint(&keyring, &pool(), "a-family", &SystemRng).unwrap();
    let parts: Vec<&str> = text.split('.').collect();
    assert_eq!(parts.len(), 5);
    let header: Value = serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(parts[0]).unwrap()).unwrap();
    assert_eq!(header, json!({"cty": "JWT", "enc": "A256GCM", "alg": "RSA-OAEP"}));
    assert!(text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_=.".contains(&b)));
    assert!(!text.contains("a-family") && !text.contains(&BASE64_URL_SAFE_NO_PAD.encode("a-family")));
    assert_eq!(minted.family, "a-family");
    assert_eq!(minted.digest, vault::sha256(text.as_bytes()));
    assert_eq!(RefreshToken::read(&keyring, &pool(), &text), Some(minted));

    let (another, _) = RefreshToken::mint(&keyring, &pool(), "a-family", &SystemRng).unwrap();
    for (one, other) in text.split('.').zip(another.split('.')).skip(1) {
        assert_ne!(one, other);
    }
}

#[test]
fn what_was_not_issued_for_the_pool_is_not_read() {
    let keyring = Keyring::generate(&SystemRng);
    let (text, minted) = RefreshToken::mint(&keyring, &pool(), "a-family", &SystemRng).unwrap();
    let other_pool = PoolId::new("eu-west-1_other0000");
    assert_eq!(RefreshToken::read(&keyring, &other_pool, &text), None);
    assert_eq!(RefreshToken::read(&Keyring::generate(&SystemRng), &pool(), &text), None);
    let parts: Vec<&str> = text.split('.').collect();
    for bad in [
        "",
        "a.b.c.d.e",
        &parts[..4].join("."),
        &format!("{text}.x"),
        &text.replace(parts[1], "AAAA"),
    ] {
        assert_eq!(RefreshToken::read(&keyring, &pool(), bad), None, "{bad}");
    }
    // What is not under the seal is in the digest.
    let changed = text.replace(parts[3], "AAAA");
    let read = RefreshToken::read(&keyring, &pool(), &changed).unwrap();
    assert_eq!(read.family, "a-family");
    assert_ne!(read.digest, minted.digest);
}

#[test]
fn a_successor_is_one_and_needs_the_keyring() {
    let keyring = Keyring::generate(&SystemRng);
    let (first, minted) = RefreshToken::mint(&keyring, &pool(), "a-family", &SystemRng).unwrap();
    let (second, successor) = minted.successor(&keyring, &pool()).unwrap();
    assert_eq!(
        minted.successor(&keyring, &pool()).unwrap(),
        (second.clone(), successor.clone())
    );
    assert_eq!(RefreshToken::read(&keyring, &pool(), &second), Some(successor.clone()));
    assert_ne!(first, second);
    assert_ne!(successor.successor(&keyring, &pool()).unwrap().0, second);
    assert_ne!(
        minted.successor(&Keyring::generate(&SystemRng), &pool()).unwrap().0,
        second
    );

    let (_, sibling) = RefreshToken::mint(&keyring, &pool(), "a-family", &SystemRng).unwrap();
    assert_ne!(sibling.successor(&keyring, &pool()).unwrap().0, second);
}

#[test]
fn a_new_version_of_the_keyring_changes_no_successor() {
    let mut keyring = Keyring::generate(&SystemRng);
    let (text, minted) = RefreshToken::mint(&keyring, &pool(), "a-family", &SystemRng).unwrap();
    let before = minted.successor(&keyring, &pool()).unwrap();
    keyring.rotate(&SystemRng);
    let read = RefreshToken::read(&keyring, &pool(), &text).unwrap();
    assert_eq!(read, minted);
    assert_eq!(read.successor(&keyring, &pool()).unwrap(), before);

    // The successor's own successor stays the same as well, and what begins now begins under the new version.
    let next = before.1.successor(&keyring, &pool()).unwrap();
    let (young, _) = RefreshToken::mint(&keyring, &pool(), "a-family", &SystemRng).unwrap();
    keyring.rotate(&SystemRng);
    assert_eq!(before.1.successor(&keyring, &pool()).unwrap(), next);
    let young = RefreshToken::read(&keyring, &pool(), &young).unwrap();
    assert_ne!(young.successor(&keyring, &pool()).unwrap().0, next.0);
}
