//! Whom the policies of roles and buckets name. Kept: an account as its root's ARN, a user or role of the account by its
//! unique id. Shown: the ARN of whoever has the id, and the bare id once nobody has it, so that a later namesake is not
//! meant. Reference: identity-pools-iam 2.3, 4.2.

use kernel::{AccountId, Cx};
use policy::{is_unique_id, rename_principals, root_arn};
use store::{
    Read, StoreError,
    records::iam::{self, Kind},
};

use crate::{Iam, change::Stop, developer, entity, errors};

impl Iam {
    /// A bucket policy as it is to be kept. `None`: it names somebody who does not exist. The outer error is internal.
    pub async fn keep_principals(&self, cx: &Cx, document: &str) -> kernel::Result<Option<String>> {
        let document = document.to_owned();
        self.look(cx, move |r, account| match keep(r, account, &document) {
            Ok(kept) => Ok(Some(kept)),
            Err(Stop::Refused(_)) => Ok(None),
            Err(Stop::Store(error)) => Err(error.into()),
        })
        .await
    }

    /// A kept policy as it reads today. Errors: internal.
    pub async fn show_principals(&self, cx: &Cx, document: &str) -> kernel::Result<String> {
        let document = document.to_owned();
        self.look(cx, move |r, account| Ok(show(r, account, &document)?)).await
    }
}

/// Errors: MalformedPolicyDocument for a user or role of the account that does not exist.
pub(crate) fn keep(r: &mut impl Read, account: &AccountId, document: &str) -> Result<String, Stop> {
    rename_principals(document, |name| {
        if let Some(root) = root_arn(name) {
            return Ok(Some(root));
        }
        if is_unique_id(name) {
            return match arn_of(r, account, name)? {
                Some(_) => Ok(None),
                None => Err(errors::invalid_principal(name).into()),
            };
        }
        // Who signs with any key in dev finds this ARN in GetCallerIdentity and writes it into policies.
        if name == developer::arn(account).as_str() {
            return Ok(Some(developer::ID.to_owned()));
        }
        // Another account's users and roles, and sessions, are taken on trust: nothing is known of them.
        let kind = [Kind::User, Kind::Role]
            .into_iter()
            .find(|kind| entity::name_in(account, *kind, name).is_some());
        let Some(kind) = kind else { return Ok(None) };
        match entity::by_arn(r, account, kind, name)? {
            Some(found) => Ok(Some(found.id)),
            None => Err(errors::invalid_principal(name).into()),
        }
    })
}

pub(crate) fn show(r: &mut impl Read, account: &AccountId, document: &str) -> Result<String, StoreError> {
    rename_principals(document, |name| {
        if is_unique_id(name) {
            arn_of(r, account, name)
        } else {
            Ok(None)
        }
    })
}

fn arn_of(r: &mut impl Read, account: &AccountId, id: &str) -> Result<Option<String>, StoreError> {
    if developer::is(id) {
        return Ok(Some(developer::arn(account).into()));
    }
    let found = iam::by_id(r, account, id)?;
    Ok(found.map(|found| entity::arn(account, &found).into()))
}
