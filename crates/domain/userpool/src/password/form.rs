//! The bytes under the seal.
//!
//! ```text
//! kept    = 1 | length of salt (1) | salt | verifier (384)  or  2 | PHC string
//! history = (length (2, big-endian) | kept)*
//! ```

use vault::srp::Verifier;
use zeroize::Zeroizing;

/// What is kept in a password's place.
pub(crate) enum Kept {
    Srp { salt: Vec<u8>, verifier: Box<Verifier> },
    Argon2id(String),
}

const SRP: u8 = 1;
const ARGON2ID: u8 = 2;

pub fn encode(kept: &Kept) -> Zeroizing<Vec<u8>> {
    // Room from the start: growing would leave a copy behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(1024));
    match kept {
        Kept::Srp { salt, verifier } => {
            bytes.push(SRP);
            bytes.push(u8::try_from(salt.len()).unwrap_or(u8::MAX));
            bytes.extend_from_slice(salt);
            bytes.extend_from_slice(verifier.as_bytes());
        }
        Kept::Argon2id(phc) => {
            bytes.push(ARGON2ID);
            bytes.extend_from_slice(phc.as_bytes());
        }
    }
    bytes
}

pub fn decode(bytes: &[u8]) -> Option<Kept> {
    match bytes.split_first()? {
        (&SRP, rest) => {
            let (length, rest) = rest.split_first()?;
            let (salt, verifier) = rest.split_at_checked(usize::from(*length))?;
            Some(Kept::Srp {
                salt: salt.to_vec(),
                verifier: Box::new(Verifier::from_bytes(verifier)?),
            })
        }
        (&ARGON2ID, phc) => Some(Kept::Argon2id(str::from_utf8(phc).ok()?.to_owned())),
        _ => None,
    }
}

pub fn encode_all(all: &[Kept]) -> Zeroizing<Vec<u8>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(1024 * all.len()));
    for kept in all {
        let kept = encode(kept);
        bytes.extend_from_slice(&u16::try_from(kept.len()).unwrap_or(u16::MAX).to_be_bytes());
        bytes.extend_from_slice(&kept);
    }
    bytes
}

pub fn decode_all(mut bytes: &[u8]) -> Option<Vec<Kept>> {
    let mut all = Vec::new();
    while !bytes.is_empty() {
        let (length, rest) = bytes.split_first_chunk()?;
        let (kept, rest) = rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
        all.push(decode(kept)?);
        bytes = rest;
    }
    Some(all)
}
