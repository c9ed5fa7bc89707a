//! Certificates that an identity provider signs with, and what they must be like.

use aws_lc_rs::rsa::PublicEncryptingKey;
use base64::{Engine, prelude::BASE64_STANDARD};
use kernel::Timestamp;
use x509_cert::{
    Certificate,
    der::{Decode, Encode},
};

/// Characters of one as metadata carries it. Reference: oauth-and-federation 11.1.
const MAX_CHARACTERS: usize = 4_096;
const MIN_RSA_BITS: usize = 2_048;
const RSA: &str = "1.2.840.113549.1.1.1";
const ELLIPTIC_CURVE: &str = "1.2.840.10045.2.1";

/// Why a certificate is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    #[error("a signing certificate has more than {MAX_CHARACTERS} characters")]
    TooLong,
    #[error("a signing certificate is not readable")]
    Unreadable,
    #[error("a signing certificate's key is neither RSA of at least {MIN_RSA_BITS} bits nor of an elliptic curve")]
    WeakKey,
    #[error("a signing certificate has expired")]
    Expired,
}

/// DER, of the text of an `X509Certificate`.
pub(crate) fn read(text: &str) -> Result<Vec<u8>, Unfit> {
    let base64: String = text.split_ascii_whitespace().collect();
    if base64.len() > MAX_CHARACTERS {
        return Err(Unfit::TooLong);
    }
    let der = BASE64_STANDARD.decode(base64).map_err(|_| Unfit::Unreadable)?;
    let certificate = Certificate::from_der(&der).map_err(|_| Unfit::Unreadable)?;
    let key = certificate.tbs_certificate.subject_public_key_info;
    let algorithm = key.algorithm.oid.to_string();
    let key = key.to_der().map_err(|_| Unfit::Unreadable)?;
    let is_strong = || PublicEncryptingKey::from_der(&key).is_ok_and(|key| key.key_size_bits() >= MIN_RSA_BITS);
    match algorithm.as_str() {
        RSA if is_strong() => Ok(der),
        ELLIPTIC_CURVE => Ok(der),
        _ => Err(Unfit::WeakKey),
    }
}

/// Errors: its last second has passed.
pub(crate) fn unexpired(der: &[u8], now: Timestamp) -> Result<(), Unfit> {
    let certificate = Certificate::from_der(der).map_err(|_| Unfit::Unreadable)?;
    let ends = certificate.tbs_certificate.validity.not_after.to_unix_duration();
    let has_expired = i64::try_from(ends.as_secs()).is_ok_and(|ends| ends < now.secs());
    if has_expired { Err(Unfit::Expired) } else { Ok(()) }
}
