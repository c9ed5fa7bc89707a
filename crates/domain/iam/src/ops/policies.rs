//! Managed policies: the account's own, and AWS's, which can be read and attached only. Reference: identity-pools-iam 3.2,
//! 3.3, 8.

use std::collections::HashMap;

use api::iam::{
    CreatePolicyRequest, CreatePolicyResponse, DeletePolicyRequest, EntityType, GetPolicyRequest, GetPolicyResponse,
    ListEntitiesForPolicyRequest, ListEntitiesForPolicyResponse, ListPoliciesRequest, ListPoliciesResponse, Policy,
    PolicyGroup, PolicyRole, PolicyScopeType, PolicyUsageType, PolicyUser,
};
use kernel::{AccountId, Cx, Result, Timestamp};
use store::{
    Read, Stop, StoreError,
    records::{
        iam::{self, Entity, Kind, Page},
        iam_policies::{self, Use, Version},
    },
};

use super::tags;
use crate::{
    Caller, Iam,
    doc::{Doc, PolicyDoc},
    documents, entity, errors,
    managed::{self, AwsPolicy},
    paging::Cut,
};

/// Whether there is such a policy to attach, AWS's or the account's. Errors: ValidationError.
pub(super) fn exists(r: &mut impl Read, account: &AccountId, arn: &str) -> std::result::Result<bool, Stop> {
    entity::check_policy_arn(arn)?;
    Ok(managed::find(arn).is_some() || entity::by_arn(r, account, Kind::Policy, arn)?.is_some())
}

/// For how many a policy stands: permissions, boundaries.
type Counts = (i64, i64);

fn small(n: i64) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX)
}

/// As lists show it: without description and tags.
fn shown(account: &AccountId, policy: &Entity, counts: Counts) -> std::result::Result<Policy, StoreError> {
    let doc = Doc::of(policy)?;
    let own = doc.policy()?;
    Ok(Policy {
        policy_name: Some(policy.name.clone()),
        policy_id: Some(policy.id.clone()),
        arn: Some(entity::arn(account, policy).into()),
        path: Some(policy.path.clone()),
        default_version_id: Some(format!("v{}", own.default_version)),
        attachment_count: Some(small(counts.0)),
        permissions_boundary_usage_count: Some(small(counts.1)),
        is_attachable: Some(true),
        create_date: Some(policy.created),
        update_date: Some(own.updated),
        ..Policy::default()
    })
}

/// As GetPolicy shows it.
fn shown_whole(account: &AccountId, policy: &Entity, counts: Counts) -> std::result::Result<Policy, StoreError> {
    let doc = Doc::of(policy)?;
    Ok(Policy {
        tags: Some(tags::list(&doc)),
        description: doc.description,
        ..shown(account, policy, counts)?
    })
}

fn shown_aws(policy: &AwsPolicy, counts: Counts) -> Policy {
    Policy {
        policy_name: Some(policy.name.to_owned()),
        policy_id: Some(policy.id()),
        arn: Some(policy.arn()),
        path: Some(policy.path.to_owned()),
        default_version_id: Some(format!("v{}", policy.version)),
        attachment_count: Some(small(counts.0)),
        permissions_boundary_usage_count: Some(small(counts.1)),
        is_attachable: Some(true),
        create_date: Some(policy.created),
        update_date: Some(policy.updated),
        ..Policy::default()
    }
}

fn first_version(document: &str, created: Timestamp) -> Version {
    Version {
        number: 1,
        is_default: true,
        document: document.to_owned(),
        created,
    }
}

impl Iam {
    /// Errors: EntityAlreadyExists, MalformedPolicyDocument, LimitExceeded, InvalidInput.
    pub(crate) async fn create_policy(&self, cx: &Cx, input: CreatePolicyRequest) -> Result<CreatePolicyResponse> {
        documents::managed(&input.policy_document)?;
        let doc = Doc {
            description: input.description,
            tags: tags::fresh(input.tags)?,
            policy: Some(PolicyDoc {
                newest_version: 1,
                default_version: 1,
                updated: cx.now(),
            }),
            ..Doc::default()
        };
        let fresh = entity::new(cx, Kind::Policy, input.policy_name, input.path, &doc)?;
        let document = input.policy_document;
        let policy = self.change(cx, move |tx, account| {
            if !iam::insert(tx, account, &fresh)? {
                return Err(errors::already_exists(Kind::Policy, &fresh.name).into());
            }
            let arn = entity::arn(account, &fresh);
            let version = first_version(&document, fresh.created);
            iam_policies::insert_version(tx, account, arn.as_str(), &version)?;
            Ok(Policy {
                tags: tags::shown(&doc),
                ..shown(account, &fresh, (0, 0))?
            })
        });
        Ok(CreatePolicyResponse {
            policy: Some(policy.await?),
        })
    }

    /// Errors: NoSuchEntity.
    pub(crate) async fn policy(&self, cx: &Cx, input: GetPolicyRequest) -> Result<GetPolicyResponse> {
        let policy = self.look(cx, move |r, account| {
            let arn = &input.policy_arn;
            entity::check_policy_arn(arn)?;
            let counts = iam_policies::attachment_counts(r, account, arn)?;
            if let Some(aws) = managed::find(arn) {
                return Ok(Policy {
                    tags: Some(Vec::new()),
                    ..shown_aws(aws, counts)
                });
            }
            let policy = entity::policy(r, account, arn)?;
            Ok(shown_whole(account, &policy, counts)?)
        });
        Ok(GetPolicyResponse {
            policy: Some(policy.await?),
        })
    }

    /// AWS's first, then the account's own, each by name.
    pub(crate) async fn list_policies(&self, cx: &Cx, input: ListPoliciesRequest) -> Result<ListPoliciesResponse> {
        let page = self.page(cx, &["ListPolicies"], input.marker.as_deref(), input.max_items)?;
        let wanted = Wanted {
            scope: input.scope.unwrap_or(PolicyScopeType::All),
            only_attached: input.only_attached == Some(true),
            prefix: input.path_prefix.unwrap_or_else(|| "/".to_owned()),
            usage: input.policy_usage_filter,
        };
        let policies = self.look(cx, move |r, account| Ok(wanted.find(r, account)?)).await?;
        let rest = policies.into_iter().filter(|(key, _)| *key > page.rows.after).collect();
        let Cut {
            items,
            is_truncated,
            marker,
        } = self.cut(cx, rest, &page, |(key, _): &(String, Policy)| key.clone())?;
        Ok(ListPoliciesResponse {
            policies: Some(items.into_iter().map(|(_, policy)| policy).collect()),
            is_truncated,
            marker,
        })
    }

    /// Errors: NoSuchEntity, DeleteConflict, AccessDenied for AWS's.
    pub(crate) async fn delete_policy(&self, cx: &Cx, input: DeletePolicyRequest) -> Result<()> {
        let arn = input.policy_arn;
        refuse_aws(cx, "iam:DeletePolicy", &arn)?;
        self.change(cx, move |tx, account| {
            let policy = entity::policy(tx, account, &arn)?;
            if iam_policies::attachment_counts(tx, account, &arn)? != (0, 0) {
                return Err(errors::policy_is_attached().into());
            }
            if iam_policies::versions(tx, account, &arn)?.len() > 1 {
                return Err(errors::policy_has_versions().into());
            }
            iam_policies::delete_version(tx, account, &arn, Doc::of(&policy)?.policy()?.default_version)?;
            iam::delete(tx, account, &policy)?;
            Ok(())
        })
        .await
    }

    /// Roles, users and groups that the policy is attached to, and those it is the boundary of. Errors: NoSuchEntity.
    pub(crate) async fn list_entities_for_policy(
        &self,
        cx: &Cx,
        input: ListEntitiesForPolicyRequest,
    ) -> Result<ListEntitiesForPolicyResponse> {
        let page = self.page(
            cx,
            &["ListEntitiesForPolicy", &input.policy_arn],
            input.marker.as_deref(),
            input.max_items,
        )?;
        let asked = page.rows.clone();
        let entities = self
            .look(cx, move |r, account| {
                if !exists(r, account, &input.policy_arn)? {
                    return Err(errors::no_such_policy(&input.policy_arn).into());
                }
                Ok(users_of(r, account, &input, &asked.after)?)
            })
            .await?;
        let Cut {
            items,
            is_truncated,
            marker,
        } = self.cut(cx, entities, &page, |entity| entity.id.clone())?;
        let mut answer = ListEntitiesForPolicyResponse {
            policy_groups: Some(Vec::new()),
            policy_users: Some(Vec::new()),
            policy_roles: Some(Vec::new()),
            is_truncated,
            marker,
        };
        for entity in items {
            sort_in(&mut answer, entity);
        }
        Ok(answer)
    }
}

/// AWS's policies are nobody's to change. Errors: AccessDenied.
pub(super) fn refuse_aws(cx: &Cx, action: &str, arn: &str) -> Result<()> {
    if managed::is_aws(arn) {
        return Err(errors::aws_managed(
            Caller::who_signed(cx)?.principal.arn.as_str(),
            action,
            arn,
        ));
    }
    Ok(())
}

/// What ListPolicies asks for.
struct Wanted {
    scope: PolicyScopeType,
    only_attached: bool,
    prefix: String,
    usage: Option<PolicyUsageType>,
}

impl Wanted {
    /// With the key that the list is ordered by.
    fn find(&self, r: &mut impl Read, account: &AccountId) -> std::result::Result<Vec<(String, Policy)>, StoreError> {
        let mut counts: HashMap<String, Counts> = HashMap::new();
        for (policy, purpose, n) in iam_policies::all_attachment_counts(r, account)? {
            let (permissions, boundaries) = counts.entry(policy).or_default();
            match purpose {
                Use::Permissions => *permissions = n,
                Use::Boundary => *boundaries = n,
            }
        }
        let of = |arn: &str| counts.get(arn).copied().unwrap_or_default();
        let mut found = Vec::new();
        if self.scope != PolicyScopeType::Local {
            for policy in managed::ALL
                .iter()
                .filter(|policy| policy.path.starts_with(&self.prefix))
            {
                let counts = of(&policy.arn());
                if self.fits(counts) {
                    found.push((format!("aws/{}", policy.name), shown_aws(policy, counts)));
                }
            }
        }
        if self.scope != PolicyScopeType::Aws {
            let all = Page {
                after: String::new(),
                limit: i64::MAX,
            };
            for policy in iam::list(r, account, Kind::Policy, &self.prefix, &all)? {
                let counts = of(entity::arn(account, &policy).as_str());
                if self.fits(counts) {
                    let key = format!("local/{}", policy.name.to_ascii_lowercase());
                    found.push((key, shown(account, &policy, counts)?));
                }
            }
        }
        Ok(found)
    }

    fn fits(&self, (permissions, boundaries): Counts) -> bool {
        let used = match self.usage {
            None => permissions + boundaries > 0,
            Some(PolicyUsageType::PermissionsPolicy) => permissions > 0,
            Some(PolicyUsageType::PermissionsBoundary) => boundaries > 0,
        };
        used || !(self.only_attached || self.usage.is_some())
    }
}

/// By id, each once, from behind `after` on.
fn users_of(
    r: &mut impl Read,
    account: &AccountId,
    input: &ListEntitiesForPolicyRequest,
    after: &str,
) -> std::result::Result<Vec<Entity>, StoreError> {
    let kind = match input.entity_filter {
        None => None,
        Some(EntityType::Role) => Some(Kind::Role),
        Some(EntityType::User) => Some(Kind::User),
        Some(EntityType::Group) => Some(Kind::Group),
        Some(EntityType::LocalManagedPolicy | EntityType::AWSManagedPolicy) => return Ok(Vec::new()),
    };
    let page = Page {
        after: after.to_owned(),
        limit: i64::MAX,
    };
    let mut found = Vec::new();
    if input.policy_usage_filter != Some(PolicyUsageType::PermissionsBoundary) {
        found.extend(iam_policies::entities_of(
            r,
            account,
            &input.policy_arn,
            Use::Permissions,
            &page,
        )?);
    }
    if input.policy_usage_filter != Some(PolicyUsageType::PermissionsPolicy) {
        found.extend(iam_policies::entities_of(
            r,
            account,
            &input.policy_arn,
            Use::Boundary,
            &page,
        )?);
    }
    found.retain(|entity| {
        kind.is_none_or(|kind| entity.kind == kind)
            && input
                .path_prefix
                .as_ref()
                .is_none_or(|prefix| entity.path.starts_with(prefix))
    });
    found.sort_by(|a, b| a.id.cmp(&b.id));
    found.dedup_by(|a, b| a.id == b.id);
    Ok(found)
}

fn sort_in(answer: &mut ListEntitiesForPolicyResponse, entity: Entity) {
    let (name, id) = (Some(entity.name), Some(entity.id));
    match entity.kind {
        Kind::Group => answer.policy_groups.get_or_insert_default().push(PolicyGroup {
            group_name: name,
            group_id: id,
        }),
        Kind::User => answer.policy_users.get_or_insert_default().push(PolicyUser {
            user_name: name,
            user_id: id,
        }),
        Kind::Role => answer.policy_roles.get_or_insert_default().push(PolicyRole {
            role_name: name,
            role_id: id,
        }),
        Kind::Policy => {}
    }
}
