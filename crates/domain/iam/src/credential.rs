//! Who signed: the look-up of a key and the verification of its signature. Reference: identity-pools-iam 10.4, 10.5.
//!
//! ```text
//! AKIA… ─▶ directory ─▶ active key of a user ─▶ its secret          (a token beside it is refused)
//!              │ └─▶ deleted, inactive: unknown key
//!              └─ never issued ─▶ dev: the administrator, unverified; serve: unknown key
//! ASIA… ─▶ secret = HMAC(id); token sealed for this id ─▶ expired? ─▶ its role or user still there?
//! ```

use std::sync::Arc;

use kernel::{AccessKeyId, AccountId, Cx, Principal, PrincipalKind};
use sigv4::{Authorization, Error, Parts, Payload, Rules, Secret, SessionToken, Verified};
use store::{Reader, Record, Scope, StoreError, records::iam_keys};
use vault::{Keyring, Purpose};

use crate::{Iam, UnknownKeys, developer, rights::Rights};

/// Whoever signed a request.
#[derive(Clone, Debug)]
pub struct Caller {
    pub principal: Principal,
    /// None, like `verified`, only for dev's unknown keys: their signature can't be checked.
    pub secret: Option<Secret>,
    pub verified: Option<Verified>,
}

/// What a key id and its token stand for.
#[derive(Clone, Debug)]
pub struct Credential {
    pub principal: Principal,
    /// None only for dev's unknown keys.
    pub secret: Option<Secret>,
}

/// What a long-term key id stands for.
pub(crate) enum Key {
    /// Never issued here.
    Unknown,
    /// Deleted, inactive, or another account's.
    Retired,
    /// A user's, by the user's unique id.
    Of { user: String, secret: Secret },
}

impl Iam {
    /// Who signed. The outer error is internal; the inner one is what reference 10.5 answers.
    pub async fn authenticate(
        &self,
        cx: &Cx,
        parts: &Parts<'_>,
        payload: Payload<'_>,
        rules: &Rules<'_>,
    ) -> kernel::Result<Result<Caller, Error>> {
        let authorization = match Authorization::find(parts) {
            Ok(Some(authorization)) => authorization,
            Ok(None) => return Ok(Err(Error::MissingAuthentication)),
            Err(error) => return Ok(Err(error)),
        };
        let (key, token) = (&authorization.access_key, authorization.token.as_ref());
        let Credential { principal, secret } = match self.credential(cx, key, token).await? {
            Ok(credential) => credential,
            Err(error) => return Ok(Err(error)),
        };
        // GetSessionToken's credentials reach IAM with MFA only, which nobody has here. Reference: 2.6.
        if rules.service == "iam" && is_user_session(&principal) {
            return Ok(Err(Error::InvalidToken(key.clone(), token.cloned())));
        }
        let Some(secret) = secret else {
            return Ok(Ok(Caller {
                principal,
                secret: None,
                verified: None,
            }));
        };
        Ok(authorization
            .verify(parts, &secret, payload, rules)
            .map(|verified| Caller {
                principal,
                secret: Some(secret),
                verified: Some(verified),
            }))
    }

    /// Whose a key is, before any signature is checked: the one answer for the AWS endpoint, S3 and whoever verifies
    /// signatures on their own. Errors: UnknownKey, InvalidToken, ExpiredToken.
    pub async fn credential(
        &self,
        cx: &Cx,
        key: &AccessKeyId,
        token: Option<&SessionToken>,
    ) -> kernel::Result<Result<Credential, Error>> {
        if key.is_temporary() {
            return self.temporary(cx, key, token).await;
        }
        if token.is_some() {
            return Ok(Err(Error::InvalidToken(key.clone(), token.cloned())));
        }
        let found = self.long_term(cx, key).await?;
        let (user, secret) = match found.as_deref() {
            Some(Key::Of { user, secret }) => (user, secret),
            // Not for a page elsewhere that reaches a developer's server through their browser.
            Some(Key::Unknown) if self.unknown_keys == UnknownKeys::Administrator && cx.trusted_page => {
                return Ok(Ok(Credential {
                    principal: developer::principal(cx, key.clone()),
                    secret: None,
                }));
            }
            _ => return Ok(Err(Error::UnknownKey(key.clone()))),
        };
        let Some(rights) = self.rights(cx, user).await? else {
            return Ok(Err(Error::UnknownKey(key.clone())));
        };
        Ok(Ok(Credential {
            principal: user_principal(cx, &rights, user, key),
            secret: Some(secret.clone()),
        }))
    }

    async fn long_term(&self, cx: &Cx, key: &AccessKeyId) -> kernel::Result<Option<Arc<Key>>> {
        let account = cx.account().clone();
        let scope = Scope::account(&account);
        let keyring = Arc::clone(&self.keyring);
        // Remembered in dev only: there everybody uses a few of them, in serve they come from whoever tries.
        let unknown_is_kept = self.unknown_keys == UnknownKeys::Administrator;
        let load = {
            let key = key.clone();
            move |r: &mut Reader<'_>| {
                let found = load(r, &keyring, &account, &key)?;
                Ok((unknown_is_kept || !matches!(found, Key::Unknown)).then_some(found))
            }
        };
        Ok(self.keys.load(key, || scope, load).await?)
    }
}

fn load(r: &mut Reader<'_>, keyring: &Keyring, account: &AccountId, key: &AccessKeyId) -> Result<Key, StoreError> {
    let Some((owners_account, user)) = iam_keys::owner(r, key)? else {
        return Ok(Key::Unknown);
    };
    if owners_account != *account {
        return Ok(Key::Retired);
    }
    match iam_keys::find(r, account, &user, key)? {
        Some(found) if found.active => {
            let secret = keyring
                .open(Purpose::SecretKey, &[key.as_str()], &found.secret)
                .map_err(|error| found.corrupt("secret", error))?;
            let secret = secret.as_str().ok_or_else(|| found.corrupt("secret", "no text"))?;
            Ok(Key::Of {
                user,
                secret: Secret::new(secret),
            })
        }
        _ => Ok(Key::Retired),
    }
}

pub(crate) fn user_principal(cx: &Cx, rights: &Rights, id: &str, key: &AccessKeyId) -> Principal {
    Principal {
        kind: PrincipalKind::User {
            name: rights.name.clone(),
        },
        account: cx.account().clone(),
        arn: rights.arn.clone(),
        user_id: id.to_owned(),
        access_key: Some(key.clone()),
        tags: rights.tags.clone(),
        session: None,
    }
}

/// Credentials of GetSessionToken.
pub(crate) fn is_user_session(principal: &Principal) -> bool {
    principal.session.is_some() && matches!(principal.kind, PrincipalKind::User { .. })
}
