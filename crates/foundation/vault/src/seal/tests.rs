use kernel::SystemRng;
use proptest::prelude::*;

use super::*;
use crate::testing::keyring;

const PLACE: &[&str] = &["users", "us-east-1_abcDEF123", "row"];

fn sealed() -> Vec<u8> {
    keyring()
        .seal(Purpose::SrpVerifier, PLACE, b"a verifier", &SystemRng)
        .unwrap()
}

#[test]
fn what_is_sealed_opens_again() {
    assert_eq!(
        keyring()
            .open(Purpose::SrpVerifier, PLACE, &sealed())
            .unwrap()
            .as_bytes(),
        b"a verifier"
    );
    let empty = keyring().seal(Purpose::ClientSecret, &[], b"", &SystemRng).unwrap();
    assert_eq!(empty.len(), 1 + 4 + NONCE_LEN + TAG_LEN);
    assert_eq!(
        keyring().open(Purpose::ClientSecret, &[], &empty).unwrap().as_bytes(),
        b""
    );
    assert_ne!(sealed(), sealed(), "the nonce is drawn each time");
}

#[test]
fn no_byte_can_be_changed_dropped_or_added() {
    let good = sealed();
    for n in 0..good.len() {
        for bit in 0..8 {
            let mut bad = good.clone();
            bad[n] ^= 1 << bit;
            let expected = match n {
                0 => OpenError::Malformed,
                1..5 => OpenError::UnknownKeyVersion(u32::from_be_bytes(bad[1..5].try_into().unwrap())),
                _ => OpenError::Forged,
            };
            assert_eq!(
                keyring().open(Purpose::SrpVerifier, PLACE, &bad).unwrap_err(),
                expected,
                "byte {n} bit {bit}"
            );
        }
        assert!(
            keyring().open(Purpose::SrpVerifier, PLACE, &good[..n]).is_err(),
            "first {n} bytes"
        );
    }
    let longer = [good.as_slice(), &[0]].concat();
    assert_eq!(
        keyring().open(Purpose::SrpVerifier, PLACE, &longer).unwrap_err(),
        OpenError::Forged
    );
}

#[test]
fn a_value_belongs_to_one_purpose_place_and_key_version() {
    let good = sealed();
    for purpose in Purpose::ALL {
        assert_eq!(
            keyring().open(*purpose, PLACE, &good).is_ok(),
            *purpose == Purpose::SrpVerifier,
            "{purpose:?}"
        );
    }
    for place in [
        &["users"] as &[&str],
        &["users", "us-east-1_abcDEF123", "other"],
        &[],
        &["usersus-east-1_abcDEF123row"],
    ] {
        assert_eq!(
            keyring().open(Purpose::SrpVerifier, place, &good).unwrap_err(),
            OpenError::Forged,
            "{place:?}"
        );
    }
    // The same header naming a version that exists but did not seal this.
    let mut rotated = keyring();
    rotated.rotate(&SystemRng);
    let mut renamed = good.clone();
    renamed[4] = 2;
    assert_eq!(
        rotated.open(Purpose::SrpVerifier, PLACE, &renamed).unwrap_err(),
        OpenError::Forged
    );
    assert!(rotated.open(Purpose::SrpVerifier, PLACE, &good).is_ok());
}

#[test]
fn a_token_expires() {
    let keyring = keyring();
    let at = Timestamp::from_secs(1_000);
    let token = keyring
        .seal_token(Purpose::Session, PLACE, Expiring { payload: b"state", at }, &SystemRng)
        .unwrap();
    let open = |millis| keyring.open_token(Purpose::Session, PLACE, &token, Timestamp::from_millis(millis));
    assert_eq!(open(999_999).unwrap().as_bytes(), b"state");
    assert_eq!(open(1_000_000).unwrap_err(), TokenError::Expired);
    assert_eq!(open(9_000_000).unwrap_err(), TokenError::Expired);

    // Expiry is told of genuine tokens only.
    let later = Timestamp::from_secs(5_000);
    assert_eq!(
        keyring.open_token(Purpose::Session, &["x"], &token, later).unwrap_err(),
        TokenError::Malformed
    );
    assert_eq!(
        keyring
            .open_token(Purpose::PageToken, PLACE, &token, later)
            .unwrap_err(),
        TokenError::Malformed
    );
    let bytes = keyring.seal(Purpose::Session, PLACE, b"short", &SystemRng).unwrap();
    let short = Purpose::Session.encode(&bytes);
    assert_eq!(
        keyring.open_token(Purpose::Session, PLACE, &short, at).unwrap_err(),
        TokenError::Malformed
    );
}

#[test]
fn tokens_travel_in_the_alphabet_of_their_purpose() {
    let keyring = keyring();
    let (at, now) = (Timestamp::from_secs(2), Timestamp::from_secs(1));
    for (purpose, allowed) in [
        (Purpose::SecretBlock, "+/="),
        (Purpose::SessionToken, "+/="),
        (Purpose::Session, "-_"),
    ] {
        let token = keyring
            .seal_token(
                purpose,
                PLACE,
                Expiring {
                    payload: &[0xff; 500],
                    at,
                },
                &SystemRng,
            )
            .unwrap();
        assert!(
            token.chars().all(|c| c.is_ascii_alphanumeric() || allowed.contains(c)),
            "{token}"
        );
        assert!(keyring.open_token(purpose, PLACE, &token, now).is_ok());
        // One spelling only: what differs in a character differs in value.
        for other in [format!("{token}="), format!(" {token}"), format!("{token}\n")] {
            assert_eq!(
                keyring.open_token(purpose, PLACE, &other, now).unwrap_err(),
                TokenError::Malformed
            );
        }
    }
}

proptest! {
    #[test]
    fn opening_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200), text in ".*") {
        let mut framed = vec![FORMAT, 0, 0, 0, 1];
        framed.extend_from_slice(&bytes);
        prop_assert!(keyring().open(Purpose::Session, PLACE, &bytes).is_err());
        prop_assert!(keyring().open(Purpose::Session, PLACE, &framed).is_err());
        prop_assert!(keyring().open_token(Purpose::Session, PLACE, &text, Timestamp::from_secs(0)).is_err());
    }

    #[test]
    fn any_plaintext_comes_back(bytes in proptest::collection::vec(any::<u8>(), 0..2000), place in ".*") {
        let sealed = keyring().seal(Purpose::OutboxMessage, &[&place], &bytes, &SystemRng).unwrap();
        let opened = keyring().open(Purpose::OutboxMessage, &[&place], &sealed).unwrap();
        prop_assert_eq!(opened.as_bytes(), bytes.as_slice());
    }
}
