//! What is written is read back, as whoever has the key reads it; and the reader is held against a message of AWS's own SDK.

use base64::{Engine, prelude::BASE64_STANDARD};
use kernel::SystemRng;
use proptest::prelude::*;

use super::{
    key::Wrapped,
    reader::{decrypt, pairs, parts},
    *,
};
use crate::{Keyring, testing::keyring};

const ARN: &str = "arn:aws:kms:us-east-1:123456789012:key/4d0f6d5e-8d1c-4b1c-9a39-6f3c2f1f8a01";

/// Of aws-encryption-sdk 4.0.7 (Python) with the raw AES key 00 01 … 1f, named `berth` in our namespace.
const OF_THE_SDK: &str = "AYADeMuDYkLgVqBTbhlid3N2zMEAgQACABVhd3MtY3J5cHRvLXB1YmxpYy1rZXkAREF6M21HUVBFNmFNTUlpaWJSUUQva1hlT0JYRlp4cktKUVVPZHUyNDVIS0hWamdxbTJrY1FjVGk3NC9yRjFlNGVWUT09AAt1c2VycG9vbC1pZAATdXMtZWFzdC0xX0FiQ2RFZkdoSQABAAlwb29saG91c2UAGWJlcnRoAAAAgAAAAAxLRCmBmvdNCb4tOkAAMNyuJ7HGHHObgMVz6+imAhi3pmVl10KbcqqUh73DU1hoIaEDew+NGGNqxePu+lEElwIAAAAADAAAEAAAAAAAAAAAAAAAAACS/II8g12yCoAyhw33D2v0/////wAAAAEAAAAAAAAAAAAAAAEAAAAG0NCpgipOPMeTVo8Yyjy27+sOZqYwMgBnMGUCMQD/kP7Id72JnxGF86imSYbbc6va6jTG6snVzjHf0oyaECXkiTGuEhzdu3TmiX70q4kCMAaIUs4JefDoa017nFAJ70KiVy7Thz9ziNEUT+2lNgARPpppAOlIIzbjQfVEr8ogjQ==";

fn pool() -> Context {
    Context::from([("userpool-id".to_owned(), "us-east-1_AbCdEfGhI".to_owned())])
}

#[test]
fn a_message_of_the_sdk_is_read_and_its_header_is_ours() {
    let message = BASE64_STANDARD.decode(OF_THE_SDK).unwrap();
    let key = WrappingKey::named("berth", std::array::from_fn(|n| u8::try_from(n).unwrap()));
    assert_eq!(decrypt(&key, &message), Some((b"048213".to_vec(), pool())));

    let read = parts(&message).unwrap();
    assert_eq!(header::context(&pairs(read.context).unwrap()).unwrap(), read.context);
    let mut info = b"berth\0\0\0\x80\0\0\0\x0c".to_vec();
    info.extend_from_slice(&read.iv);
    let wrapped = Wrapped {
        namespace: key.namespace(),
        info,
        ciphertext: read.wrapped.to_vec(),
    };
    assert_eq!(header::header(&read.id, read.context, &wrapped).unwrap(), read.header);
    assert_eq!(suite::frame_iv(1), read.body_iv);
}

#[test]
fn what_is_encrypted_is_decrypted_by_its_key_alone() {
    let keyring = keyring();
    let key = keyring.kms_key(ARN);
    for plaintext in [&b"048213"[..], b"", &[7; 4096]] {
        let message = encrypt(&key, &pool(), plaintext, &SystemRng).unwrap();
        assert_eq!(decrypt(&key, &message), Some((plaintext.to_vec(), pool())));
        for other in [
            keyring.kms_key(&ARN.replace("us", "eu")),
            Keyring::generate(&SystemRng).kms_key(ARN),
        ] {
            assert_eq!(decrypt(&other, &message), None);
        }
    }
    assert_eq!(encrypt(&key, &pool(), &[7; 4097], &SystemRng), Err(EncryptError));
}

#[test]
fn two_messages_have_nothing_in_common() {
    let key = keyring().kms_key(ARN);
    let encrypt = || encrypt(&key, &pool(), b"048213", &SystemRng).unwrap();
    let (one, other) = (encrypt(), encrypt());
    let (one, other) = (parts(&one).unwrap(), parts(&other).unwrap());
    assert_ne!(one.id, other.id);
    assert_ne!(one.context, other.context);
    assert_ne!(one.iv, other.iv);
    assert_ne!(one.wrapped, other.wrapped);
    assert_ne!(one.body, other.body);
}

#[test]
fn each_version_of_the_keyring_has_its_key() {
    let mut keyring = keyring();
    let before = keyring.kms_key(ARN);
    assert_eq!(before.name(), format!("{ARN};keyring=1;"));
    for _ in 0..9 {
        keyring.rotate(&SystemRng);
    }
    let all = keyring.kms_keys(ARN);
    assert_eq!(all.len(), 10);
    assert_eq!(all[0].name(), keyring.kms_key(ARN).name());
    assert_eq!(all[0].name(), format!("{ARN};keyring=10;"));
    let same = all.iter().find(|key| key.name() == before.name()).unwrap();
    assert_eq!(same.bytes(), before.bytes());
    for one in &all {
        let begins = |other: &&WrappingKey| other.name().starts_with(one.name());
        assert_eq!(all.iter().filter(begins).count(), 1);
    }
    assert_eq!(format!("{before:?}"), format!("WrappingKey({ARN};keyring=1;)"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_changed_byte_is_noticed(at in any::<prop::sample::Index>(), change in 1_u8..) {
        let key = keyring().kms_key(ARN);
        let mut message = encrypt(&key, &pool(), b"048213", &SystemRng).unwrap();
        let at = at.index(message.len());
        message[at] ^= change;
        prop_assert_eq!(decrypt(&key, &message), None);
    }
}
