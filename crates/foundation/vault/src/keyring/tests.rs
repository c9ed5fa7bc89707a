use kernel::SystemRng;
use proptest::prelude::*;

use super::*;
use crate::{Expiring, Purpose};

/// Two versions of known bytes, the second one current.
const TEXT: &str = r#"{
  "format": "poolhouse-keyring-1",
  "current": 2,
  "keys": {
    "1": "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=",
    "2": "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI="
  }
}
"#;

#[test]
fn the_text_is_read_and_written_alike() {
    let keyring = Keyring::parse(TEXT).unwrap();
    assert_eq!(keyring.current_version(), 2);
    assert_eq!(keyring.to_text().as_str(), TEXT);

    let generated = Keyring::generate(&SystemRng);
    let again = Keyring::parse(generated.to_text().as_str()).unwrap();
    assert_eq!(again.check_value(), generated.check_value());
    assert_ne!(Keyring::generate(&SystemRng).check_value(), generated.check_value());
}

#[test]
fn derived_keys_never_change() {
    // Computed with Python's hmac: HKDF-SHA256(salt "poolhouse keyring 1", 32 bytes of 0x02, info), 32 bytes.
    let keyring = Keyring::parse(TEXT).unwrap();
    assert_eq!(
        hex::encode(keyring.current().derive(Purpose::Session.label()).as_slice()),
        "5ec68896625d98519b0a82d328a453eb3865b4a0a29e5f5de65f932ee77d7912"
    );
    assert!(
        keyring
            .check_value()
            .ends_with(",2:a1e6645e6113aa2faf2e60de77731803a5862f6ee4750e97ecc73d22677980c9")
    );
}

#[test]
fn what_is_no_keyring_is_refused_without_quoting_it() {
    let cases = [
        ("", KeyringError::Syntax { line: 1, column: 0 }),
        (&TEXT.replace("keyring-1", "keyring-2"), KeyringError::Format),
        (
            &TEXT.replace("\"current\": 2", "\"current\": 3"),
            KeyringError::NoCurrent(3),
        ),
        (&TEXT.replace("AgIC", "Ag=="), KeyringError::BadKey(2)),
        (&TEXT.replace("AgICAgIC", "AgIC"), KeyringError::BadKey(2)),
        (&TEXT.replace("\"1\":", "\"0\":"), KeyringError::BadKey(0)),
    ];
    for (text, expected) in cases {
        assert_eq!(Keyring::parse(text).unwrap_err(), expected, "{text}");
    }
    let misplaced = TEXT.replace("\"current\": 2", "\"current\": \"hidden-secret\"");
    let error = Keyring::parse(&misplaced).unwrap_err();
    assert!(!format!("{error} {error:?}").contains("hidden"), "{error:?}");
    assert!(Keyring::parse(&TEXT.replace("\"current\"", "\"extra\": 1, \"current\"")).is_err());
}

#[test]
fn debug_shows_numbers_only() {
    assert_eq!(
        format!("{:?}", Keyring::parse(TEXT).unwrap()),
        "Keyring { current: 2, versions: [2, 1], .. }"
    );
}

#[test]
fn rotation_keeps_what_was_sealed_readable() {
    let mut keyring = Keyring::generate(&SystemRng);
    let before = keyring.seal(Purpose::SecretKey, &["row"], b"kept", &SystemRng).unwrap();
    let old = Keyring::parse(keyring.to_text().as_str()).unwrap();
    keyring.rotate(&SystemRng);
    keyring.rotate(&SystemRng);
    assert_eq!(keyring.current_version(), 3);

    let keyring = Keyring::parse(keyring.to_text().as_str()).unwrap();
    assert_eq!(
        keyring.open(Purpose::SecretKey, &["row"], &before).unwrap().as_bytes(),
        b"kept"
    );
    let after = keyring.seal(Purpose::SecretKey, &["row"], b"new", &SystemRng).unwrap();
    assert_eq!(
        old.open(Purpose::SecretKey, &["row"], &after).unwrap_err(),
        crate::OpenError::UnknownKeyVersion(3)
    );
}

#[test]
fn a_keyring_as_of_a_version_seals_under_it_and_opens_all() {
    let mut keyring = Keyring::generate(&SystemRng);
    keyring.rotate(&SystemRng);
    keyring.rotate(&SystemRng);
    let second = keyring.as_of(2).unwrap();
    assert_eq!(second.current_version(), 2);
    assert_eq!(second.check(&keyring.check_value()), Ok(KeyringCheck::Same));
    let token = second
        .seal_token(
            Purpose::Session,
            &[],
            Expiring {
                payload: b"x",
                at: kernel::Timestamp::from_secs(1),
            },
            &SystemRng,
        )
        .unwrap();
    assert_eq!(crate::sealed_under(Purpose::Session, &token), Some(2));
    for reader in [&keyring, &second, &keyring.as_of(3).unwrap()] {
        let opened = reader.open_token(Purpose::Session, &[], &token, kernel::Timestamp::from_secs(0));
        assert_eq!(opened.unwrap().as_bytes(), b"x");
    }
    assert!(keyring.as_of(4).is_none() && keyring.as_of(0).is_none());
    assert_eq!(crate::sealed_under(Purpose::Session, "no token"), None);
}

#[test]
fn the_database_knows_its_keyring() {
    let mut keyring = Keyring::generate(&SystemRng);
    let stored = keyring.check_value();
    assert_eq!(keyring.check(&stored), Ok(KeyringCheck::Same));
    assert_eq!(
        Keyring::generate(&SystemRng).check(&stored),
        Err(KeyringMismatch::Different(1))
    );

    let old = Keyring::parse(keyring.to_text().as_str()).unwrap();
    keyring.rotate(&SystemRng);
    assert_eq!(keyring.check(&stored), Ok(KeyringCheck::Extended));
    assert_eq!(old.check(&keyring.check_value()), Err(KeyringMismatch::Missing(2)));
    for garbage in ["", "1", "x:00", "1:zz", &format!("{stored},")] {
        assert_eq!(old.check(garbage), Err(KeyringMismatch::Unreadable), "{garbage}");
    }
}

proptest! {
    #[test]
    fn parsing_never_panics(text in ".*", cut in 0..TEXT.len(), byte in any::<u8>()) {
        let keyring = Keyring::parse(TEXT).unwrap();
        prop_assert!(Keyring::parse(&text).is_err());
        let _ = keyring.check(&text);
        let mut changed = TEXT.as_bytes().to_vec();
        changed[cut] = byte;
        let _ = Keyring::parse(&String::from_utf8_lossy(&changed));
    }
}
