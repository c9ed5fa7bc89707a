//! Inline policies of roles, users and groups. Reference: identity-pools-iam 3.2, 7.

use api::iam::{
    DeleteGroupPolicyRequest, DeleteRolePolicyRequest, DeleteUserPolicyRequest, GetGroupPolicyRequest,
    GetGroupPolicyResponse, GetRolePolicyRequest, GetRolePolicyResponse, GetUserPolicyRequest, GetUserPolicyResponse,
    ListGroupPoliciesRequest, ListGroupPoliciesResponse, ListRolePoliciesRequest, ListRolePoliciesResponse,
    ListUserPoliciesRequest, ListUserPoliciesResponse, PutGroupPolicyRequest, PutRolePolicyRequest,
    PutUserPolicyRequest,
};
use kernel::{Cx, Result};
use policy::limits;
use store::records::{
    iam::{Kind, Page},
    iam_policies,
};

use crate::{
    Iam, documents,
    entity::{self, Named},
    errors,
    paging::Cut,
};

/// Characters of all of one entity's inline policies together.
fn quota(kind: Kind) -> usize {
    match kind {
        Kind::Role => limits::INLINE_ROLE,
        Kind::Group => limits::INLINE_GROUP,
        Kind::User | Kind::Policy => limits::INLINE_USER,
    }
}

impl Iam {
    async fn put_inline(&self, cx: &Cx, of: Named, policy: String, document: String) -> Result<()> {
        documents::identity(&document)?;
        self.change(cx, move |tx, account| {
            let owner = entity::named(tx, account, of.kind, &of.name)?;
            let all = Page {
                after: String::new(),
                limit: i64::MAX,
            };
            let others = iam_policies::inlines(tx, account, &owner.id, &all)?;
            let others = others.iter().filter(|(name, _)| *name != policy);
            let size: usize = others.map(|(_, text)| limits::counted_chars(text)).sum();
            let quota = quota(of.kind);
            if size + limits::counted_chars(&document) > quota {
                return Err(errors::inline_policies_too_large(of.kind, &owner.name, quota).into());
            }
            Ok(iam_policies::put_inline(tx, account, &owner.id, &policy, &document)?)
        })
        .await
    }

    /// The owner's name as it is stored, and the document as it is answered.
    async fn inline(&self, cx: &Cx, of: Named, policy: String) -> Result<(String, String)> {
        let names = self.names();
        self.look(cx, move |r, account| {
            let owner = names.entity(r, account, of.kind, &of.name)?;
            match iam_policies::inline(r, account, &owner.id, &policy)? {
                Some(document) => Ok((owner.name, documents::encoded(&document))),
                None => Err(errors::no_such_inline_policy(of.kind, &policy).into()),
            }
        })
        .await
    }

    async fn delete_inline(&self, cx: &Cx, of: Named, policy: String) -> Result<()> {
        self.change(cx, move |tx, account| {
            let owner = entity::named(tx, account, of.kind, &of.name)?;
            if iam_policies::delete_inline(tx, account, &owner.id, &policy)? {
                Ok(())
            } else {
                Err(errors::no_such_inline_policy(of.kind, &policy).into())
            }
        })
        .await
    }

    async fn inline_names(
        &self,
        cx: &Cx,
        of: Named,
        marker: Option<String>,
        max_items: Option<i32>,
    ) -> Result<Cut<String>> {
        let page = self.page(
            cx,
            &["inline policies", of.kind.as_str(), &of.name],
            marker.as_deref(),
            max_items,
        )?;
        let asked = page.rows.clone();
        let owners = self.names();
        let names = self.look(cx, move |r, account| {
            let owner = owners.entity(r, account, of.kind, &of.name)?;
            let policies = iam_policies::inlines(r, account, &owner.id, &asked)?;
            Ok(policies.into_iter().map(|(name, _)| name).collect())
        });
        self.cut(cx, names.await?, &page, String::clone)
    }
}

impl Iam {
    /// Errors: NoSuchEntity, MalformedPolicyDocument, LimitExceeded.
    pub(crate) async fn put_role_policy(&self, cx: &Cx, input: PutRolePolicyRequest) -> Result<()> {
        let role = Named::role(input.role_name);
        self.put_inline(cx, role, input.policy_name, input.policy_document)
            .await
    }

    /// Errors: NoSuchEntity.
    pub(crate) async fn role_policy(&self, cx: &Cx, input: GetRolePolicyRequest) -> Result<GetRolePolicyResponse> {
        let role = Named::role(input.role_name);
        let (role_name, policy_document) = self.inline(cx, role, input.policy_name.clone()).await?;
        Ok(GetRolePolicyResponse {
            role_name,
            policy_name: input.policy_name,
            policy_document,
        })
    }

    /// Errors: NoSuchEntity.
    pub(crate) async fn delete_role_policy(&self, cx: &Cx, input: DeleteRolePolicyRequest) -> Result<()> {
        self.delete_inline(cx, Named::role(input.role_name), input.policy_name)
            .await
    }

    /// Errors: NoSuchEntity.
    pub(crate) async fn list_role_policies(
        &self,
        cx: &Cx,
        input: ListRolePoliciesRequest,
    ) -> Result<ListRolePoliciesResponse> {
        let role = Named::role(input.role_name);
        let cut = self.inline_names(cx, role, input.marker, input.max_items).await?;
        Ok(ListRolePoliciesResponse {
            policy_names: cut.items,
            is_truncated: cut.is_truncated,
            marker: cut.marker,
        })
    }

    /// Errors: NoSuchEntity, MalformedPolicyDocument, LimitExceeded.
    pub(crate) async fn put_user_policy(&self, cx: &Cx, input: PutUserPolicyRequest) -> Result<()> {
        let user = Named::user(input.user_name);
        self.put_inline(cx, user, input.policy_name, input.policy_document)
            .await
    }

    /// Errors: NoSuchEntity.
    pub(crate) async fn user_policy(&self, cx: &Cx, input: GetUserPolicyRequest) -> Result<GetUserPolicyResponse> {
        let user = Named::user(input.user_name);
        let (user_name, policy_document) = self.inline(cx, user, input.policy_name.clone()).await?;
        Ok(GetUserPolicyResponse {
            user_name,
            policy_name: input.policy_name,
            policy_document,
        })
    }

    /// Errors: NoSuchEntity.
    pub(crate) async fn delete_user_policy(&self, cx: &Cx, input: DeleteUserPolicyRequest) -> Result<()> {
        self.delete_inline(cx, Named::user(input.user_name), input.policy_name)
            .await
    }

    /// Errors: NoSuchEntity.
    pub(crate) async fn list_user_policies(
        &self,
        cx: &Cx,
        input: ListUserPoliciesRequest,
    ) -> Result<ListUserPoliciesResponse> {
        let user = Named::user(input.user_name);
        let cut = self.inline_names(cx, user, input.marker, input.max_items).await?;
        Ok(ListUserPoliciesResponse {
            policy_names: cut.items,
            is_truncated: cut.is_truncated,
            marker: cut.marker,
        })
    }

    /// Errors: NoSuchEntity, MalformedPolicyDocument, LimitExceeded.
    pub(crate) async fn put_group_policy(&self, cx: &Cx, input: PutGroupPolicyRequest) -> Result<()> {
        let group = Named::group(input.group_name);
        self.put_inline(cx, group, input.policy_name, input.policy_document)
            .await
    }

    /// Errors: NoSuchEntity.
    pub(crate) async fn group_policy(&self, cx: &Cx, input: GetGroupPolicyRequest) -> Result<GetGroupPolicyResponse> {
        let group = Named::group(input.group_name);
        let (group_name, policy_document) = self.inline(cx, group, input.policy_name.clone()).await?;
        Ok(GetGroupPolicyResponse {
            group_name,
            policy_name: input.policy_name,
            policy_document,
        })
    }

    /// Errors: NoSuchEntity.
    pub(crate) async fn delete_group_policy(&self, cx: &Cx, input: DeleteGroupPolicyRequest) -> Result<()> {
        self.delete_inline(cx, Named::group(input.group_name), input.policy_name)
            .await
    }

    /// Errors: NoSuchEntity.
    pub(crate) async fn list_group_policies(
        &self,
        cx: &Cx,
        input: ListGroupPoliciesRequest,
    ) -> Result<ListGroupPoliciesResponse> {
        let group = Named::group(input.group_name);
        let cut = self.inline_names(cx, group, input.marker, input.max_items).await?;
        Ok(ListGroupPoliciesResponse {
            policy_names: cut.items,
            is_truncated: cut.is_truncated,
            marker: cut.marker,
        })
    }
}
