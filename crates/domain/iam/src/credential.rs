//! Who signed: the look-up of a key and the verification of its signature. Reference: identity-pools-iam 10.4, 10.5.
//!
//! ```text
//! AKIA… ─▶ directory ─▶ active key of a user ─▶ its secret          (a token beside it is refused)
//!              │ └─▶ deleted, inactive: unknown key
//!              └─ never issued ─▶ dev: the administrator, unverified; serve: unknown key
//! ASIA… ─▶ secret = HMAC(id); token sealed for this id ─▶ expired? ─▶ its role or user still there?
//! ```

use std::sync::Arc;

use kernel::{AccessKeyId, AccountId, Cx};
use sigv4::{Authorization, Error, Parts, Payload, Rules, Secret, SessionToken};
use store::{Reader, Record, Scope, StoreError, records::iam_keys};
use vault::{Keyring, Purpose};

use crate::{Caller, Credential, Iam, Unauthenticated, UnknownKeys, caller::is_user_session, granted::Granted};

/// A request, and what its signature must be.
#[derive(Clone, Copy)]
pub struct Signed<'a> {
    pub parts: Parts<'a>,
    pub payload: Payload<'a>,
    pub rules: Rules<'a>,
    pub origin: Origin,
}

/// Where a request comes from: what dev lets keys do that were never issued depends on it. decision 14.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A program, or a page of the developer's own.
    Own,
    /// Maybe a page elsewhere that reaches a developer's server through their browser.
    Foreign,
}

/// What a long-term key id stands for.
pub(crate) enum LongTermKey {
    /// Never issued here.
    Unknown,
    /// Deleted, inactive, or another account's.
    Retired,
    /// A user's, by the user's unique id.
    Of { user: String, secret: Secret },
}

impl Iam {
    /// Who signed: the one answer for every door. Errors: MissingAuthentication, those of [`Iam::verify`].
    pub async fn authenticate(&self, cx: &Cx, request: &Signed<'_>) -> Result<Caller, Unauthenticated> {
        let authorization = Authorization::find(&request.parts)?.ok_or(Error::MissingAuthentication)?;
        self.verify(cx, &authorization, request).await
    }

    /// Who signed, where the request's authorization was found already. Errors: those of [`Iam::credential`], and all that
    /// can be wrong with a signature.
    pub async fn verify(
        &self,
        cx: &Cx,
        authorization: &Authorization,
        request: &Signed<'_>,
    ) -> Result<Caller, Unauthenticated> {
        let (key, token) = (&authorization.access_key, authorization.token.as_ref());
        let credential = self.credential(cx, key, token, request.origin).await?;
        // GetSessionToken's credentials reach IAM with MFA only, which nobody has here. Reference: 2.6.
        if request.rules.service == "iam" && is_user_session(&credential.principal) {
            return Err(Error::InvalidToken(key.clone(), token.cloned()).into());
        }
        let check = |secret: Option<&Secret>| {
            secret
                .map(|secret| authorization.verify(&request.parts, secret, request.payload, &request.rules))
                .transpose()
        };
        Ok(credential.proved(check)?)
    }

    /// Whose a key is, before any signature is checked, for whoever verifies signatures of a form of their own.
    /// Errors: UnknownKey, InvalidToken, ExpiredToken.
    pub async fn credential(
        &self,
        cx: &Cx,
        key: &AccessKeyId,
        token: Option<&SessionToken>,
        origin: Origin,
    ) -> Result<Credential, Unauthenticated> {
        if key.is_temporary() {
            return self.temporary(cx, key, token).await;
        }
        if token.is_some() {
            return Err(Error::InvalidToken(key.clone(), token.cloned()).into());
        }
        let found = self.long_term(cx, key).await?;
        let (user, secret) = match found.as_deref() {
            Some(LongTermKey::Of { user, secret }) => (user, secret),
            Some(LongTermKey::Unknown) if self.unknown_keys == UnknownKeys::Administrator && origin == Origin::Own => {
                return Ok(self.developer(cx, key));
            }
            _ => return Err(Error::UnknownKey(key.clone()).into()),
        };
        let Some(rights) = self.rights(cx, user).await? else {
            return Err(Error::UnknownKey(key.clone()).into());
        };
        Ok(Credential {
            principal: Arc::new(rights.principal(cx, user, key)),
            granted: Arc::new(Granted {
                rights: Some(rights),
                session: None,
            }),
            secret: Some(secret.clone()),
        })
    }

    async fn long_term(&self, cx: &Cx, key: &AccessKeyId) -> kernel::Result<Option<Arc<LongTermKey>>> {
        let account = cx.account().clone();
        let scope = Scope::account(&account);
        let keyring = Arc::clone(&self.keyring);
        // Remembered in dev only: there everybody uses a few of them, in serve they come from whoever tries.
        let unknown_is_kept = self.unknown_keys == UnknownKeys::Administrator;
        let load = {
            let key = key.clone();
            move |r: &mut Reader<'_>| {
                let found = load(r, &keyring, &account, &key)?;
                Ok((unknown_is_kept || !matches!(found, LongTermKey::Unknown)).then_some(found))
            }
        };
        Ok(self.keys.load(key, || scope, load).await?)
    }
}

fn load(
    r: &mut Reader<'_>,
    keyring: &Keyring,
    account: &AccountId,
    key: &AccessKeyId,
) -> Result<LongTermKey, StoreError> {
    let Some((owners_account, user)) = iam_keys::owner(r, key)? else {
        return Ok(LongTermKey::Unknown);
    };
    if owners_account != *account {
        return Ok(LongTermKey::Retired);
    }
    match iam_keys::find(r, account, &user, key)? {
        Some(found) if found.active => {
            let secret = keyring
                .open(Purpose::SecretKey, &[key.as_str()], &found.secret)
                .map_err(|error| found.corrupt("secret", error))?;
            let secret = secret.as_str().ok_or_else(|| found.corrupt("secret", "no text"))?;
            Ok(LongTermKey::Of {
                user,
                secret: Secret::new(secret),
            })
        }
        _ => Ok(LongTermKey::Retired),
    }
}
