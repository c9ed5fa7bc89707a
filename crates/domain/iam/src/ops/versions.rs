//! Versions of managed policies: five at most, one of them the default. Reference: identity-pools-iam 3.2, 3.3, 7.

use api::iam::{
    CreatePolicyVersionRequest, CreatePolicyVersionResponse, DeletePolicyVersionRequest, GetPolicyVersionRequest,
    GetPolicyVersionResponse, ListPolicyVersionsRequest, ListPolicyVersionsResponse, PolicyVersion,
    SetDefaultPolicyVersionRequest,
};
use kernel::{AccountId, Cx, Result};
use policy::limits;
use store::{
    Read, Stop,
    records::iam_policies::{self, Version},
};

use super::policies;
use crate::{
    Iam, documents, entity, errors,
    managed::{self, AwsPolicy},
    paging::Cut,
};

/// As lists show it: without the document.
fn shown(version: &Version) -> PolicyVersion {
    PolicyVersion {
        version_id: Some(format!("v{}", version.number)),
        is_default_version: Some(version.is_default),
        create_date: Some(version.created),
        document: None,
    }
}

fn of_aws(policy: &AwsPolicy) -> Version {
    Version {
        number: policy.version,
        is_default: true,
        document: policy.document.to_owned(),
        created: policy.updated,
    }
}

fn all(r: &mut impl Read, account: &AccountId, arn: &str) -> std::result::Result<Vec<Version>, Stop> {
    if let Some(policy) = managed::find(arn) {
        return Ok(vec![of_aws(policy)]);
    }
    entity::policy(r, account, arn)?;
    Ok(iam_policies::versions(r, account, arn)?)
}

/// `v3`, which AWS may also write `v3.x`. Errors: NoSuchEntity.
fn find(versions: Vec<Version>, arn: &str, id: &str) -> std::result::Result<Version, Stop> {
    let number: Option<i64> = id.strip_prefix('v').and_then(|text| text.parse().ok());
    let found = versions.into_iter().find(|version| Some(version.number) == number);
    found.ok_or_else(|| errors::no_such_version(arn, id).into())
}

impl Iam {
    /// Errors: NoSuchEntity, MalformedPolicyDocument, LimitExceeded, AccessDenied for AWS's.
    pub(crate) async fn create_policy_version(
        &self,
        cx: &Cx,
        input: CreatePolicyVersionRequest,
    ) -> Result<CreatePolicyVersionResponse> {
        let (arn, now) = (input.policy_arn, cx.now());
        policies::refuse_aws(cx, "iam:CreatePolicyVersion", &arn)?;
        documents::managed(&input.policy_document)?;
        let (document, is_default) = (input.policy_document, input.set_as_default == Some(true));
        let version = self.change(cx, move |tx, account| {
            let policy = entity::policy(tx, account, &arn)?;
            if iam_policies::versions(tx, account, &arn)?.len() >= limits::MANAGED_VERSIONS {
                return Err(errors::too_many_versions(limits::MANAGED_VERSIONS).into());
            }
            let mut number = 0;
            entity::change(tx, account, policy, |doc| {
                let own = doc.policy_mut()?;
                own.newest_version += 1;
                own.updated = now;
                number = own.newest_version;
                if is_default {
                    own.default_version = number;
                }
                Ok(())
            })?;
            let version = Version {
                number,
                is_default,
                document: document.clone(),
                created: now,
            };
            iam_policies::insert_version(tx, account, &arn, &version)?;
            Ok(shown(&version))
        });
        Ok(CreatePolicyVersionResponse {
            policy_version: Some(version.await?),
        })
    }

    /// Errors: NoSuchEntity.
    pub(crate) async fn policy_version(
        &self,
        cx: &Cx,
        input: GetPolicyVersionRequest,
    ) -> Result<GetPolicyVersionResponse> {
        let version = self.look(cx, move |r, account| {
            let version = find(
                all(r, account, &input.policy_arn)?,
                &input.policy_arn,
                &input.version_id,
            )?;
            Ok(PolicyVersion {
                document: Some(documents::encoded(&version.document)),
                ..shown(&version)
            })
        });
        Ok(GetPolicyVersionResponse {
            policy_version: Some(version.await?),
        })
    }

    /// Newest first. Errors: NoSuchEntity.
    pub(crate) async fn list_policy_versions(
        &self,
        cx: &Cx,
        input: ListPolicyVersionsRequest,
    ) -> Result<ListPolicyVersionsResponse> {
        let page = self.page(
            cx,
            &["ListPolicyVersions", &input.policy_arn],
            input.marker.as_deref(),
            input.max_items,
        )?;
        let versions = self.look(cx, move |r, account| {
            let versions = all(r, account, &input.policy_arn)?;
            Ok(versions.iter().map(shown).collect())
        });
        let Cut {
            items,
            is_truncated,
            marker,
        } = self.cut_by_position(cx, versions.await?, &page)?;
        Ok(ListPolicyVersionsResponse {
            versions: Some(items),
            is_truncated,
            marker,
        })
    }

    /// Errors: NoSuchEntity, AccessDenied for AWS's.
    pub(crate) async fn set_default_policy_version(
        &self,
        cx: &Cx,
        input: SetDefaultPolicyVersionRequest,
    ) -> Result<()> {
        let (arn, now) = (input.policy_arn, cx.now());
        policies::refuse_aws(cx, "iam:SetDefaultPolicyVersion", &arn)?;
        self.change(cx, move |tx, account| {
            let policy = entity::policy(tx, account, &arn)?;
            let version = find(iam_policies::versions(tx, account, &arn)?, &arn, &input.version_id)?;
            entity::change(tx, account, policy, |doc| {
                let own = doc.policy_mut()?;
                own.default_version = version.number;
                own.updated = now;
                Ok(())
            })?;
            Ok(iam_policies::set_default_version(tx, account, &arn, version.number)?)
        })
        .await
    }

    /// Errors: NoSuchEntity, DeleteConflict for the default one, AccessDenied for AWS's.
    pub(crate) async fn delete_policy_version(&self, cx: &Cx, input: DeletePolicyVersionRequest) -> Result<()> {
        let arn = input.policy_arn;
        policies::refuse_aws(cx, "iam:DeletePolicyVersion", &arn)?;
        self.change(cx, move |tx, account| {
            entity::policy(tx, account, &arn)?;
            let version = find(iam_policies::versions(tx, account, &arn)?, &arn, &input.version_id)?;
            if version.is_default {
                return Err(errors::version_is_default().into());
            }
            Ok(iam_policies::delete_version(tx, account, &arn, version.number)?)
        })
        .await
    }
}
