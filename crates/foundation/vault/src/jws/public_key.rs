//! Public keys of others, as JWKs carry them (RFC 7517, RFC 7518 section 6, RFC 8037), and their thumbprints (RFC 7638).

use std::fmt;

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ED25519, RsaPublicKeyComponents, UnparsedPublicKey,
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Map, Value};

use super::{Signature, compact::decode};
use crate::hash;

/// A key that nothing but signatures are checked with. RSA has 2048 bits at the least.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey {
    kid: Option<String>,
    /// The one algorithm that it is for, where it says so.
    algorithm: Option<Signature>,
    kind: Kind,
}

#[derive(Clone, PartialEq, Eq)]
enum Kind {
    Rsa {
        n: Vec<u8>,
        e: Vec<u8>,
    },
    /// The coordinates.
    Ec {
        curve: Curve,
        x: Vec<u8>,
        y: Vec<u8>,
    },
    Ed25519(Vec<u8>),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Curve {
    P256,
    P384,
}

/// Why a JWK is no key that is taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Unusable {
    /// Whoever sends it gives its secret away.
    #[error("it holds a private or shared key")]
    Private,
    #[error("it is of a kind, a curve, a length or a use that is not taken, or malformed")]
    Unknown,
}

/// Members that no public key has. RFC 7518 sections 6.2.2, 6.3.2, 6.4.1.
const SECRETS: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// Octets of RSA's modulus.
const MODULUS: std::ops::RangeInclusive<usize> = 256..=1024;

impl PublicKey {
    pub fn read(jwk: &Map<String, Value>) -> Result<Self, Unusable> {
        if SECRETS.iter().any(|name| jwk.contains_key(*name)) {
            return Err(Unusable::Private);
        }
        let text = |name: &str| jwk.get(name).and_then(Value::as_str);
        let is_for_signatures = match (jwk.get("use"), jwk.get("key_ops")) {
            (Some(usage), _) if usage != "sig" => false,
            (_, Some(Value::Array(operations))) => operations.iter().any(|operation| operation == "verify"),
            (_, operations) => operations.is_none(),
        };
        let kind = Kind::read(jwk).filter(|_| is_for_signatures).ok_or(Unusable::Unknown)?;
        let algorithm = match jwk.get("alg") {
            None => None,
            Some(_) => Some(text("alg").and_then(Signature::named).ok_or(Unusable::Unknown)?),
        };
        if algorithm.is_some_and(|algorithm| !kind.suits(algorithm)) {
            return Err(Unusable::Unknown);
        }
        Ok(Self {
            kid: text("kid").map(str::to_owned),
            algorithm,
            kind,
        })
    }

    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// Whether it may have signed by this algorithm.
    pub fn suits(&self, algorithm: Signature) -> bool {
        self.algorithm.is_none_or(|own| own == algorithm) && self.kind.suits(algorithm)
    }

    /// SHA-256 of its canonical form, in base64url: `jkt`.
    pub fn thumbprint(&self) -> String {
        let text = |bytes: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(bytes);
        // Members in the order of their names and no blanks (RFC 7638 section 3).
        let canonical = match &self.kind {
            Kind::Rsa { n, e } => format!(r#"{{"e":"{}","kty":"RSA","n":"{}"}}"#, text(e), text(n)),
            Kind::Ec { curve, x, y } => format!(
                r#"{{"crv":"{}","kty":"EC","x":"{}","y":"{}"}}"#,
                curve.name(),
                text(x),
                text(y)
            ),
            Kind::Ed25519(x) => format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#, text(x)),
        };
        text(&hash::sha256(&[canonical.as_bytes()]))
    }

    pub(super) fn accepts(&self, algorithm: Signature, message: &[u8], signature: &[u8]) -> bool {
        if !self.suits(algorithm) {
            return false;
        }
        let verified = match &self.kind {
            Kind::Rsa { n, e } => match algorithm.of_rsa() {
                Some(parameters) => RsaPublicKeyComponents { n, e }.verify(parameters, message, signature),
                None => return false,
            },
            Kind::Ec { curve, x, y } => {
                let by = match curve {
                    Curve::P256 => &ECDSA_P256_SHA256_FIXED,
                    Curve::P384 => &ECDSA_P384_SHA384_FIXED,
                };
                // Uncompressed (SEC 1, section 2.3.3).
                let point = [&[4], x.as_slice(), y.as_slice()].concat();
                UnparsedPublicKey::new(by, point).verify(message, signature)
            }
            Kind::Ed25519(x) => UnparsedPublicKey::new(&ED25519, x).verify(message, signature),
        };
        verified.is_ok()
    }
}

impl Kind {
    fn read(jwk: &Map<String, Value>) -> Option<Self> {
        let text = |name: &str| jwk.get(name).and_then(Value::as_str);
        let bytes = |name: &str| text(name).and_then(|text| decode(text).ok());
        match (text("kty")?, text("crv")) {
            ("RSA", _) => {
                let (n, e) = (bytes("n")?, bytes("e")?);
                // One spelling for each key: no zeros before it.
                let first = *n.first()?;
                let is_large = MODULUS.contains(&n.len()) && (n.len() > *MODULUS.start() || first >= 0x80);
                let is_exponent = (1..=8).contains(&e.len()) && e.first() != Some(&0);
                (is_large && first != 0 && is_exponent).then_some(Self::Rsa { n, e })
            }
            ("EC", Some(name)) => {
                let curve = [Curve::P256, Curve::P384]
                    .into_iter()
                    .find(|curve| curve.name() == name)?;
                let (x, y) = (bytes("x")?, bytes("y")?);
                let length = curve.octets();
                (x.len() == length && y.len() == length).then_some(Self::Ec { curve, x, y })
            }
            ("OKP", Some("Ed25519")) => {
                let x = bytes("x")?;
                (x.len() == 32).then_some(Self::Ed25519(x))
            }
            _ => None,
        }
    }

    fn suits(&self, algorithm: Signature) -> bool {
        match self {
            Self::Rsa { .. } => algorithm.of_rsa().is_some(),
            Self::Ec { curve, .. } => match curve {
                Curve::P256 => algorithm == Signature::Es256,
                Curve::P384 => algorithm == Signature::Es384,
            },
            Self::Ed25519(_) => algorithm == Signature::Ed25519,
        }
    }
}

impl Curve {
    const fn name(self) -> &'static str {
        match self {
            Self::P256 => "P-256",
            Self::P384 => "P-384",
        }
    }

    /// Of a coordinate.
    const fn octets(self) -> usize {
        match self {
            Self::P256 => 32,
            Self::P384 => 48,
        }
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({})", self.thumbprint())
    }
}
