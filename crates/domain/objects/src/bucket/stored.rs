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

#[cfg(test)]
mod tests {
    use kernel::{Arn, PrincipalKind};

    use super::*;
    use crate::bucket::{BucketPolicy, PublicAccessBlock};

    const OWNER: &str = "111122223333";

    fn caller(account: &str) -> Principal {
        let account = AccountId::new(account);
        Principal {
            kind: PrincipalKind::Root,
            arn: Arn::iam(&account, "root", "/", ""),
            ..Principal::anonymous(account)
        }
    }

    fn bucket(principal: &str, restricts: bool) -> Bucket {
        let policy = format!(
            r#"{{"Statement":{{"Effect":"Allow","Principal":{principal},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}}}}"#
        );
        Bucket {
            name: "b".to_owned(),
            account: AccountId::new(OWNER),
            region: Region::new(GLOBAL_REGION),
            created_at: Timestamp::default(),
            settings: Settings {
                policy: Some(BucketPolicy::parse(policy).unwrap()),
                public_access_block: Some(PublicAccessBlock {
                    restrict_public_buckets: restricts,
                    ..PublicAccessBlock::all()
                }),
                ..Settings::default()
            },
        }
    }

    /// Reference: identity-pools-iam 11.5.
    #[test]
    fn a_public_policy_may_say_nothing_to_strangers() {
        let named = r#"{"AWS":"arn:aws:iam::999999999999:root"}"#;
        let (own, other) = (caller(OWNER), caller("999999999999"));
        let nobody = Principal::anonymous(AccountId::new(OWNER));
        for (principal, restricts, who, counts) in [
            (r#""*""#, true, &nobody, false),
            (r#""*""#, true, &other, false),
            (r#""*""#, true, &own, true),
            (r#""*""#, false, &nobody, true),
            (r#""*""#, false, &other, true),
            (named, true, &other, true),
            (named, true, &nobody, true),
        ] {
            let got = bucket(principal, restricts).policy_for(who).is_some();
            assert_eq!(got, counts, "{principal} {restricts} {}", who.arn);
        }
        assert!(
            Bucket {
                settings: Settings::default(),
                ..bucket(named, true)
            }
            .policy_for(&own)
            .is_none()
        );
    }
}
