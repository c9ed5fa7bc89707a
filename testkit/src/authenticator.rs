//! A passkey authenticator and the browser around it, in software: it answers the options of both ceremonies as
//! `PublicKeyCredential.toJSON()` prints it. What it says can be bent before it is signed.

use aws_lc_rs::{
    rand::SystemRandom,
    rsa::KeyPair as RsaKeyPair,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA256},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};

/// One credential on one device.
pub struct Authenticator {
    pub id: Vec<u8>,
    key: Key,
    counter: u32,
    /// Whether it counts: synced passkeys don't.
    pub counts: bool,
    user_handle: String,
}

enum Key {
    Es256(EcdsaKeyPair),
    Rs256(RsaKeyPair),
}

/// What an answer says, before it is signed.
pub struct Said {
    pub client_data: Value,
    /// Whose id the authenticator data is made for.
    pub relying_party: String,
    pub flags: u8,
    pub counter: u32,
    pub aaguid: [u8; 16],
    /// As COSE spells it; of registrations.
    pub public_key: Vec<u8>,
    pub transports: Vec<&'static str>,
    pub user_handle: String,
}

pub const USER_PRESENT: u8 = 0x01;
pub const USER_VERIFIED: u8 = 0x04;
pub const BACKUP_ELIGIBLE: u8 = 0x08;
pub const BACKED_UP: u8 = 0x10;
const ATTESTED: u8 = 0x40;

#[expect(clippy::expect_used, reason = "called by tests alone: that is how they fail")]
impl Authenticator {
    /// With an elliptic curve's key. `id` is the credential's.
    pub fn es256(id: &[u8]) -> Self {
        let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).expect("a key");
        Self::of(id, Key::Es256(key))
    }

    /// With an RSA key that is known to everybody.
    pub fn rs256(id: &[u8]) -> Self {
        let known = include_bytes!("../data/signing-key-8.der");
        Self::of(
            id,
            Key::Rs256(RsaKeyPair::from_pkcs8(known).expect("a key pair in PKCS#8")),
        )
    }

    fn of(id: &[u8], key: Key) -> Self {
        Self {
            id: id.to_vec(),
            key,
            counter: 0,
            counts: true,
            user_handle: String::new(),
        }
    }

    /// The answer to a registration's options, given on a page of `origin`.
    pub fn create(&mut self, options: &Value, origin: &str) -> Value {
        self.create_bent(options, origin, |_| {})
    }

    pub fn create_bent(&mut self, options: &Value, origin: &str, bend: impl FnOnce(&mut Said)) -> Value {
        self.user_handle = text(options, "/user/id");
        let mut said = self.said(options, ("webauthn.create", text(options, "/rp/id")), origin);
        bend(&mut said);
        let mut data = said.authenticator_data(said.flags | ATTESTED);
        data.extend(said.aaguid);
        data.extend(u16::try_from(self.id.len()).expect("a short id").to_be_bytes());
        data.extend(&self.id);
        data.extend(&said.public_key);
        let mut attestation = vec![0xa3];
        attestation.extend(cbor_text("fmt"));
        attestation.extend(cbor_text("none"));
        attestation.extend(cbor_text("attStmt"));
        attestation.push(0xa0);
        attestation.extend(cbor_text("authData"));
        attestation.extend(cbor_bytes(&data));
        json!({
            "id": encoded(&self.id),
            "rawId": encoded(&self.id),
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
            "response": {
                "clientDataJSON": encoded(said.client_data.to_string().as_bytes()),
                "attestationObject": encoded(&attestation),
                "authenticatorData": encoded(&data),
                "transports": said.transports,
            },
        })
    }

    /// The answer to a sign-in's options, given on a page of `origin`.
    pub fn sign(&mut self, options: &Value, origin: &str) -> Value {
        self.sign_bent(options, origin, |_| {})
    }

    pub fn sign_bent(&mut self, options: &Value, origin: &str, bend: impl FnOnce(&mut Said)) -> Value {
        let mut said = self.said(options, ("webauthn.get", text(options, "/rpId")), origin);
        bend(&mut said);
        let data = said.authenticator_data(said.flags);
        let client_data = said.client_data.to_string();
        let signed = [data.as_slice(), &sha256(client_data.as_bytes())].concat();
        json!({
            "id": encoded(&self.id),
            "rawId": encoded(&self.id),
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
            "response": {
                "clientDataJSON": encoded(client_data.as_bytes()),
                "authenticatorData": encoded(&data),
                "signature": encoded(&self.key.sign(&signed)),
                "userHandle": said.user_handle,
            },
        })
    }

    fn said(&mut self, options: &Value, (kind, relying_party): (&str, String), origin: &str) -> Said {
        self.counter += u32::from(self.counts);
        Said {
            client_data: json!({
                "type": kind,
                "challenge": text(options, "/challenge"),
                "origin": origin,
                "crossOrigin": false,
            }),
            relying_party,
            flags: USER_PRESENT | USER_VERIFIED,
            counter: self.counter,
            aaguid: [0; 16],
            public_key: self.key.cose(),
            transports: vec!["internal"],
            user_handle: self.user_handle.clone(),
        }
    }
}

impl Said {
    fn authenticator_data(&self, flags: u8) -> Vec<u8> {
        let mut data = sha256(self.relying_party.as_bytes());
        data.push(flags);
        data.extend(self.counter.to_be_bytes());
        data
    }
}

#[expect(clippy::expect_used, reason = "called by tests alone: that is how they fail")]
impl Key {
    fn cose(&self) -> Vec<u8> {
        match self {
            Self::Es256(pair) => {
                // 4, x, y: uncompressed.
                let (_, point) = pair.public_key().as_ref().split_at(1);
                let (x, y) = point.split_at(32);
                // {1: 2, 3: -7, -1: 1, -2: x, -3: y}
                let mut cose = vec![0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21];
                cose.extend(cbor_bytes(x));
                cose.push(0x22);
                cose.extend(cbor_bytes(y));
                cose
            }
            Self::Rs256(pair) => {
                let public = pair.public_key();
                // {1: 3, 3: -257, -1: n, -2: e}
                let mut cose = vec![0xa4, 0x01, 0x03, 0x03, 0x39, 0x01, 0x00, 0x20];
                cose.extend(cbor_bytes(public.modulus().big_endian_without_leading_zero()));
                cose.push(0x21);
                cose.extend(cbor_bytes(public.exponent().big_endian_without_leading_zero()));
                cose
            }
        }
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        let rng = SystemRandom::new();
        match self {
            Self::Es256(pair) => pair.sign(&rng, message).expect("a signature").as_ref().to_vec(),
            Self::Rs256(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &rng, message, &mut signature)
                    .expect("a signature");
                signature
            }
        }
    }
}

fn sha256(bytes: &[u8]) -> Vec<u8> {
    aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, bytes)
        .as_ref()
        .to_vec()
}

fn encoded(bytes: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

fn cbor_text(text: &str) -> Vec<u8> {
    cbor(0x60, text.as_bytes())
}

fn cbor_bytes(bytes: &[u8]) -> Vec<u8> {
    cbor(0x40, bytes)
}

/// Text or bytes of up to 64 KiB.
#[expect(clippy::expect_used, reason = "called by tests alone: that is how they fail")]
fn cbor(kind: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len()).expect("short content");
    let mut bytes = match length {
        0..=23 => vec![kind | u8::try_from(length).expect("below 24")],
        _ => [&[kind | 0x19], length.to_be_bytes().as_slice()].concat(),
    };
    bytes.extend(content);
    bytes
}

fn text(value: &Value, pointer: &str) -> String {
    crate::json::text(value, pointer)
}
