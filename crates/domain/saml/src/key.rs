//! Keys of our own, to sign and to decrypt with: RSA with a certificate that says nothing but the key.

use std::{fmt, ops::Range, time::Duration};

use aws_lc_rs::{
    rand::SystemRandom,
    rsa::KeyPair as RsaKeyPair,
    signature::{KeyPair as _, RSA_PKCS1_SHA256},
};
use kernel::{Rng, Timestamp};
use rcgen::{CertificateParams, DistinguishedName, DnType, KeyPair, PKCS_RSA_SHA256, RsaKeySize, SerialNumber};
use zeroize::Zeroizing;

/// Reference: oauth-and-federation 11.2: how long a certificate lasts.
pub const CERTIFICATE_LIFE: Duration = Duration::from_secs(10 * 365 * 24 * 3600);

/// A private key with its certificate.
#[derive(Clone)]
pub struct Key {
    /// X.509, DER.
    pub certificate: Vec<u8>,
    /// PKCS#8, DER.
    private: Zeroizing<Vec<u8>>,
}

/// A key can't be made or used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the key can't be made or used")]
pub struct KeyError;

impl Key {
    pub fn new(certificate: Vec<u8>, private: Zeroizing<Vec<u8>>) -> Self {
        Self { certificate, private }
    }

    /// RSA with 2048 bits. Takes about a tenth of a second of a core.
    pub fn generate(subject: &str, now: Timestamp, life: Duration, rng: &dyn Rng) -> Result<Self, KeyError> {
        let pair = KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048).map_err(|_| KeyError)?;
        Self::certified(&pair, subject, now..now.plus(life), rng)
    }

    /// The same key with a new certificate.
    pub fn renewed(&self, subject: &str, now: Timestamp, life: Duration, rng: &dyn Rng) -> Result<Self, KeyError> {
        let pair = KeyPair::try_from(self.private()).map_err(|_| KeyError)?;
        Self::certified(&pair, subject, now..now.plus(life), rng)
    }

    /// PKCS#8, DER, for who keeps it sealed.
    pub fn private(&self) -> &[u8] {
        &self.private
    }

    /// RSA PKCS#1 with SHA-256.
    pub(crate) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        let pair = RsaKeyPair::from_pkcs8(&self.private).map_err(|_| KeyError)?;
        let mut signature = vec![0; pair.public_key().modulus_len()];
        pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature)
            .map_err(|_| KeyError)?;
        Ok(signature)
    }

    fn certified(pair: &KeyPair, subject: &str, valid: Range<Timestamp>, rng: &dyn Rng) -> Result<Self, KeyError> {
        let mut serial = [0; 16];
        rng.fill(&mut serial);
        let mut params = CertificateParams::default();
        params.distinguished_name = DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, subject);
        params.serial_number = Some(SerialNumber::from_slice(&serial));
        set_life(&mut params, &valid);
        let certificate = params.self_signed(pair).map_err(|_| KeyError)?;
        Ok(Self {
            certificate: certificate.der().to_vec(),
            private: Zeroizing::new(pair.serialize_der()),
        })
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Key").finish_non_exhaustive()
    }
}

/// Certificates count in days here: from the one before, for clocks that are behind.
fn set_life(params: &mut CertificateParams, valid: &Range<Timestamp>) {
    let date = |at: Timestamp| {
        let day = at.to_jiff().to_zoned(jiff::tz::TimeZone::UTC).date();
        let (month, dom) = (day.month().unsigned_abs(), day.day().unsigned_abs());
        rcgen::date_time_ymd(i32::from(day.year()), month, dom)
    };
    params.not_before = date(valid.start.minus(Duration::from_secs(24 * 3600)));
    params.not_after = date(valid.end);
}
