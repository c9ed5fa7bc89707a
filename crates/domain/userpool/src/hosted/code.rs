//! Authorization codes: given to an app by way of the browser, and traded for tokens, once. Reference: RFC 6749 section 4.1;
//! RFC 7636; oauth-and-federation 3.4, 5.3.
//!
//! ```text
//!  another client's, another address ──▶ refused, and the code stays its owner's
//!  a wrong verifier                  ──▶ refused, and the code is spent: nobody tries a second
//!  a second time                     ──▶ refused, and what the first gave is revoked
//! ```

use std::{sync::Arc, time::Duration};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use kernel::{ApiError, Cx};
use store::{
    Stop,
    records::{
        authorization_codes::{self, AuthorizationCode},
        sessions, users,
    },
};
use tokens::Scopes;

use super::{Browser, Place, TokenSet, approved::Approved};
use crate::{
    UserPools, errors,
    group::roles,
    session::{
        Family, Grant, Shown,
        issue::{self, Subject},
        login::digest,
        overrides::Overrides,
        scope,
    },
    user::standing::may_go_on,
};

/// How long a code is good for.
const LIFE: Duration = Duration::from_secs(5 * 60);

/// A code as an app brings it.
pub struct Presented {
    pub code: String,
    pub redirect_uri: String,
    pub verifier: Option<String>,
}

/// Why there are no tokens for a code.
#[derive(Debug)]
pub enum CodeRefused {
    /// It is none, spent, expired, another client's; its verifier is wrong; its user may not go on.
    InvalidGrant(&'static str),
    /// It was given by way of another address.
    OtherAddress,
    /// A function refused, or something failed.
    Api(ApiError),
}

impl From<ApiError> for CodeRefused {
    fn from(error: ApiError) -> Self {
        Self::Api(error)
    }
}

impl UserPools {
    /// A function that changes tokens is asked now, so that its refusal reaches the app by the redirect.
    ///
    /// Errors: those of the function.
    pub async fn give_code(
        &self,
        cx: &Cx,
        place: &Place,
        browser: &Browser,
        approved: Approved,
    ) -> Result<String, ApiError> {
        let overrides = self.overrides_of(cx, place, &browser.user, &approved.scopes).await?;
        let code = kernel::uuid(cx.rng());
        let of = &browser.login.doc;
        let row = AuthorizationCode {
            code: digest(&code),
            sub: browser.user.sub.clone(),
            expires: cx.now().plus(LIFE),
            family: None,
            doc: authorization_codes::Doc {
                client: Some(place.client.id.clone()),
                redirect_uri: approved.redirect_uri,
                challenge: approved.challenge,
                scope: approved.scopes.as_str().to_owned(),
                nonce: approved.nonce,
                resource: approved.resource,
                login: of.id.clone(),
                auth_time: of.auth_time,
                amr: of.amr.clone(),
                acr: of.acr.clone(),
                sign_outs: browser.user.doc.sign_outs,
                overrides: (overrides != Overrides::default())
                    .then(|| serde_json::to_value(&overrides))
                    .transpose()
                    .map_err(ApiError::internal)?,
            },
        };
        let pool = place.pool.id.clone();
        self.store
            .write(move |tx| Ok(authorization_codes::insert(tx, &pool, &row)?))
            .await?;
        Ok(code)
    }

    /// `presented` by the client of the place, which has shown that it is this one.
    pub async fn trade_code(&self, cx: &Cx, place: &Place, presented: Presented) -> Result<TokenSet, CodeRefused> {
        let turn = self.cpu.reserve()?;
        let (pool, code) = (place.pool.id.clone(), digest(&presented.code));
        let wanted = code.clone();
        let row = self
            .store
            .look_up(move |r| authorization_codes::find(r, &pool, &wanted))
            .await
            .map_err(ApiError::from)?;
        let row = row.filter(|row| row.doc.client.as_ref() == Some(&place.client.id));
        let row = row.ok_or(CodeRefused::InvalidGrant("no such code of this client"))?;
        if row.doc.redirect_uri != presented.redirect_uri {
            return Err(CodeRefused::OtherAddress);
        }
        if row.family.is_some() {
            return Err(self.revoke_what_came(place, code).await?);
        }
        if cx.now() >= row.expires {
            return Err(CodeRefused::InvalidGrant("expired"));
        }
        if !is_verified(row.doc.challenge.as_deref(), presented.verifier.as_deref()) {
            let pool = place.pool.id.clone();
            let spent = self
                .store
                .write(move |tx| Ok(authorization_codes::delete(tx, &pool, &code)?));
            spent.await.map_err(ApiError::from)?;
            return Err(CodeRefused::InvalidGrant("the verifier is wrong"));
        }
        let scopes = Scopes::new(row.doc.scope.as_str());
        if !scope::are_readable(&scopes, &place.client) {
            return Err(CodeRefused::InvalidGrant(
                "the client may not read what a scope implies",
            ));
        }
        self.begin_session(cx, place, row, turn).await
    }

    /// A code that comes a second time is in two hands: nobody keeps what the first had for it.
    async fn revoke_what_came(&self, place: &Place, code: String) -> Result<CodeRefused, ApiError> {
        let pool = place.pool.id.clone();
        self.store
            .write(move |tx| {
                let row = authorization_codes::find(tx, &pool, &code)?;
                if let Some(family) = row.and_then(|row| row.family) {
                    sessions::revoke(tx, &pool, &family)?;
                }
                Ok(())
            })
            .await?;
        Ok(CodeRefused::InvalidGrant("traded before"))
    }

    async fn begin_session(
        &self,
        cx: &Cx,
        place: &Place,
        row: AuthorizationCode,
        turn: kernel::Turn,
    ) -> Result<TokenSet, CodeRefused> {
        let grant = Grant {
            client: &place.client,
            scopes: Scopes::new(row.doc.scope.as_str()),
        };
        let shown = Shown {
            acr: row.doc.acr.clone().unwrap_or_default(),
            amr: row.doc.amr.clone(),
            since: Some(row.doc.auth_time),
        };
        let hosted = sessions::Hosted {
            login: row.doc.login.clone(),
            resource: row.doc.resource.clone(),
        };
        let family = Family::begin(&self.keyring, cx, (&place.pool.id, &row.sub), &grant, shown)?;
        let family = family.of_browser(&place.pool, hosted, place.visit().seen(cx));

        let overrides = match row.doc.overrides.clone() {
            Some(overrides) => serde_json::from_value(overrides).map_err(ApiError::internal)?,
            None => Overrides::default(),
        };
        let refresh_token = family.refresh_token.clone();
        let family = Arc::new(family);
        let (pool, begun, code) = (Arc::clone(&place.pool), Arc::clone(&family), row.code.clone());
        let (sign_outs, now) = (row.doc.sign_outs, cx.now());
        let written = self
            .store
            .write(move |tx| {
                let user = users::by_sub(tx, &pool.id, &begun.row.sub)?;
                let user = user.filter(|user| may_go_on(user).is_ok() && user.doc.sign_outs <= sign_outs);
                let user = user.ok_or_else(errors::refresh_token_revoked)?;
                if !authorization_codes::trade(tx, &pool.id, &code, &begun.row.family)? {
                    return Err(Stop::Raced);
                }
                begun.make_room(tx, &pool, now)?;
                sessions::insert(tx, &pool.id, &begun.row.begun_by(&user))?;
                Ok((roles::of_user(tx, &pool.id, &user.sub)?, user))
            })
            .await;
        let (groups, user) = match written {
            Ok(read) => read,
            Err(Stop::Raced) => return Err(self.revoke_what_came(place, row.code).await?),
            Err(Stop::Refused(_)) => return Err(CodeRefused::InvalidGrant("the user may not go on")),
            Err(stop) => return Err(ApiError::from(stop).into()),
        };
        let subject = Subject {
            user: &user,
            groups: &groups,
            session: &family.row,
            overrides: &overrides,
            nonce: row.doc.nonce.as_deref(),
        };
        let tokens = issue::granted(&self.tokens, cx, &grant, &subject, turn).await?;
        Ok(TokenSet::of(place, tokens, Some(refresh_token)))
    }
}

/// A code that was asked for with a challenge wants its verifier, and one without takes none: else a challenge could be stripped from
/// the request unnoticed.
fn is_verified(challenge: Option<&str>, verifier: Option<&str>) -> bool {
    match (challenge, verifier) {
        (None, None) => true,
        (Some(challenge), Some(verifier)) => {
            let is_long_enough = (43..=128).contains(&verifier.len());
            let is_unreserved = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~');
            let made = BASE64_URL_SAFE_NO_PAD.encode(vault::sha256(verifier.as_bytes()));
            is_long_enough
                && verifier.bytes().all(is_unreserved)
                && vault::constant_time::eq(made.as_bytes(), challenge.as_bytes())
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::is_verified;

    #[test]
    fn a_challenge_wants_its_verifier() {
        // RFC 7636 appendix B.
        let (challenge, verifier) = (
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
            "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
        );
        assert!(is_verified(Some(challenge), Some(verifier)));
        assert!(is_verified(None, None));
        for (challenge, verifier) in [
            (Some(challenge), None),
            (None, Some(verifier)),
            (Some(challenge), Some(challenge)),
            (Some(verifier), Some(verifier)),
            (Some("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM="), Some(verifier)),
            (Some(challenge), Some("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjX")),
            (Some(challenge), Some("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk ")),
            (Some(challenge), Some("")),
        ] {
            assert!(!is_verified(challenge, verifier), "{challenge:?} {verifier:?}");
        }
    }
}
