//! Authorization codes: given to an app by way of the browser, and traded for tokens, once. Reference: RFC 6749 section 4.1;
//! RFC 7636; oauth-and-federation 3.4, 5.3.
//!
//! ```text
//!  another client's, another address ──▶ refused, and the code stays its owner's
//!  a wrong verifier                  ──▶ refused, and the code is spent: nobody tries a second
//!  another key than it is bound to   ──▶ refused, and the code stays
//!  a second time                     ──▶ refused, and what the first gave is revoked
//! ```
//!
//! What a code stands for it carries itself, under seal: giving one writes nothing. One that would be too long for an address is a name
//! for a row.

use std::time::Duration;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use kernel::{ApiError, Cx, PoolId};
use store::{
    StoreError, Tx,
    records::{
        authorization_codes::{self, Brought},
        sessions,
    },
};
use tokens::Scopes;
use vault::TokenError;

use super::{
    Browser, Place, Proof, TokenSet,
    allowed::{Allowed, NotBegun, Spent},
    approved::Approved,
    meaning::Meaning,
};
use crate::{
    UserPools,
    session::{login::digest, scope},
};

/// How long a code is good for.
const LIFE: Duration = Duration::from_secs(5 * 60);

/// A code as an app brings it.
pub struct Presented {
    pub code: String,
    pub redirect_uri: String,
    pub verifier: Option<String>,
    pub proof: Option<Proof>,
}

/// Why there are no tokens for a code.
#[derive(Debug)]
pub enum CodeRefused {
    /// It is none, spent, expired, another client's; its verifier is wrong; its user may not go on.
    InvalidGrant(&'static str),
    /// It was given by way of another address.
    OtherAddress,
    /// The proof was shown before.
    ShownBefore,
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
        let meaning = Meaning {
            sub: browser.user.sub.clone(),
            doc: self.allowed_by(cx, place, browser, approved).await?,
        };
        let expires = cx.now().plus(LIFE);
        if let Some(code) = meaning.carried(&self.keyring, cx, place, expires)? {
            return Ok(code);
        }
        let code = kernel::uuid(cx.rng());
        let row = meaning.kept(digest(&code), expires);
        let pool = place.pool.id.clone();
        self.store
            .write(move |tx| Ok(authorization_codes::insert(tx, &pool, &row)?))
            .await?;
        Ok(code)
    }

    /// `presented` by the client of the place, which has shown that it is this one.
    pub async fn trade_code(&self, cx: &Cx, place: &Place, presented: Presented) -> Result<TokenSet, CodeRefused> {
        let turn = self.cpu.reserve()?;
        let code = digest(&presented.code);
        let Meaning { sub, doc } = match Meaning::of_carried(&self.keyring, cx, place, &presented.code) {
            Ok(meaning) => meaning,
            Err(TokenError::Expired) => return Err(self.revoke_what_came(place, code, "expired").await?),
            Err(TokenError::Malformed) => self.kept(cx, place, code.clone()).await?,
        };
        if doc.redirect_uri != presented.redirect_uri {
            return Err(CodeRefused::OtherAddress);
        }
        let brought = Brought {
            code: code.clone(),
            sub: sub.clone(),
            expires: cx.now().plus(LIFE),
        };
        if !is_verified(doc.challenge.as_deref(), presented.verifier.as_deref()) {
            return Err(self.spend(place, brought, "the verifier is wrong").await?);
        }
        let key = presented.proof.as_ref().map(|proof| proof.key.clone());
        if doc.key.is_some() && doc.key != key {
            return Err(self.revoke_what_came(place, code, "it is bound to another key").await?);
        }
        let scopes = Scopes::new(doc.scope.as_str());
        if !scope::are_readable(&scopes, &place.client) {
            return Err(CodeRefused::InvalidGrant(
                "the client may not read what a scope implies",
            ));
        }
        // After the code was found good: proofs are made by anybody, and each leaves a row.
        if let Some(proof) = &presented.proof
            && !self.show_once(cx, &place.pool.id, &proof.once).await?
        {
            return Err(CodeRefused::ShownBefore);
        }
        let allowed = Allowed {
            sub,
            doc,
            spent: Spent::Code(brought),
            key,
        };
        match self.begin_session(cx, place, allowed, turn).await {
            Err(NotBegun::Spent) => Err(self.revoke_what_came(place, code, "traded before").await?),
            Err(NotBegun::Halted) => Err(CodeRefused::InvalidGrant("the user may not go on")),
            Err(NotBegun::Api(error)) => Err(error.into()),
            Ok(tokens) => Ok(tokens),
        }
    }

    /// What is kept of a code of the client of this place, whether or not it was brought before: the write that spends it asks that.
    async fn kept(&self, cx: &Cx, place: &Place, code: String) -> Result<Meaning, CodeRefused> {
        let pool = place.pool.id.clone();
        let row = self
            .store
            .look_up(move |r| authorization_codes::find(r, &pool, &code))
            .await
            .map_err(ApiError::from)?;
        let row = row.filter(|row| row.doc.client.as_ref() == Some(&place.client.id));
        let row = row.ok_or(CodeRefused::InvalidGrant("no such code of this client"))?;
        if cx.now() >= row.expires {
            return Err(self.revoke_what_came(place, row.code, "expired").await?);
        }
        Ok(Meaning {
            sub: row.sub,
            doc: row.doc,
        })
    }

    /// For nothing; what it may have given before is revoked.
    async fn spend(&self, place: &Place, brought: Brought, why: &'static str) -> Result<CodeRefused, ApiError> {
        let pool = place.pool.id.clone();
        self.store
            .write(move |tx| {
                if !authorization_codes::spend(tx, &pool, &brought, None)? {
                    revoke(tx, &pool, &brought.code)?;
                }
                Ok(())
            })
            .await?;
        Ok(CodeRefused::InvalidGrant(why))
    }

    /// A code that comes a second time is in two hands: nobody keeps what the first had for it.
    async fn revoke_what_came(&self, place: &Place, code: String, why: &'static str) -> Result<CodeRefused, ApiError> {
        let pool = place.pool.id.clone();
        self.store.write(move |tx| Ok(revoke(tx, &pool, &code)?)).await?;
        Ok(CodeRefused::InvalidGrant(why))
    }
}

/// The family that a code was traded for.
fn revoke(tx: &mut Tx<'_>, pool: &PoolId, code: &str) -> Result<(), StoreError> {
    let row = authorization_codes::find(tx, pool, code)?;
    match row.and_then(|row| row.family) {
        Some(family) => sessions::revoke(tx, pool, &family).map(drop),
        None => Ok(()),
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
