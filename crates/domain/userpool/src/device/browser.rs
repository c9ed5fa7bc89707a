//! A browser that hosted login remembers is a device like any other: listed, forgotten and proved as those of apps are. It keeps its
//! secret itself, in a cookie under our seal, bound to pool and user. Reference: user-pools 10.

use std::time::Duration;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use kernel::{ApiError, Cx, DeviceKey, PoolId, Rng, Sub};
use serde::{Deserialize, Serialize};
use vault::{
    Expiring, Keyring, Purpose,
    srp::{self, Identity, Verifier},
};
use zeroize::Zeroizing;

use super::secret::{DeviceSecret, group_key};

/// How long a browser is remembered.
pub(crate) const LIFE: Duration = Duration::from_secs(365 * 24 * 3600);

/// What a browser says it was remembered as.
#[derive(Serialize, Deserialize)]
pub struct BrowserDevice {
    pub(crate) sub: Sub,
    pub(crate) key: DeviceKey,
    /// In the place of the password that apps draw for their devices.
    #[serde(with = "wiped")]
    secret: Zeroizing<String>,
}

/// As a text.
mod wiped {
    use serde::{Deserialize, Deserializer, Serializer};
    use zeroize::Zeroizing;

    pub fn serialize<S: Serializer>(secret: &Zeroizing<String>, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(secret)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Zeroizing<String>, D::Error> {
        String::deserialize(deserializer).map(Zeroizing::new)
    }
}

impl BrowserDevice {
    pub(crate) fn draw(pool: &PoolId, sub: &Sub, rng: &dyn Rng) -> Self {
        let mut chance = Zeroizing::new([0; 32]);
        rng.fill(chance.as_mut());
        Self {
            sub: sub.clone(),
            key: DeviceKey::random(&pool.region(), rng),
            secret: Zeroizing::new(BASE64_URL_SAFE_NO_PAD.encode(chance.as_ref())),
        }
    }

    /// What we keep of it. Costs as much as a password's verifier.
    pub(crate) fn known(&self, pool: &PoolId, rng: &dyn Rng) -> DeviceSecret {
        let salt = srp::draw_salt(rng);
        DeviceSecret {
            verifier: Verifier::new(self.identity(&group_key(pool, &self.key)), &self.secret, &salt),
            salt: salt.to_vec(),
        }
    }

    /// Whether it is the one that this is kept of. Costs the same.
    pub(crate) fn proves(&self, pool: &PoolId, known: &DeviceSecret) -> bool {
        let identity = &group_key(pool, &self.key);
        srp::check_password(self.identity(identity), &self.secret, &known.salt, &known.verifier)
    }

    /// The cookie. Errors: internal.
    pub(crate) fn seal(&self, keyring: &Keyring, cx: &Cx, pool: &PoolId) -> Result<String, ApiError> {
        let payload = Zeroizing::new(serde_json::to_vec(self).map_err(ApiError::internal)?);
        let cookie = Expiring {
            payload: &payload,
            at: cx.now().plus(LIFE),
        };
        Ok(keyring.seal_token(Purpose::RememberedBrowser, &[pool.as_str()], cookie, cx.rng())?)
    }

    /// None: it is none of this pool, or too old.
    pub(crate) fn open(keyring: &Keyring, cx: &Cx, pool: &PoolId, cookie: &str) -> Option<Self> {
        let place = [pool.as_str()];
        let payload = keyring.open_token(Purpose::RememberedBrowser, &place, cookie, cx.now());
        serde_json::from_slice(payload.ok()?.as_bytes()).ok()
    }

    fn identity<'a>(&'a self, group: &'a str) -> Identity<'a> {
        Identity {
            pool_name: group,
            user_id: self.key.as_str(),
        }
    }
}
