//! Former passwords, where the policy wants them remembered. Reference: user-pools 4.6.

use kernel::{ApiError, Rng};
use store::records::passwords::Password;
use vault::{Keyring, Purpose};

use super::{
    form,
    kept::{Kept, Owner},
};

/// Former passwords, the newest first.
pub(super) struct History(pub Vec<Kept>);

impl History {
    /// The last `remembered` passwords, the current one included.
    pub fn open(
        keyring: &Keyring,
        owner: &Owner,
        current: Option<&Password>,
        remembered: usize,
    ) -> Result<Self, ApiError> {
        let Some(row) = current.filter(|_| remembered > 0) else {
            return Ok(Self(Vec::new()));
        };
        let mut kept = vec![Kept::open(keyring, owner, &row.secret)?];
        if let Some(sealed) = &row.history {
            let bytes = keyring.open(Purpose::PasswordHistory, &owner.place(), sealed)?;
            let former = form::decode_all(bytes.as_bytes());
            kept.extend(former.ok_or_else(|| ApiError::internal("a password history is not of its form"))?);
        }
        kept.truncate(remembered);
        Ok(Self(kept))
    }

    pub fn seal(&self, keyring: &Keyring, owner: &Owner, rng: &dyn Rng) -> Result<Option<Vec<u8>>, ApiError> {
        if self.0.is_empty() {
            return Ok(None);
        }
        let bytes = form::encode_all(&self.0);
        Ok(Some(keyring.seal(
            Purpose::PasswordHistory,
            &owner.place(),
            &bytes,
            rng,
        )?))
    }
}
