//! A key of an OAuth client's own: what it signs to show who it is (RFC 7523), or that it has the key (RFC 9449).

use aws_lc_rs::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};

pub struct ClientKey(Kind);

enum Kind {
    Es256(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

#[expect(clippy::expect_used, reason = "called by tests alone: that is how they fail")]
impl ClientKey {
    pub fn es256() -> Self {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING);
        Self(Kind::Es256(pair.expect("a key")))
    }

    pub fn ed25519() -> Self {
        Self(Kind::Ed25519(Ed25519KeyPair::generate().expect("a key")))
    }

    /// The public half.
    pub fn jwk(&self) -> Value {
        match &self.0 {
            Kind::Es256(pair) => {
                // Behind the octet that says that both coordinates follow.
                let (x, y) = pair.public_key().as_ref().split_at(33);
                json!({"kty": "EC", "crv": "P-256", "x": encode(x.get(1..).unwrap_or_default()), "y": encode(y)})
            }
            Kind::Ed25519(pair) => json!({"kty": "OKP", "crv": "Ed25519", "x": encode(pair.public_key().as_ref())}),
        }
    }

    /// A JWS whose header says besides what `header` says by which algorithm it was signed, unless that says another.
    pub fn signed(&self, header: Value, claims: &Value) -> String {
        let usual = match self.0 {
            Kind::Es256(_) => json!({"alg": "ES256"}),
            Kind::Ed25519(_) => json!({"alg": "EdDSA"}),
        };
        let header = crate::merged(usual, header);
        let text = format!("{}.{}", encode(header.to_string()), encode(claims.to_string()));
        let signature = match &self.0 {
            Kind::Es256(pair) => {
                let signature = pair.sign(&SystemRandom::new(), text.as_bytes());
                signature.expect("a signature").as_ref().to_vec()
            }
            Kind::Ed25519(pair) => pair.sign(text.as_bytes()).as_ref().to_vec(),
        };
        format!("{text}.{}", encode(signature))
    }

    /// A proof that the key is had (RFC 9449 section 4.2): with `claims` of the test's choice.
    pub fn proof(&self, claims: &Value) -> String {
        self.signed(json!({"typ": "dpop+jwt", "jwk": self.jwk()}), claims)
    }
}

fn encode(bytes: impl AsRef<[u8]>) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}
