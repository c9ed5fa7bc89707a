//! A bucket as it is kept and cached.

use kernel::{AccountId, Principal, Region, Timestamp};
use policy::Policy;
use store::{Record, StoreError, records::objects::BucketRow};

use super::{location::GLOBAL_REGION, policy::is_stranger, settings::Settings};

#[derive(Clone, Debug)]
pub struct Bucket {
    pub name: String,
    pub account: AccountId,
    pub region: Region,
    pub created_at: Timestamp,
    pub settings: Settings,
}

impl Bucket {
    pub(super) fn of_row(row: BucketRow) -> Result<Self, StoreError> {
        Ok(Self {
            settings: row.document("settings", &row.settings)?,
            name: row.name,
            account: AccountId::new(row.account),
            region: Region::new(row.region),
            created_at: Timestamp::from_millis(row.created_at),
        })
    }

    /// What GetBucketLocation answers: nothing in us-east-1.
    pub fn location_constraint(&self) -> Option<&str> {
        match &self.settings.location {
            Some(named) => Some(named),
            None => Some(self.region.as_str()).filter(|region| *region != GLOBAL_REGION),
        }
    }

    /// The policy as far as it counts: a public one says nothing to strangers under RestrictPublicBuckets.
    pub(crate) fn policy_for(&self, caller: &Principal) -> Option<&Policy> {
        let policy = self.settings.policy.as_ref()?;
        let restricted =
            policy.is_public() && self.settings.restricts_public_buckets() && is_stranger(caller, &self.account);
        (!restricted).then(|| policy.policy())
    }
}
