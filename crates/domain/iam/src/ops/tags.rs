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

use crate::{Iam, doc::Doc, entity, errors, paging::Cut};

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

/// Policies are named by ARN, all others by name.
fn find(r: &mut impl Read, account: &AccountId, kind: Kind, name: &str) -> std::result::Result<Entity, Stop> {
    match kind {
        Kind::Policy => entity::policy(r, account, name),
        kind => entity::named(r, account, kind, name),
    }
}

impl Iam {
    async fn tag(&self, cx: &Cx, kind: Kind, name: String, tags: Vec<Tag>) -> Result<()> {
        self.change(cx, move |tx, account| {
            let found = find(tx, account, kind, &name)?;
            entity::rewrite(tx, account, found, |doc| Ok(put(&mut doc.tags, tags.clone())?))
        })
        .await
    }

    async fn untag(&self, cx: &Cx, kind: Kind, name: String, keys: Vec<String>) -> Result<()> {
        self.change(cx, move |tx, account| {
            let found = find(tx, account, kind, &name)?;
            entity::rewrite(tx, account, found, |doc| {
                doc.tags
                    .retain(|tag, _| !keys.iter().any(|key| key.eq_ignore_ascii_case(tag)));
                Ok(())
            })
        })
        .await
    }

    async fn tags(
        &self,
        cx: &Cx,
        kind: Kind,
        name: String,
        marker: Option<String>,
        max_items: Option<i32>,
    ) -> Result<Cut<Tag>> {
        let page = self.page(cx, &["tags", kind.as_str(), &name], marker.as_deref(), max_items)?;
        let names = self.names();
        let tags = self.look(cx, move |r, account| {
            let found = match kind {
                Kind::Policy => entity::policy(r, account, &name)?,
                kind => names.entity(r, account, kind, &name)?,
            };
            Ok(list(&Doc::of(&found)?))
        });
        self.cut_by_position(cx, tags.await?, &page)
    }
}

macro_rules! tagged {
    ($kind:ident, $name:ident: $tag:ident($Tag:ident), $untag:ident($Untag:ident), $list:ident($List:ident) -> $Listed:ident) => {
        impl Iam {
            /// Errors: NoSuchEntity, LimitExceeded.
            pub(crate) async fn $tag(&self, cx: &Cx, input: $Tag) -> Result<()> {
                self.tag(cx, Kind::$kind, input.$name, input.tags).await
            }

            /// Errors: NoSuchEntity.
            pub(crate) async fn $untag(&self, cx: &Cx, input: $Untag) -> Result<()> {
                self.untag(cx, Kind::$kind, input.$name, input.tag_keys).await
            }

            /// Errors: NoSuchEntity.
            pub(crate) async fn $list(&self, cx: &Cx, input: $List) -> Result<$Listed> {
                let Cut {
                    items,
                    is_truncated,
                    marker,
                } = self
                    .tags(cx, Kind::$kind, input.$name, input.marker, input.max_items)
                    .await?;
                Ok($Listed {
                    tags: items,
                    is_truncated,
                    marker,
                })
            }
        }
    };
}

tagged!(Role, role_name: tag_role(TagRoleRequest), untag_role(UntagRoleRequest),
    list_role_tags(ListRoleTagsRequest) -> ListRoleTagsResponse);
tagged!(User, user_name: tag_user(TagUserRequest), untag_user(UntagUserRequest),
    list_user_tags(ListUserTagsRequest) -> ListUserTagsResponse);
tagged!(Policy, policy_arn: tag_policy(TagPolicyRequest), untag_policy(UntagPolicyRequest),
    list_policy_tags(ListPolicyTagsRequest) -> ListPolicyTagsResponse);
