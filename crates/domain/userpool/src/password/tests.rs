//! How passwords are kept, apart from sign-in.

use kernel::{PoolId, Sub, SystemRng};
use vault::Keyring;

use super::{
    form,
    kept::{Kept, Owner},
};
use crate::pool::PasswordStore;

fn owner() -> Owner {
    Owner {
        pool: PoolId::new("us-east-1_abcDEF123"),
        sub: Sub::new("a-sub"),
        username: "ana".to_owned(),
    }
}

#[test]
fn what_is_sealed_opens_for_its_owner_alone() {
    let keyring = Keyring::generate(&SystemRng);
    for store in [PasswordStore::SrpVerifier, PasswordStore::Argon2id] {
        let kept = Kept::of(&owner(), "Passw0rd!", store, &SystemRng).unwrap();
        let sealed = kept.seal(&keyring, &owner(), &SystemRng).unwrap();
        let opened = Kept::open(&keyring, &owner(), &sealed).unwrap();
        assert!(opened.is_kept_in(store));
        assert!(opened.matches(&owner(), "Passw0rd!").unwrap());
        assert!(!opened.matches(&owner(), "passw0rd!").unwrap());
        let other = Owner {
            sub: Sub::new("another"),
            ..owner()
        };
        assert!(Kept::open(&keyring, &other, &sealed).is_err());
    }
}

#[test]
fn a_history_is_read_as_it_was_written() {
    let kinds = [
        PasswordStore::SrpVerifier,
        PasswordStore::Argon2id,
        PasswordStore::SrpVerifier,
    ];
    let all: Vec<Kept> = kinds
        .iter()
        .map(|store| Kept::of(&owner(), "Passw0rd!", *store, &SystemRng).unwrap())
        .collect();
    let read = form::decode_all(&form::encode_all(&all)).unwrap();
    assert_eq!(read.len(), 3);
    assert!(read.iter().zip(kinds).all(|(kept, store)| kept.is_kept_in(store)));
    assert!(read.iter().all(|kept| kept.matches(&owner(), "Passw0rd!").unwrap()));
}

#[test]
fn broken_forms_are_not_read() {
    for bytes in [&[][..], &[0], &[1], &[1, 200, 1], &[1, 1, 9], &[2, 0xff]] {
        assert!(form::decode(bytes).is_none(), "{bytes:?}");
    }
    assert!(form::decode_all(&[0]).is_none());
    assert!(form::decode_all(&[0, 9, 1]).is_none());
}
