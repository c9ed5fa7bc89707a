//! A set of public keys (RFC 7517 section 5).

use serde_json::{Map, Value};

use super::{PublicKey, Signed, Unusable};

/// So many are looked at; who sends more has not sent them for us.
const MOST: usize = 32;

/// Those of a set that are taken here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeySet(Vec<PublicKey>);

impl KeySet {
    /// `{"keys": […]}`, as somebody hands it in. Keys of kinds that are not known are left out.
    ///
    /// Errors: it is no set, none of its keys can be used, or there is a private one among them.
    pub fn read(set: &Map<String, Value>) -> Result<Self, Unusable> {
        match Self::parts(set)? {
            (_, true) => Err(Unusable::Private),
            (usable, false) => Self::of_some(usable),
        }
    }

    /// The same as somebody publishes it: private and shared keys are left out too, as whoever has read them could have signed.
    ///
    /// Errors: it is no set, or none of its keys can be used.
    pub fn published(set: &Map<String, Value>) -> Result<Self, Unusable> {
        Self::of_some(Self::parts(set)?.0)
    }

    /// What can be used, and whether there is a private one beside it.
    fn parts(set: &Map<String, Value>) -> Result<(Vec<PublicKey>, bool), Unusable> {
        let keys = set.get("keys").and_then(Value::as_array).ok_or(Unusable::Unknown)?;
        if keys.len() > MOST {
            return Err(Unusable::Unknown);
        }
        let read: Vec<_> = keys.iter().filter_map(Value::as_object).map(PublicKey::read).collect();
        let has_private = read.contains(&Err(Unusable::Private));
        Ok((read.into_iter().filter_map(Result::ok).collect(), has_private))
    }

    fn of_some(usable: Vec<PublicKey>) -> Result<Self, Unusable> {
        if usable.is_empty() {
            return Err(Unusable::Unknown);
        }
        Ok(Self(usable))
    }

    /// A single key.
    pub fn of(key: PublicKey) -> Self {
        Self(vec![key])
    }

    /// The key that signed it, of those that it may mean: by its `kid`, where both have one.
    pub fn signer(&self, signed: &Signed<'_>) -> Option<&PublicKey> {
        self.candidates(signed).find(|key| signed.is_signed_by(key))
    }

    /// Those of this name that suit what was signed: nothing is found by trying.
    pub fn named<'k>(&'k self, kid: &str, signed: &Signed<'_>) -> impl Iterator<Item = &'k PublicKey> {
        self.candidates(signed).filter(move |key| key.kid() == Some(kid))
    }

    /// Whether it could hold the key: if not, a younger set might.
    pub fn may_hold_signer(&self, signed: &Signed<'_>) -> bool {
        self.candidates(signed).next().is_some()
    }

    fn candidates<'k>(&'k self, signed: &Signed<'_>) -> impl Iterator<Item = &'k PublicKey> {
        let (kid, algorithm) = (signed.kid().map(str::to_owned), signed.algorithm());
        self.0.iter().filter(move |key| {
            let is_meant = match (kid.as_deref(), key.kid()) {
                (Some(wanted), Some(own)) => wanted == own,
                _ => true,
            };
            is_meant && key.suits(algorithm)
        })
    }
}
