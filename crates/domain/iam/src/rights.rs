//! The policies that an entity has, parsed and cached: inline and attached ones, a user's groups' too, and the boundary.
//! Read at the time of use: a role's change reaches its running sessions.

use std::{fmt, sync::Arc};

use kernel::{AccountId, Cx};
use policy::{Policy, PolicyKind};
use store::{
    Reader, Scope, StoreError,
    records::{
        iam::{self, Kind, Page},
        iam_policies::{self, Attachment, Use},
    },
};

use crate::{Iam, developer, doc::Doc, entity, granted::Rights, managed};

/// As many inline policies as fit into an entity's quota, whatever their number.
const ALL: i64 = i64::MAX;

impl Iam {
    /// None: there is no such entity (any more).
    pub(crate) async fn rights(&self, cx: &Cx, id: &str) -> kernel::Result<Option<Arc<Rights>>> {
        if developer::is(id) {
            return Ok(self.developer_rights(cx));
        }
        let account = cx.account().clone();
        let scope = Scope::account(&account);
        let key = id.to_owned();
        let load = {
            let id = key.clone();
            move |r: &mut Reader<'_>| load(r, &account, &id)
        };
        Ok(self.rights.load(&key, || scope, load).await?)
    }
}

fn load(r: &mut Reader<'_>, account: &AccountId, id: &str) -> Result<Option<Rights>, StoreError> {
    let Some(found) = iam::by_id(r, account, id)? else {
        return Ok(None);
    };
    let all = Page {
        after: String::new(),
        limit: ALL,
    };
    let mut inline: Vec<String> = iam_policies::inlines(r, account, id, &all)?
        .into_iter()
        .map(|(_, document)| document)
        .collect();
    let mut attached = iam_policies::attachments(r, account, id)?;
    if found.kind == Kind::User {
        inline.extend(iam_policies::inlines_of_groups(r, account, id)?);
        attached.extend(iam_policies::attachments_of_groups(r, account, id)?);
    }
    let mut identity = Vec::with_capacity(inline.len() + attached.len());
    for document in inline {
        let policy = Policy::parse(&document, PolicyKind::Identity);
        identity.push(policy.map_err(|error| StoreError::corrupt("iam_inline_policies", id, "document", error))?);
    }
    let mut boundary = None;
    for attachment in attached {
        match attachment.purpose {
            Use::Permissions => identity.push(of(&attachment, PolicyKind::Identity)?),
            Use::Boundary => boundary = Some(of(&attachment, PolicyKind::Boundary)?),
        }
    }
    Ok(Some(Rights {
        kind: found.kind,
        arn: entity::arn(account, &found),
        tags: Doc::of(&found)?.tags,
        name: found.name,
        identity,
        boundary,
    }))
}

/// Without a document, neither here nor among AWS's own, nothing can be said about what it grants: fail closed.
fn of(attachment: &Attachment, kind: PolicyKind) -> Result<Policy, StoreError> {
    let document = attachment.document.as_deref().or_else(|| {
        let policy = managed::find(&attachment.policy)?;
        Some(policy.document)
    });
    let corrupt =
        |cause: &dyn fmt::Display| StoreError::corrupt("iam_policy_versions", &attachment.policy, "document", cause);
    let document = document.ok_or_else(|| corrupt(&"absent"))?;
    Policy::parse(document, kind).map_err(|error| corrupt(&error))
}
