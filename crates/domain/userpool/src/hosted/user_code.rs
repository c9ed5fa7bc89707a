//! The code that a person reads off a device and enters: eight letters. Pure. Reference: RFC 8628 sections 5.1, 6.1.

use kernel::{PoolId, Rng, Sub};
use vault::{Keyring, codes};

use crate::code::letters;

/// 20 to the power of 8: 2.56e10 codes, 34.5 bits.
const LENGTH: usize = 8;

/// Its letters, without what stands between them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct UserCode(String);

impl UserCode {
    pub fn random(rng: &dyn Rng) -> Self {
        Self(letters::random(rng, LENGTH))
    }

    /// As people enter it. None: it is none, which is no guess.
    pub fn read(text: &str) -> Option<Self> {
        letters::read(text, LENGTH).map(Self)
    }

    /// As devices show it: `WDJB-MJHT`.
    pub fn shown(&self) -> String {
        letters::shown(&self.0)
    }

    /// As its row keeps it. A plain digest of so few letters would be found by trying all.
    pub fn kept(&self, keyring: &Keyring, pool: &PoolId) -> String {
        let mac = codes::mac(
            keyring,
            codes::Code {
                purpose: "device",
                pool,
                sub: &Sub::new(""),
                text: &self.0,
            },
        );
        hex::encode(mac)
    }
}
