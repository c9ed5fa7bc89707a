//! Roles as they are assumed: the trust policy, parsed and cached. Reference: identity-pools-iam 2.3, 2.5.
//!
//! A trust policy that names a user or role means that one, not a later one of the same name: when it is put, the unique
//! ids of whom it names are kept, and they stand in for the ARNs when it is evaluated.

use std::{collections::BTreeMap, sync::Arc};

use kernel::{AccountId, Cx};
use policy::{Policy, PolicyKind};
use serde_json::Value;
use store::{Read, Reader, StoreError, cache, records::iam::Kind};

use crate::{
    Iam,
    change::Stop,
    developer,
    doc::{Doc, RoleDoc},
    documents, entity, errors,
    rights::parsed,
};

pub(crate) struct TrustedRole {
    pub id: String,
    pub name: String,
    pub trust: Policy,
    /// Seconds.
    pub max_session: i32,
}

impl Iam {
    /// None: there is no such role here.
    pub(crate) async fn role(&self, cx: &Cx, arn: &str) -> kernel::Result<Option<Arc<TrustedRole>>> {
        let account = cx.account().clone();
        let scope = cache::account_scope(&account);
        let key = arn.to_owned();
        let load = {
            let arn = key.clone();
            move |r: &mut Reader<'_>| load(r, &account, &arn)
        };
        Ok(self.roles.load(&key, &scope, load).await?)
    }
}

fn load(r: &mut Reader<'_>, account: &AccountId, arn: &str) -> Result<Option<TrustedRole>, StoreError> {
    let found = match entity::by_arn(r, account, Kind::Role, arn) {
        Ok(found) => found,
        Err(Stop::Store(error)) => return Err(error),
        Err(Stop::Refused(error)) => return Err(StoreError::corrupt(error)),
    };
    let Some(found) = found else { return Ok(None) };
    let doc = Doc::of(&found)?;
    let role = doc.role()?;
    Ok(Some(TrustedRole {
        trust: parsed(&with_ids(role)?, PolicyKind::Trust)?,
        max_session: role.max_session,
        id: found.id,
        name: found.name,
    }))
}

fn with_ids(role: &RoleDoc) -> Result<String, StoreError> {
    if role.trusted.is_empty() {
        return Ok(role.trust.clone());
    }
    let mut document: Value = serde_json::from_str(&role.trust)?;
    match document.get_mut("Statement") {
        Some(Value::Array(statements)) => statements.iter_mut().for_each(|one| name_ids(one, &role.trusted)),
        Some(statement) => name_ids(statement, &role.trusted),
        None => {}
    }
    Ok(document.to_string())
}

fn name_ids(statement: &mut Value, ids: &BTreeMap<String, String>) {
    let name_id = |name: &mut Value| {
        if let Some(id) = name.as_str().and_then(|arn| ids.get(arn)) {
            *name = Value::from(id.as_str());
        }
    };
    for element in ["Principal", "NotPrincipal"] {
        match statement
            .get_mut(element)
            .and_then(|principal| principal.get_mut("AWS"))
        {
            Some(Value::Array(names)) => names.iter_mut().for_each(name_id),
            Some(name) => name_id(name),
            None => {}
        }
    }
}

/// Checks a trust policy and finds whom it names. Errors: MalformedPolicyDocument, LimitExceeded.
pub(crate) fn check(r: &mut impl Read, account: &AccountId, text: &str) -> Result<BTreeMap<String, String>, Stop> {
    let policy = documents::trust(text)?;
    let mut ids = BTreeMap::new();
    for arn in policy.principal_arns() {
        // Who signs with any key in dev finds this ARN in GetCallerIdentity and writes it into policies.
        if arn == developer::arn(account).as_str() {
            ids.insert(arn.to_owned(), developer::ID.to_owned());
            continue;
        }
        // Another account's users and roles, and sessions, are taken on trust: nothing is known of them.
        let kind = [Kind::User, Kind::Role]
            .into_iter()
            .find(|kind| entity::name_in(account, *kind, arn).is_some());
        let Some(kind) = kind else { continue };
        match entity::by_arn(r, account, kind, arn)? {
            Some(found) => ids.insert(arn.to_owned(), found.id),
            None => return Err(errors::invalid_principal(arn).into()),
        };
    }
    Ok(ids)
}
