//! Managed policies of roles, users and groups. Reference: identity-pools-iam 3.2, 7.

use api::iam::{
    AttachGroupPolicyRequest, AttachRolePolicyRequest, AttachUserPolicyRequest, AttachedPolicy,
    DetachGroupPolicyRequest, DetachRolePolicyRequest, DetachUserPolicyRequest, ListAttachedGroupPoliciesRequest,
    ListAttachedGroupPoliciesResponse, ListAttachedRolePoliciesRequest, ListAttachedRolePoliciesResponse,
    ListAttachedUserPoliciesRequest, ListAttachedUserPoliciesResponse,
};
use kernel::{Cx, Result};
use store::records::{
    iam::{Kind, Page},
    iam_policies::{self, Use},
};

use super::policies;
use crate::{Iam, developer, entity, errors, managed, paging::Cut};

const MOST: usize = 10;

fn quota(kind: Kind) -> &'static str {
    match kind {
        Kind::Role => "PoliciesPerRole",
        Kind::User => "PoliciesPerUser",
        Kind::Group | Kind::Policy => "PoliciesPerGroup",
    }
}

impl Iam {
    async fn attach(&self, cx: &Cx, kind: Kind, name: String, arn: String) -> Result<()> {
        self.change(cx, move |tx, account| {
            entity::check_policy_arn(&arn)?;
            let owner = entity::named(tx, account, kind, &name)?;
            if !policies::exists(tx, account, &arn)? {
                return Err(errors::not_attachable(&arn).into());
            }
            let all = Page {
                after: String::new(),
                limit: i64::MAX,
            };
            let attached = iam_policies::attached(tx, account, &owner.id, &all)?;
            if !attached.contains(&arn) && attached.len() >= MOST {
                return Err(errors::quota(quota(kind), MOST).into());
            }
            Ok(iam_policies::attach(tx, account, &owner.id, Use::Permissions, &arn)?)
        })
        .await
    }

    async fn detach(&self, cx: &Cx, kind: Kind, name: String, arn: String) -> Result<()> {
        self.change(cx, move |tx, account| {
            entity::check_policy_arn(&arn)?;
            let owner = entity::named(tx, account, kind, &name)?;
            if iam_policies::detach(tx, account, &owner.id, Use::Permissions, &arn)? {
                Ok(())
            } else {
                Err(errors::no_such_policy(&arn).into())
            }
        })
        .await
    }

    async fn attached(&self, cx: &Cx, kind: Kind, name: String, path_prefix: Option<String>) -> Result<Vec<String>> {
        let names = self.names();
        self.look(cx, move |r, account| {
            let owner = names.entity(r, account, kind, &name)?;
            let all = Page {
                after: String::new(),
                limit: i64::MAX,
            };
            let mut arns = if developer::is(&owner.id) {
                vec![managed::ADMINISTRATOR_ACCESS.to_owned()]
            } else {
                iam_policies::attached(r, account, &owner.id, &all)?
            };
            if let Some(prefix) = &path_prefix {
                arns.retain(|arn| path_of(arn).starts_with(prefix.as_str()));
            }
            Ok(arns)
        })
        .await
    }
}

/// `/app/` of `arn:aws:iam::…:policy/app/Name`.
fn path_of(arn: &str) -> &str {
    let path_and_name = arn.split_once(":policy").map_or("", |(_, rest)| rest);
    let length = path_and_name.rfind('/').map_or(0, |at| at + 1);
    path_and_name.get(..length).unwrap_or("")
}

fn attached_policy(arn: String) -> AttachedPolicy {
    AttachedPolicy {
        policy_name: arn.rsplit_once('/').map(|(_, name)| name.to_owned()),
        policy_arn: Some(arn),
    }
}

macro_rules! attached_policies {
    ($kind:ident, $name:ident: $attach:ident($Attach:ident), $detach:ident($Detach:ident),
        $list:ident($List:ident) -> $Listed:ident) => {
        impl Iam {
            /// Errors: ValidationError, NoSuchEntity, LimitExceeded.
            pub(crate) async fn $attach(&self, cx: &Cx, input: $Attach) -> Result<()> {
                self.attach(cx, Kind::$kind, input.$name, input.policy_arn).await
            }

            /// Errors: ValidationError, NoSuchEntity.
            pub(crate) async fn $detach(&self, cx: &Cx, input: $Detach) -> Result<()> {
                self.detach(cx, Kind::$kind, input.$name, input.policy_arn).await
            }

            /// Errors: NoSuchEntity.
            pub(crate) async fn $list(&self, cx: &Cx, input: $List) -> Result<$Listed> {
                let page = self.page(
                    cx,
                    &["attached policies", Kind::$kind.as_str(), &input.$name],
                    input.marker.as_deref(),
                    input.max_items,
                )?;
                let arns = self
                    .attached(cx, Kind::$kind, input.$name, input.path_prefix)
                    .await?;
                let Cut {
                    items,
                    is_truncated,
                    marker,
                } = self.cut_by_position(cx, arns, &page)?;
                Ok($Listed {
                    attached_policies: Some(items.into_iter().map(attached_policy).collect()),
                    is_truncated,
                    marker,
                })
            }
        }
    };
}

attached_policies!(Role, role_name: attach_role_policy(AttachRolePolicyRequest),
    detach_role_policy(DetachRolePolicyRequest),
    list_attached_role_policies(ListAttachedRolePoliciesRequest) -> ListAttachedRolePoliciesResponse);
attached_policies!(User, user_name: attach_user_policy(AttachUserPolicyRequest),
    detach_user_policy(DetachUserPolicyRequest),
    list_attached_user_policies(ListAttachedUserPoliciesRequest) -> ListAttachedUserPoliciesResponse);
attached_policies!(Group, group_name: attach_group_policy(AttachGroupPolicyRequest),
    detach_group_policy(DetachGroupPolicyRequest),
    list_attached_group_policies(ListAttachedGroupPoliciesRequest) -> ListAttachedGroupPoliciesResponse);

#[cfg(test)]
mod tests {
    use super::path_of;

    #[test]
    fn the_path_of_a_policy_is_read_from_its_arn() {
        assert_eq!(path_of("arn:aws:iam::aws:policy/service-role/X"), "/service-role/");
        assert_eq!(path_of("arn:aws:iam::123456789012:policy/X"), "/");
        assert_eq!(path_of("nothing"), "");
    }
}
