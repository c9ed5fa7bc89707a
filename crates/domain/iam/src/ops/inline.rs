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

use crate::{Iam, documents, entity, errors, paging::Cut};

/// Characters of all of one entity's inline policies together.
fn quota(kind: Kind) -> usize {
    match kind {
        Kind::Role => limits::INLINE_ROLE,
        Kind::Group => limits::INLINE_GROUP,
        Kind::User | Kind::Policy => limits::INLINE_USER,
    }
}

impl Iam {
    async fn put_inline(&self, cx: &Cx, kind: Kind, name: String, policy: String, document: String) -> Result<()> {
        documents::identity(&document)?;
        self.change(cx, move |tx, account| {
            let owner = entity::named(tx, account, kind, &name)?;
            let all = Page {
                after: String::new(),
                limit: i64::MAX,
            };
            let others = iam_policies::inlines(tx, account, &owner.id, &all)?;
            let others = others.iter().filter(|(name, _)| *name != policy);
            let size: usize = others.map(|(_, text)| limits::counted_chars(text)).sum();
            if size + limits::counted_chars(&document) > quota(kind) {
                return Err(errors::inline_policies_too_large(kind, &owner.name, quota(kind)).into());
            }
            Ok(iam_policies::put_inline(tx, account, &owner.id, &policy, &document)?)
        })
        .await
    }

    /// The owner's name as it is stored, and the document as it is answered.
    async fn inline(&self, cx: &Cx, kind: Kind, name: String, policy: String) -> Result<(String, String)> {
        let names = self.names();
        self.look(cx, move |r, account| {
            let owner = names.entity(r, account, kind, &name)?;
            match iam_policies::inline(r, account, &owner.id, &policy)? {
                Some(document) => Ok((owner.name, documents::encoded(&document))),
                None => Err(errors::no_such_inline_policy(kind, &policy).into()),
            }
        })
        .await
    }

    async fn delete_inline(&self, cx: &Cx, kind: Kind, name: String, policy: String) -> Result<()> {
        self.change(cx, move |tx, account| {
            let owner = entity::named(tx, account, kind, &name)?;
            if iam_policies::delete_inline(tx, account, &owner.id, &policy)? {
                Ok(())
            } else {
                Err(errors::no_such_inline_policy(kind, &policy).into())
            }
        })
        .await
    }

    async fn inline_names(
        &self,
        cx: &Cx,
        kind: Kind,
        name: String,
        marker: Option<String>,
        max_items: Option<i32>,
    ) -> Result<Cut<String>> {
        let page = self.page(
            cx,
            &["inline policies", kind.as_str(), &name],
            marker.as_deref(),
            max_items,
        )?;
        let asked = page.rows.clone();
        let owners = self.names();
        let names = self.look(cx, move |r, account| {
            let owner = owners.entity(r, account, kind, &name)?;
            let policies = iam_policies::inlines(r, account, &owner.id, &asked)?;
            Ok(policies.into_iter().map(|(name, _)| name).collect())
        });
        self.cut(cx, names.await?, &page, String::clone)
    }
}

macro_rules! inline_policies {
    ($kind:ident, $name:ident: $put:ident($Put:ident), $get:ident($Get:ident) -> $Got:ident,
        $delete:ident($Delete:ident), $list:ident($List:ident) -> $Listed:ident) => {
        impl Iam {
            /// Errors: NoSuchEntity, MalformedPolicyDocument, LimitExceeded.
            pub(crate) async fn $put(&self, cx: &Cx, input: $Put) -> Result<()> {
                self.put_inline(
                    cx,
                    Kind::$kind,
                    input.$name,
                    input.policy_name,
                    input.policy_document,
                )
                .await
            }

            /// Errors: NoSuchEntity.
            pub(crate) async fn $get(&self, cx: &Cx, input: $Get) -> Result<$Got> {
                let policy_name = input.policy_name.clone();
                let ($name, policy_document) = self
                    .inline(cx, Kind::$kind, input.$name, input.policy_name)
                    .await?;
                Ok($Got {
                    $name,
                    policy_name,
                    policy_document,
                })
            }

            /// Errors: NoSuchEntity.
            pub(crate) async fn $delete(&self, cx: &Cx, input: $Delete) -> Result<()> {
                self.delete_inline(cx, Kind::$kind, input.$name, input.policy_name)
                    .await
            }

            /// Errors: NoSuchEntity.
            pub(crate) async fn $list(&self, cx: &Cx, input: $List) -> Result<$Listed> {
                let Cut {
                    items,
                    is_truncated,
                    marker,
                } = self
                    .inline_names(cx, Kind::$kind, input.$name, input.marker, input.max_items)
                    .await?;
                Ok($Listed {
                    policy_names: items,
                    is_truncated,
                    marker,
                })
            }
        }
    };
}

inline_policies!(Role, role_name: put_role_policy(PutRolePolicyRequest),
    role_policy(GetRolePolicyRequest) -> GetRolePolicyResponse, delete_role_policy(DeleteRolePolicyRequest),
    list_role_policies(ListRolePoliciesRequest) -> ListRolePoliciesResponse);
inline_policies!(User, user_name: put_user_policy(PutUserPolicyRequest),
    user_policy(GetUserPolicyRequest) -> GetUserPolicyResponse, delete_user_policy(DeleteUserPolicyRequest),
    list_user_policies(ListUserPoliciesRequest) -> ListUserPoliciesResponse);
inline_policies!(Group, group_name: put_group_policy(PutGroupPolicyRequest),
    group_policy(GetGroupPolicyRequest) -> GetGroupPolicyResponse, delete_group_policy(DeleteGroupPolicyRequest),
    list_group_policies(ListGroupPoliciesRequest) -> ListGroupPoliciesResponse);
