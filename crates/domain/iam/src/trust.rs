//! Roles as they are assumed: the trust policy, parsed and cached. Reference: identity-pools-iam 2.3, 2.5.
//!
//! A trust policy that names a user or role means that one, not a later one of the same name: it is kept and evaluated with
//! unique ids in place of the ARNs.

use std::{collections::BTreeMap, sync::Arc};

use kernel::{AccountId, Cx};
use policy::{Policy, PolicyKind, rename_principals};
use store::{Read, Reader, Record, Scope, Stop, StoreError, records::iam::Kind};

use crate::{
    Iam,
    doc::{Doc, RoleDoc},
    documents, entity,
    principals::Names,
};

pub(crate) struct TrustedRole {
    pub id: String,
    pub name: String,
    pub tags: BTreeMap<String, String>,
    pub trust: Policy,
    /// Seconds.
    pub max_session: i32,
}

impl Iam {
    /// None: there is no such role here.
    pub(crate) async fn role(&self, cx: &Cx, arn: &str) -> kernel::Result<Option<Arc<TrustedRole>>> {
        let account = cx.account().clone();
        let scope = Scope::account(&account);
        let key = arn.to_owned();
        let load = {
            let arn = key.clone();
            move |r: &mut Reader<'_>| load(r, &account, &arn)
        };
        Ok(self.roles.load(&key, || scope, load).await?)
    }
}

fn load(r: &mut Reader<'_>, account: &AccountId, arn: &str) -> Result<Option<TrustedRole>, StoreError> {
    let found = entity::by_arn(r, account, Kind::Role, arn)?;
    let Some(found) = found else { return Ok(None) };
    let doc = Doc::of(&found)?;
    let role = doc.role()?;
    Ok(Some(TrustedRole {
        trust: Policy::parse(&kept(role)?, PolicyKind::Trust).map_err(|error| found.corrupt("doc", error))?,
        max_session: role.max_session,
        tags: doc.tags.clone(),
        id: found.id,
        name: found.name,
    }))
}

/// The trust policy with unique ids in it. Roles of earlier versions hold the ids beside the document.
fn kept(role: &RoleDoc) -> Result<String, StoreError> {
    rename_principals(&role.trust, |name| Ok(role.trusted.get(name).cloned()))
}

/// Checks a trust policy; it comes back as it is kept. Errors: MalformedPolicyDocument, LimitExceeded.
pub(crate) fn check(r: &mut impl Read, account: &AccountId, text: &str, names: Names) -> Result<String, Stop> {
    documents::trust(text)?;
    names.keep(r, account, text, PolicyKind::Trust)
}

/// A role's trust policy as it reads today.
pub(crate) fn shown(
    r: &mut impl Read,
    account: &AccountId,
    role: &RoleDoc,
    names: Names,
) -> Result<String, StoreError> {
    names.show(r, account, &kept(role)?)
}
