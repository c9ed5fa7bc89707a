//! Whom the policies of roles and buckets name. Kept: an account as its root's ARN, a user or role of the account by its
//! unique id. Shown: the ARN of whoever has the id, and the bare id once nobody has it, so that a later namesake is not
//! meant. Reference: identity-pools-iam 2.3, 4.2.

use kernel::AccountId;
use policy::{ParseError, PolicyKind, is_unique_id, rename_principals, root_arn};
use store::{
    Read, Stop, StoreError,
    records::iam::{self, Entity, Kind},
};

use crate::{Iam, UnknownKeys, developer, entity, errors};

impl Iam {
    pub(crate) fn names(&self) -> Names {
        Names(self.unknown_keys)
    }

    /// A bucket's policy as it is to be kept. `account`: the bucket's. Errors: MalformedPolicy if it names a user or role of
    /// the account that does not exist.
    pub async fn keep_principals(&self, account: &AccountId, document: String) -> kernel::Result<String> {
        let (account, names) = (account.clone(), self.names());
        let kept = self
            .store
            .consult(move |r| names.keep(r, &account, &document, PolicyKind::Bucket));
        Ok(kept.await?)
    }

    /// A bucket's kept policy as it reads today. One of earlier versions names ARNs still: those mean whoever has them
    /// until it is put again. Errors: internal.
    pub async fn show_principals(&self, account: &AccountId, document: String) -> kernel::Result<String> {
        let (account, names) = (account.clone(), self.names());
        Ok(self.store.read(move |r| names.show(r, &account, &document)).await?)
    }
}

/// Who is known by which name: whoever stands in the store and, where unknown keys are an administrator's, that one too.
#[derive(Clone, Copy)]
pub(crate) struct Names(UnknownKeys);

impl Names {
    /// Errors: that of the kind's service for a user or role of the account that does not exist.
    pub(crate) fn keep(
        self,
        r: &mut impl Read,
        account: &AccountId,
        document: &str,
        kind: PolicyKind,
    ) -> Result<String, Stop> {
        let nobody = |name: &str| errors::malformed(&ParseError::no_such_principal(kind, name)).into();
        rename_principals(document, |name| {
            if let Some(root) = root_arn(name) {
                return Ok(Some(root));
            }
            if is_unique_id(name) {
                return match self.arn_of(r, account, name)? {
                    Some(_) => Ok(None),
                    None => Err(nobody(name)),
                };
            }
            if name.starts_with("arn:") && !name.starts_with("arn:aws:") {
                return Err(nobody(name));
            }
            // Another account's users and roles, and sessions, are taken on trust: nothing is known of them.
            let kind = [Kind::User, Kind::Role]
                .into_iter()
                .find(|kind| entity::name_in(account, *kind, name).is_some());
            let Some(kind) = kind else { return Ok(None) };
            if let Some(found) = entity::by_arn(r, account, kind, name)? {
                return Ok(Some(found.id));
            }
            // Who signs with any key in dev finds this ARN in GetCallerIdentity and writes it into policies.
            if self.has_developer() && name == developer::arn(account).as_str() {
                return Ok(Some(developer::ID.to_owned()));
            }
            Err(nobody(name))
        })
    }

    pub(crate) fn show(self, r: &mut impl Read, account: &AccountId, document: &str) -> Result<String, StoreError> {
        rename_principals(document, |name| {
            if is_unique_id(name) {
                self.arn_of(r, account, name)
            } else {
                Ok(root_arn(name))
            }
        })
    }

    fn arn_of(self, r: &mut impl Read, account: &AccountId, id: &str) -> Result<Option<String>, StoreError> {
        if developer::is(id) {
            return Ok(self.has_developer().then(|| developer::arn(account).into()));
        }
        let found = iam::by_id(r, account, id)?;
        Ok(found.map(|found| entity::arn(account, &found).into()))
    }

    /// As [`entity::named`], for what only looks: also the administrator of dev, who stands in no table. Errors: NoSuchEntity.
    pub(crate) fn entity(self, r: &mut impl Read, account: &AccountId, kind: Kind, name: &str) -> Result<Entity, Stop> {
        match developer::entity(kind, name).filter(|_| self.has_developer()) {
            Some(developer) => Ok(developer),
            None => entity::named(r, account, kind, name),
        }
    }

    /// Whether the administrator of dev has a name here, which nobody else may take.
    pub(crate) fn has_developer(self) -> bool {
        self.0 == UnknownKeys::Administrator
    }
}
