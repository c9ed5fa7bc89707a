//! Credentials' public keys, as COSE spells them (RFC 9052). The library stores them unseen and finds out at the first sign-in;
//! here a key that could verify nothing is refused at once.

use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1, ParsedPublicKey};
use ciborium::Value;

use crate::Refusal;

pub(crate) const ES256: i64 = -7;
pub(crate) const RS256: i64 = -257;

// Labels and values of the members (RFC 9053, RFC 8230).
const KTY: i64 = 1;
const ALG: i64 = 3;
const EC2: i64 = 2;
const RSA: i64 = 3;
const P256: i64 = 1;

/// The algorithm of a key, if it is one of those that are offered and the key is one of its kind. Errors: NotSupported.
pub(crate) fn algorithm(cose: &[u8]) -> Result<i64, Refusal> {
    let unsupported = |what: &str| Refusal::NotSupported(what.to_owned());
    let key = Key::read(cose).ok_or_else(|| unsupported("its key is not a COSE map"))?;
    let (kind, algorithm) = (key.number(KTY), key.number(ALG));
    let fits = match (kind, algorithm) {
        (Some(EC2), Some(ES256)) => key.is_on_p256(),
        (Some(RSA), Some(RS256)) => key.is_rsa(),
        _ => return Err(unsupported("its algorithm was not offered")),
    };
    match algorithm.filter(|_| fits) {
        Some(algorithm) => Ok(algorithm),
        None => Err(unsupported("its key is none of its algorithm")),
    }
}

struct Key(Vec<(Value, Value)>);

impl Key {
    fn read(cose: &[u8]) -> Option<Self> {
        match ciborium::from_reader(cose).ok()? {
            Value::Map(members) => Some(Self(members)),
            _ => None,
        }
    }

    fn member(&self, label: i64) -> Option<&Value> {
        let found = self.0.iter().find(|(key, _)| key.as_integer() == Some(label.into()));
        found.map(|(_, value)| value)
    }

    fn number(&self, label: i64) -> Option<i64> {
        self.member(label)?.as_integer()?.try_into().ok()
    }

    fn bytes(&self, label: i64) -> &[u8] {
        let bytes = self.member(label).and_then(Value::as_bytes);
        bytes.map(Vec::as_slice).unwrap_or_default()
    }

    fn is_on_p256(&self) -> bool {
        let (x, y) = (self.bytes(-2), self.bytes(-3));
        let point = [&[4], x, y].concat();
        self.number(-1) == Some(P256)
            && x.len() == 32
            && y.len() == 32
            && ParsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, point).is_ok()
    }

    /// Of 2048 to 8192 bits, which is what signatures are verified with.
    fn is_rsa(&self) -> bool {
        let (n, e) = (self.bytes(-1), self.bytes(-2));
        let top_is_set = n.first().is_some_and(|byte| *byte >= 0x80);
        let is_odd = |number: &[u8]| number.last().is_some_and(|byte| byte % 2 == 1);
        top_is_set && (256..=1024).contains(&n.len()) && is_odd(n) && (1..=5).contains(&e.len()) && is_odd(e)
    }
}
