//! `GetAccountSummary`: how many of what, and the quotas. Reference: identity-pools-iam 7.

use std::collections::{BTreeMap, BTreeSet};

use api::iam::GetAccountSummaryResponse;
use kernel::{Cx, Result};
use store::records::{
    iam::{self, Kind},
    iam_policies,
};

use crate::Iam;

/// What AWS gives an account that asked for nothing more.
const QUOTAS: [(&str, i32); 19] = [
    ("AccessKeysPerUserQuota", 2),
    ("AssumeRolePolicySizeQuota", 2_048),
    ("AttachedPoliciesPerGroupQuota", 10),
    ("AttachedPoliciesPerRoleQuota", 10),
    ("AttachedPoliciesPerUserQuota", 10),
    ("GroupPolicySizeQuota", 5_120),
    ("GroupsPerUserQuota", 10),
    ("GroupsQuota", 300),
    ("InstanceProfilesQuota", 1_000),
    ("PoliciesQuota", 1_500),
    ("PolicySizeQuota", 6_144),
    ("PolicyVersionsInUseQuota", 10_000),
    ("RolePolicySizeQuota", 10_240),
    ("RolesQuota", 1_000),
    ("ServerCertificatesQuota", 20),
    ("SigningCertificatesPerUserQuota", 2),
    ("UserPolicySizeQuota", 2_048),
    ("UsersQuota", 5_000),
    ("VersionsPerPolicyQuota", 5),
];

/// What does not exist here, the root's credentials among it.
const NONE_OF: [&str; 9] = [
    "AccountAccessKeysPresent",
    "AccountMFAEnabled",
    "AccountPasswordPresent",
    "AccountSigningCertificatesPresent",
    "InstanceProfiles",
    "MFADevices",
    "MFADevicesInUse",
    "Providers",
    "ServerCertificates",
];

impl Iam {
    pub(crate) async fn account_summary(&self, cx: &Cx, (): ()) -> Result<GetAccountSummaryResponse> {
        let (counted, attached) = self
            .look(cx, |r, account| {
                let attached = iam_policies::all_attachment_counts(r, account)?;
                Ok((iam::counts(r, account)?, attached))
            })
            .await?;
        let of = |kind| counted.iter().find(|(k, _)| *k == kind).map_or(0, |(_, n)| *n);
        let mut summary: BTreeMap<String, i32> = QUOTAS.map(|(name, n)| (name.to_owned(), n)).into();
        summary.extend(NONE_OF.map(|name| (name.to_owned(), 0)));
        // Session tokens are good in every Region.
        summary.insert("GlobalEndpointTokenVersion".to_owned(), 2);
        let in_use: BTreeSet<&str> = attached.iter().map(|(policy, ..)| policy.as_str()).collect();
        summary.insert(
            "PolicyVersionsInUse".to_owned(),
            i32::try_from(in_use.len()).unwrap_or(i32::MAX),
        );
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
