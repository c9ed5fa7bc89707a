//! Tags of roles, users and policies: at most 50, keys unique ignoring case. Reference: identity-pools-iam 7.

use std::collections::{BTreeMap, BTreeSet};

use api::iam::{
    ListPolicyTagsRequest, ListPolicyTagsResponse, ListRoleTagsRequest, ListRoleTagsResponse, ListUserTagsRequest,
    ListUserTagsResponse, Tag, TagPolicyRequest, TagRoleRequest, TagUserRequest, UntagPolicyRequest, UntagRoleRequest,
    UntagUserRequest,
};
use kernel::{AccountId, ApiError, Cx, Result};
use store::{
    Read, Stop,
    records::iam::{Entity, Kind},
};

use crate::{
    Iam,
    doc::Doc,
    entity::{self, Named},
    errors,
    paging::Cut,
};

const MOST: usize = 50;

/// Tags of something new. Errors: as [`put`].
pub(super) fn fresh(given: Option<Vec<Tag>>) -> Result<BTreeMap<String, String>> {
    let mut tags = BTreeMap::new();
    put(&mut tags, given.unwrap_or_default())?;
    Ok(tags)
}

/// Replaces those of the same key. Errors: InvalidInput for given keys that are equal ignoring case, LimitExceeded.
fn put(tags: &mut BTreeMap<String, String>, given: Vec<Tag>) -> std::result::Result<(), ApiError> {
    let mut keys = BTreeSet::new();
    if !given.iter().all(|tag| keys.insert(tag.key.to_lowercase())) {
        return Err(errors::duplicate_tag_keys());
    }
    for tag in given {
        tags.retain(|key, _| !key.eq_ignore_ascii_case(&tag.key));
        tags.insert(tag.key, tag.value);
    }
    if tags.len() > MOST {
        return Err(errors::too_many_tags(MOST));
    }
    Ok(())
}

/// As an answer shows them; absent where there are none.
pub(super) fn shown(doc: &Doc) -> Option<Vec<Tag>> {
    let tags: Vec<Tag> = list(doc);
    (!tags.is_empty()).then_some(tags)
}

/// As those answers show them that always have the member.
pub(super) fn list(doc: &Doc) -> Vec<Tag> {
    let tag = |(key, value): (&String, &String)| Tag {
        key: key.clone(),
        value: value.clone(),
    };
    doc.tags.iter().map(tag).collect()
}

fn find(r: &mut impl Read, account: &AccountId, named: &Named) -> std::result::Result<Entity, Stop> {
    match named.kind {
        Kind::Policy => entity::policy(r, account, &named.name),
        kind => entity::named(r, account, kind, &named.name),
    }
}

impl Iam {
    async fn tag(&self, cx: &Cx, named: Named, tags: Vec<Tag>) -> Result<()> {
        self.change(cx, move |tx, account| {
            let found = find(tx, account, &named)?;
            entity::change(tx, account, found, |doc| Ok(put(&mut doc.tags, tags.clone())?))
        })
        .await
    }

    async fn untag(&self, cx: &Cx, named: Named, keys: Vec<String>) -> Result<()> {
        self.change(cx, move |tx, account| {
            let found = find(tx, account, &named)?;
            entity::change(tx, account, found, |doc| {
                doc.tags
                    .retain(|tag, _| !keys.iter().any(|key| key.eq_ignore_ascii_case(tag)));
                Ok(())
            })
        })
        .await
    }

    async fn tags(&self, cx: &Cx, of: Named, marker: Option<String>, max_items: Option<i32>) -> Result<Cut<Tag>> {
        let page = self.page(cx, &["tags", of.kind.as_str(), &of.name], marker.as_deref(), max_items)?;
        let names = self.names();
        let tags = self.look(cx, move |r, account| {
            let found = match of.kind {
                Kind::Policy => entity::policy(r, account, &of.name)?,
                kind => names.entity(r, account, kind, &of.name)?,
            };
            Ok(list(&Doc::of(&found)?))
        });
        self.cut_by_position(cx, tags.await?, &page)
    }
}

impl Iam {
    /// Errors: NoSuchEntity, LimitExceeded.
    pub(crate) async fn tag_role(&self, cx: &Cx, input: TagRoleRequest) -> Result<()> {
        self.tag(cx, Named::role(input.role_name), input.tags).await
    }

    /// Errors: NoSuchEntity.
    pub(crate) async fn untag_role(&self, cx: &Cx, input: UntagRoleRequest) -> Result<()> {
        self.untag(cx, Named::role(input.role_name), input.tag_keys).await
    }

    /// Errors: NoSuchEntity.
    pub(crate) async fn list_role_tags(&self, cx: &Cx, input: ListRoleTagsRequest) -> Result<ListRoleTagsResponse> {
        let role = Named::role(input.role_name);
        let cut = self.tags(cx, role, input.marker, input.max_items).await?;
        Ok(ListRoleTagsResponse {
            tags: cut.items,
            is_truncated: cut.is_truncated,
            marker: cut.marker,
        })
    }

    /// Errors: NoSuchEntity, LimitExceeded.
    pub(crate) async fn tag_user(&self, cx: &Cx, input: TagUserRequest) -> Result<()> {
        self.tag(cx, Named::user(input.user_name), input.tags).await
    }

    /// Errors: NoSuchEntity.
    pub(crate) async fn untag_user(&self, cx: &Cx, input: UntagUserRequest) -> Result<()> {
        self.untag(cx, Named::user(input.user_name), input.tag_keys).await
    }

    /// Errors: NoSuchEntity.
    pub(crate) async fn list_user_tags(&self, cx: &Cx, input: ListUserTagsRequest) -> Result<ListUserTagsResponse> {
        let user = Named::user(input.user_name);
        let cut = self.tags(cx, user, input.marker, input.max_items).await?;
        Ok(ListUserTagsResponse {
            tags: cut.items,
            is_truncated: cut.is_truncated,
            marker: cut.marker,
        })
    }

    /// Errors: NoSuchEntity, LimitExceeded.
    pub(crate) async fn tag_policy(&self, cx: &Cx, input: TagPolicyRequest) -> Result<()> {
        self.tag(cx, Named::policy(input.policy_arn), input.tags).await
    }

    /// Errors: NoSuchEntity.
    pub(crate) async fn untag_policy(&self, cx: &Cx, input: UntagPolicyRequest) -> Result<()> {
        self.untag(cx, Named::policy(input.policy_arn), input.tag_keys).await
    }

    /// Errors: NoSuchEntity.
    pub(crate) async fn list_policy_tags(
        &self,
        cx: &Cx,
        input: ListPolicyTagsRequest,
    ) -> Result<ListPolicyTagsResponse> {
        let policy = Named::policy(input.policy_arn);
        let cut = self.tags(cx, policy, input.marker, input.max_items).await?;
        Ok(ListPolicyTagsResponse {
            tags: cut.items,
            is_truncated: cut.is_truncated,
            marker: cut.marker,
        })
    }
}
