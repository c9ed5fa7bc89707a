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
use crate::{
    Iam, developer,
    entity::{self, Named},
    errors, managed,
    paging::Cut,
};

const MOST: usize = 10;

fn quota(kind: Kind) -> &'static str {
    match kind {
        Kind::Role => "PoliciesPerRole",
        Kind::User => "PoliciesPerUser",
        Kind::Group | Kind::Policy => "PoliciesPerGroup",
    }
}

impl Iam {
    async fn attach(&self, cx: &Cx, to: Named, arn: String) -> Result<()> {
        self.change(cx, move |tx, account| {
            entity::check_policy_arn(&arn)?;
            let owner = entity::named(tx, account, to.kind, &to.name)?;
            if !policies::exists(tx, account, &arn)? {
                return Err(errors::not_attachable(&arn).into());
            }
            let all = Page {
                after: String::new(),
                limit: i64::MAX,
            };
            let attached = iam_policies::attached(tx, account, &owner.id, &all)?;
            if !attached.contains(&arn) && attached.len() >= MOST {
                return Err(errors::quota(quota(to.kind), MOST).into());
            }
            Ok(iam_policies::attach(tx, account, &owner.id, Use::Permissions, &arn)?)
        })
        .await
    }

    async fn detach(&self, cx: &Cx, from: Named, arn: String) -> Result<()> {
        self.change(cx, move |tx, account| {
            entity::check_policy_arn(&arn)?;
            let owner = entity::named(tx, account, from.kind, &from.name)?;
            if iam_policies::detach(tx, account, &owner.id, Use::Permissions, &arn)? {
                Ok(())
            } else {
                Err(errors::no_such_policy(&arn).into())
            }
        })
        .await
    }

    async fn attached(&self, cx: &Cx, to: Named, asked: Asked) -> Result<Cut<AttachedPolicy>> {
        let list = ["attached policies", to.kind.as_str(), &to.name];
        let page = self.page(cx, &list, asked.marker.as_deref(), asked.max_items)?;
        let names = self.names();
        let attached = self.look(cx, move |r, account| {
            let owner = names.entity(r, account, to.kind, &to.name)?;
            let all = Page {
                after: String::new(),
                limit: i64::MAX,
            };
            let mut arns = if developer::is(&owner.id) {
                vec![managed::ADMINISTRATOR_ACCESS.to_owned()]
            } else {
                iam_policies::attached(r, account, &owner.id, &all)?
            };
            if let Some(prefix) = &asked.path_prefix {
                arns.retain(|arn| path_of(arn).starts_with(prefix.as_str()));
            }
            Ok(arns.into_iter().map(attached_policy).collect())
        });
        self.cut_by_position(cx, attached.await?, &page)
    }
}

/// Which of the attached policies are asked for.
struct Asked {
    path_prefix: Option<String>,
    marker: Option<String>,
    max_items: Option<i32>,
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

impl Iam {
    /// Errors: ValidationError, NoSuchEntity, LimitExceeded.
    pub(crate) async fn attach_role_policy(&self, cx: &Cx, input: AttachRolePolicyRequest) -> Result<()> {
        self.attach(cx, Named::role(input.role_name), input.policy_arn).await
    }

    /// Errors: ValidationError, NoSuchEntity.
    pub(crate) async fn detach_role_policy(&self, cx: &Cx, input: DetachRolePolicyRequest) -> Result<()> {
        self.detach(cx, Named::role(input.role_name), input.policy_arn).await
    }

    /// Errors: NoSuchEntity.
    pub(crate) async fn list_attached_role_policies(
        &self,
        cx: &Cx,
        input: ListAttachedRolePoliciesRequest,
    ) -> Result<ListAttachedRolePoliciesResponse> {
        let asked = Asked {
            path_prefix: input.path_prefix,
            marker: input.marker,
            max_items: input.max_items,
        };
        let cut = self.attached(cx, Named::role(input.role_name), asked).await?;
        Ok(ListAttachedRolePoliciesResponse {
            attached_policies: Some(cut.items),
            is_truncated: cut.is_truncated,
            marker: cut.marker,
        })
    }

    /// Errors: ValidationError, NoSuchEntity, LimitExceeded.
    pub(crate) async fn attach_user_policy(&self, cx: &Cx, input: AttachUserPolicyRequest) -> Result<()> {
        self.attach(cx, Named::user(input.user_name), input.policy_arn).await
    }

    /// Errors: ValidationError, NoSuchEntity.
    pub(crate) async fn detach_user_policy(&self, cx: &Cx, input: DetachUserPolicyRequest) -> Result<()> {
        self.detach(cx, Named::user(input.user_name), input.policy_arn).await
    }

    /// Errors: NoSuchEntity.
    pub(crate) async fn list_attached_user_policies(
        &self,
        cx: &Cx,
        input: ListAttachedUserPoliciesRequest,
    ) -> Result<ListAttachedUserPoliciesResponse> {
        let asked = Asked {
            path_prefix: input.path_prefix,
            marker: input.marker,
            max_items: input.max_items,
        };
        let cut = self.attached(cx, Named::user(input.user_name), asked).await?;
        Ok(ListAttachedUserPoliciesResponse {
            attached_policies: Some(cut.items),
            is_truncated: cut.is_truncated,
            marker: cut.marker,
        })
    }

    /// Errors: ValidationError, NoSuchEntity, LimitExceeded.
    pub(crate) async fn attach_group_policy(&self, cx: &Cx, input: AttachGroupPolicyRequest) -> Result<()> {
        self.attach(cx, Named::group(input.group_name), input.policy_arn).await
    }

    /// Errors: ValidationError, NoSuchEntity.
    pub(crate) async fn detach_group_policy(&self, cx: &Cx, input: DetachGroupPolicyRequest) -> Result<()> {
        self.detach(cx, Named::group(input.group_name), input.policy_arn).await
    }

    /// Errors: NoSuchEntity.
    pub(crate) async fn list_attached_group_policies(
        &self,
        cx: &Cx,
        input: ListAttachedGroupPoliciesRequest,
    ) -> Result<ListAttachedGroupPoliciesResponse> {
        let asked = Asked {
            path_prefix: input.path_prefix,
            marker: input.marker,
            max_items: input.max_items,
        };
        let cut = self.attached(cx, Named::group(input.group_name), asked).await?;
        Ok(ListAttachedGroupPoliciesResponse {
            attached_policies: Some(cut.items),
            is_truncated: cut.is_truncated,
            marker: cut.marker,
        })
    }
}

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
