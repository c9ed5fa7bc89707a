//! What somebody who has signed in allows an app, by a code, at a device or at once, and the session family that begins when it is traded.
//! Reference: oauth-and-federation 3.4, 5.2.

use std::sync::Arc;

use kernel::{ApiError, Cx, PoolId, Sub, Turn};
use store::{
    Stop, StoreError, Tx,
    records::{
        authorization_codes::{self, Brought, Doc},
        device_grants, sessions, users,
    },
};
use tokens::Scopes;

use super::{Browser, Place, TokenSet, approved::Approved, hearer};
use crate::{
    UserPools, errors,
    group::roles,
    session::{
        Family, Grant, Shown,
        issue::{self, Subject},
        overrides::Overrides,
    },
    user::standing::may_go_on,
};

/// By whom, what for, and what is spent on it.
pub(super) struct Allowed {
    pub sub: Sub,
    pub doc: Doc,
    pub spent: Spent,
    /// The thumbprint of the key of which a proof came along.
    pub key: Option<String>,
}

/// What is good for one family alone.
pub(super) enum Spent {
    Code(Brought),
    /// By its digest.
    Device(String),
    /// Nothing was given that could be traded twice.
    Nothing,
}

/// Why no family begins.
pub(super) enum NotBegun {
    /// Another has it already.
    Spent,
    /// The user may not go on.
    Halted,
    Api(ApiError),
}

impl From<ApiError> for NotBegun {
    fn from(error: ApiError) -> Self {
        Self::Api(error)
    }
}

impl Spent {
    /// False: it was before.
    fn spend(&self, tx: &mut Tx<'_>, pool: &PoolId, family: &str) -> Result<bool, StoreError> {
        match self {
            Self::Code(code) => authorization_codes::spend(tx, pool, code, Some(family)),
            Self::Device(device) => device_grants::spend(tx, pool, device),
            Self::Nothing => Ok(true),
        }
    }
}

impl UserPools {
    /// What is kept of it until it is traded. A function that changes tokens is asked now.
    ///
    /// Errors: those of the function.
    pub(super) async fn allowed_by(
        &self,
        cx: &Cx,
        place: &Place,
        browser: &Browser,
        approved: Approved,
    ) -> Result<Doc, ApiError> {
        let overrides = self.overrides_of(cx, place, &browser.user, &approved.scopes).await?;
        let of = &browser.login.doc;
        Ok(Doc {
            client: Some(place.client.id.clone()),
            redirect_uri: approved.redirect_uri,
            challenge: approved.challenge,
            scope: approved.scopes.as_str().to_owned(),
            nonce: approved.nonce,
            resource: approved.resource,
            key: approved.key,
            login: of.id.clone(),
            auth_time: of.auth_time,
            amr: of.amr.clone(),
            acr: of.acr.clone(),
            sign_outs: browser.user.doc.sign_outs,
            overrides: (overrides != Overrides::default())
                .then(|| serde_json::to_value(&overrides))
                .transpose()
                .map_err(ApiError::internal)?,
        })
    }

    /// The tokens of it, to the client of the place.
    pub(super) async fn begin_session(
        &self,
        cx: &Cx,
        place: &Place,
        Allowed { sub, doc, spent, key }: Allowed,
        turn: Turn,
    ) -> Result<TokenSet, NotBegun> {
        let grant = Grant {
            client: &place.client,
            scopes: Scopes::new(doc.scope.as_str()),
        };
        let shown = Shown {
            acr: doc.acr.clone().unwrap_or_default(),
            amr: doc.amr.clone(),
            since: Some(doc.auth_time),
        };
        let hosted = sessions::Hosted {
            login: doc.login.clone(),
            resource: doc.resource.clone(),
            hears: place.hears_logouts(),
            // Who has shown more than nothing is not bound for it (RFC 9449 section 5).
            key: key.clone().filter(|_| !place.is_confidential()),
        };
        let family = Family::begin(&self.keyring, cx, (&place.pool.id, &sub), &grant, shown)?;
        let family = family.of_browser(&place.pool, hosted, place.visit().seen(cx));

        let overrides = match doc.overrides.clone() {
            Some(overrides) => serde_json::from_value(overrides).map_err(ApiError::internal)?,
            None => Overrides::default(),
        };
        let hearer = self.hearer(cx, place, &family.row).await?;
        let refresh_token = family.refresh_token.clone();
        let family = Arc::new(family);
        let (pool, begun) = (Arc::clone(&place.pool), Arc::clone(&family));
        let (sign_outs, now) = (doc.sign_outs, cx.now());
        let written = self
            .store
            .write(move |tx| {
                let user = users::by_sub(tx, &pool.id, &begun.row.sub)?;
                let user = user.filter(|user| may_go_on(user).is_ok() && user.doc.sign_outs <= sign_outs);
                let user = user.ok_or_else(errors::refresh_token_revoked)?;
                if !hearer::enter(tx, &pool.id, hearer.as_ref())? {
                    return Err(errors::refresh_token_revoked().into());
                }
                if !spent.spend(tx, &pool.id, &begun.row.family)? {
                    return Err(Stop::Raced);
                }
                begun.make_room(tx, &pool, now)?;
                sessions::insert(tx, &pool.id, &begun.row.begun_by(&user))?;
                Ok((roles::of_user(tx, &pool.id, &user.sub)?, user))
            })
            .await;
        let (groups, user) = match written {
            Ok(read) => read,
            Err(Stop::Raced) => return Err(NotBegun::Spent),
            Err(Stop::Refused(_)) => return Err(NotBegun::Halted),
            Err(stop) => return Err(ApiError::from(stop).into()),
        };
        let subject = Subject {
            user: &user,
            groups: &groups,
            session: &family.row,
            overrides: &overrides,
            nonce: doc.nonce.as_deref(),
            key: key.as_deref(),
        };
        let tokens = issue::granted(&self.tokens, cx, &grant, &subject, turn).await?;
        Ok(TokenSet::of(place, tokens, Some(refresh_token), key.as_deref()))
    }
}
