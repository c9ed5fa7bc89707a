//! `GetAccountSummary`: how many of what, and the quotas that are enforced here. Reference: identity-pools-iam 7.

use std::collections::BTreeMap;

use api::iam::GetAccountSummaryResponse;
use kernel::{Cx, Result};
use store::records::iam::{self, Kind};

use crate::Iam;

const QUOTAS: [(&str, i32); 10] = [
    ("AccessKeysPerUserQuota", 2),
    ("AssumeRolePolicySizeQuota", 4_096),
    ("AttachedPoliciesPerGroupQuota", 10),
    ("AttachedPoliciesPerRoleQuota", 10),
    ("AttachedPoliciesPerUserQuota", 10),
    ("GroupPolicySizeQuota", 5_120),
    ("GroupsPerUserQuota", 10),
    ("PolicySizeQuota", 6_144),
    ("UserPolicySizeQuota", 2_048),
    ("VersionsPerPolicyQuota", 5),
];

impl Iam {
    pub(crate) async fn account_summary(&self, cx: &Cx, (): ()) -> Result<GetAccountSummaryResponse> {
        let counted = self.look(cx, |r, account| Ok(iam::counts(r, account)?)).await?;
        let of = |kind| counted.iter().find(|(k, _)| *k == kind).map_or(0, |(_, n)| *n);
        let mut summary: BTreeMap<String, i32> = QUOTAS.map(|(name, n)| (name.to_owned(), n)).into();
        for (name, kind) in [
            ("Groups", Kind::Group),
            ("Policies", Kind::Policy),
            ("Roles", Kind::Role),
            ("Users", Kind::User),
        ] {
            summary.insert(name.to_owned(), i32::try_from(of(kind)).unwrap_or(i32::MAX));
        }
        Ok(GetAccountSummaryResponse {
            summary_map: Some(summary),
        })
    }
}
