//! Identifiers are types: a client id can't be passed where a pool id is meant. All are cheap to clone.

use std::{borrow::Borrow, fmt, sync::Arc};

use serde::{Deserialize, Serialize};

use crate::chance::{self, Rng};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Takes the text as it is: what came in was checked against the service model, what comes from the store
            /// was checked when it was written.
            pub fn new(text: impl Into<Arc<str>>) -> Self {
                Self(text.into())
            }

            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0.as_ref().to_owned()
            }
        }
    };
}

id! {
    /// A user pool: `<region>_<9 letters or digits>`. Reference: user-pools 2.1.
    PoolId
}
id! {
    /// An app client: 26 lower-case letters and digits. Reference: user-pools 3.1.
    ClientId
}
id! {
    /// A user's subject: 36 characters shaped like a UUID, never reused. Reference: user-pools 4.2.
    Sub
}
id! {
    /// A user's device: `<region>_<uuid>`. Reference: user-pools 10.
    DeviceKey
}
id! {
    /// An identity pool: `<region>:<uuid>`. Reference: identity-pools-iam 1.2.
    IdentityPoolId
}
id! {
    /// An identity of an identity pool, same form. Reference: identity-pools-iam 1.2.
    IdentityId
}
id! {
    /// An AWS region name such as `us-east-1`.
    Region
}
id! {
    /// Twelve digits.
    AccountId
}
id! {
    /// `AKIA…` for long-term keys, `ASIA…` for temporary ones. Reference: identity-pools-iam 2.3.
    AccessKeyId
}
id! {
    /// The UUID that `x-amzn-RequestId` carries and every log line of the request repeats.
    RequestId
}

impl Region {
    /// A name of the form that AWS's regions have, words and a number: `eu-west-1`, `us-gov-east-1`. It is read generously, for
    /// what was stored with a name stays readable and nobody knows the next one. None for other texts, which a self-hosted
    /// server's region may still be.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let number = parts.next_back()?;
        let is_word = |part: &&str| {
            let of_word = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
            !part.is_empty() && part.bytes().all(of_word)
        };
        let is_number = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
        (is_number && parts.filter(is_word).count() >= 2).then(|| Self::new(text))
    }
}

impl PoolId {
    /// An id that somebody names: a region, an underscore, letters and digits. None: no pool has such an id. Reference:
    /// user-pools B (`UserPoolIdType`).
    pub fn parse(text: &str) -> Option<Self> {
        let (region, name) = text.split_once('_')?;
        let of_region = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
        let fine = text.len() <= 55
            && !region.is_empty()
            && region.bytes().all(of_region)
            && !name.is_empty()
            && name.bytes().all(|b| b.is_ascii_alphanumeric());
        fine.then(|| Self::new(text))
    }

    pub fn random(region: &Region, rng: &dyn Rng) -> Self {
        Self::new(format!("{region}_{}", chance::base62(rng, 9)))
    }

    /// The region before the underscore; the whole id where there is none.
    pub fn region(&self) -> Region {
        Region::new(
            self.as_str()
                .split_once('_')
                .map_or(self.as_str(), |(region, _)| region),
        )
    }

    /// What SRP calls the pool name: the part after the underscore. Reference: user-pools 5.3.
    pub fn short_name(&self) -> &str {
        self.as_str().split_once('_').map_or("", |(_, name)| name)
    }
}

impl ClientId {
    /// An id that somebody names. None: no client has such an id. Reference: user-pools B (`ClientIdType`).
    pub fn parse(text: &str) -> Option<Self> {
        let allowed = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'+');
        ((1..=128).contains(&text.len()) && text.bytes().all(allowed)).then(|| Self::new(text))
    }

    pub fn random(rng: &dyn Rng) -> Self {
        Self::new(chance::base36(rng, 26))
    }
}

impl Sub {
    /// A text that may be somebody's subject: 36 lower-case hexadecimal digits and dashes. Reference: user-pools 4.2 (no valid
    /// UUID version is promised).
    pub fn parse(text: &str) -> Option<Self> {
        let fine = text.len() == 36 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f' | b'-'));
        fine.then(|| Self::new(text))
    }

    pub fn random(rng: &dyn Rng) -> Self {
        Self::new(chance::uuid(rng))
    }
}

impl DeviceKey {
    /// A key that somebody names: a region, an underscore, hexadecimal digits and dashes. None: no device has such a key.
    /// Reference: user-pools B (`DeviceKeyType`).
    pub fn parse(text: &str) -> Option<Self> {
        let (region, id) = text.rsplit_once('_')?;
        let of_region = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-');
        let fine = text.len() <= 55
            && !region.is_empty()
            && region.bytes().all(of_region)
            && !id.is_empty()
            && id.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f' | b'-'));
        fine.then(|| Self::new(text))
    }

    pub fn random(region: &Region, rng: &dyn Rng) -> Self {
        Self::new(format!("{region}_{}", chance::uuid(rng)))
    }
}

impl IdentityPoolId {
    pub fn random(region: &Region, rng: &dyn Rng) -> Self {
        Self::new(format!("{region}:{}", chance::uuid(rng)))
    }

    pub fn region(&self) -> Region {
        Region::new(
            self.as_str()
                .split_once(':')
                .map_or(self.as_str(), |(region, _)| region),
        )
    }
}

impl IdentityId {
    /// Identities carry their pool's region. Reference: identity-pools-iam 1.2.
    pub fn random(region: &Region, rng: &dyn Rng) -> Self {
        Self::new(format!("{region}:{}", chance::uuid(rng)))
    }
}

impl AccessKeyId {
    /// Temporary credentials: their secret is derived, never stored (decision 10).
    pub fn is_temporary(&self) -> bool {
        self.as_str().starts_with("ASIA")
    }
}

impl RequestId {
    pub fn random(rng: &dyn Rng) -> Self {
        Self::new(chance::uuid(rng))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SystemRng;

    #[test]
    fn a_pool_id_has_a_region_and_a_short_name() {
        let id = PoolId::random(&Region::new("eu-west-1"), &SystemRng);
        assert_eq!(id.region().as_str(), "eu-west-1");
        assert_eq!(id.short_name().len(), 9);
        assert_eq!(id.as_str(), format!("eu-west-1_{}", id.short_name()));
    }

    #[test]
    fn what_is_named_is_an_id_or_nothing() {
        for id in ["eu-west-1_Abc123xyz", "local_1", "us-gov-east-1_1"] {
            assert_eq!(PoolId::parse(id).as_ref().map(PoolId::as_str), Some(id));
        }
        let long = format!("eu-west-1_{}", "a".repeat(46));
        for id in [
            "",
            "eu-west-1",
            "_a",
            "eu-west-1_",
            "eu-west-1_a-b",
            "eu-west-1_a_b",
            "eu west_a",
            "é_a",
            &long,
        ] {
            assert_eq!(PoolId::parse(id), None, "{id}");
        }
        assert!(Sub::parse("f4c8e4d8-3061-70a5-1a2b-8a3c5d7e9f00").is_some());
        for text in [
            "f4c8e4d8-3061-70a5-1a2b-8a3c5d7e9f0",
            "F4C8E4D8-3061-70A5-1A2B-8A3C5D7E9F00",
        ] {
            assert_eq!(Sub::parse(text), None, "{text}");
        }
        assert!(ClientId::parse("web_client+1").is_some());
        for id in ["", "web-client", "web client", &"a".repeat(129)] {
            assert_eq!(ClientId::parse(id), None, "{id}");
        }
        let key = DeviceKey::random(&Region::new("us-gov-east-1"), &SystemRng);
        assert_eq!(DeviceKey::parse(key.as_str()), Some(key));
        assert!(DeviceKey::parse("a_b_0-f").is_some());
        let long = format!("eu-west-1_{}", "a".repeat(46));
        for key in [
            "",
            "0f",
            "_0f",
            "eu-west-1_",
            "eu-west-1_0g",
            "eu-west-1_0F",
            "eu west_0f",
            &long,
        ] {
            assert_eq!(DeviceKey::parse(key), None, "{key}");
        }
    }

    #[test]
    fn a_region_has_words_and_a_number() {
        let long = format!("eu-{}-1", "a".repeat(28));
        for region in [
            "eu-west-1",
            "us-gov-east-1",
            "eusc-de-east-1",
            "ap-southeast-12",
            "us-west-2-lax-1",
            // What once was taken.
            "eu-west-123",
            "eu-w3st-1",
            "us-iso1-east-1",
            "us--east-1",
            "Us-east-west-1",
            &long,
        ] {
            assert_eq!(Region::parse(region).as_ref().map(Region::as_str), Some(region));
        }
        for text in [
            "",
            "1",
            "garage",
            "eu-1",
            "atlantis-1",
            "eu-west",
            "eu-west-",
            "eu-west-one",
            "-west-1",
            "EU-west-1",
            "eu-west-1.example",
        ] {
            assert_eq!(Region::parse(text), None, "{text}");
        }
    }

    #[test]
    fn an_identity_keeps_its_pools_region() {
        let pool = IdentityPoolId::random(&Region::new("eu-west-1"), &SystemRng);
        assert_eq!(
            IdentityId::random(&pool.region(), &SystemRng).as_str().len(),
            "eu-west-1:".len() + 36
        );
    }
}
