//! App clients that register themselves (RFC 7591), as a pool's DcrConfiguration has it. Reference: user-pools 15.4.
//!
//! Whoever brings an access token of the pool's with [`SCOPE`] is vouched for; anybody else is let in where the pool is open to them, so
//! many in an hour, and goes again if nobody signs in by it. What such a client may: be signed in with by pages and refresh; no flow of
//! the API but an administrator's.

use std::{sync::Arc, time::Duration};

use kernel::{ApiError, ClientId, Code, Cx, PoolId, Timestamp};
use store::records::registrations;

use super::{
    Place,
    registrable::{Metadata, Unfit, granted, settings},
};
use crate::{
    UserPools,
    client::{
        input,
        loaded::Confidentiality,
        new::{Keep, NewClient},
        secret::Secret,
    },
    errors,
    pool::{Pool, registration::SCOPE},
};

/// Unless the pool says otherwise.
const AN_HOUR: u32 = 20;

const HOUR: Duration = Duration::from_secs(3600);

/// How long a client is kept that nobody has signed in by.
const UNUSED: Duration = Duration::from_secs(7 * 24 * 3600);

/// How long after its last use: longer than its refresh tokens live.
const USED: Duration = Duration::from_secs(90 * 24 * 3600);

/// A day less: what is kept as long is not written again.
const STILL_USED: Duration = Duration::from_secs(89 * 24 * 3600);

/// What it is.
pub struct Registered {
    pub id: ClientId,
    pub secret: Option<String>,
    pub at: Timestamp,
    pub is: Metadata,
}

/// Why it is not registered.
#[derive(Debug)]
pub enum NotRegistered {
    /// A token is needed, and there is none.
    NoToken,
    BadToken,
    /// The token is no initial access token.
    NoScope,
    Redirect(String),
    Metadata(String),
    /// Too many came in the last hour.
    TooMany,
    Api(ApiError),
}

impl From<ApiError> for NotRegistered {
    fn from(error: ApiError) -> Self {
        Self::Api(error)
    }
}

impl From<Unfit> for NotRegistered {
    fn from(unfit: Unfit) -> Self {
        match unfit {
            Unfit::Redirect(why) => Self::Redirect(why),
            Unfit::Metadata(why) => Self::Metadata(why),
        }
    }
}

impl UserPools {
    /// `token`: what was brought. What a client wants and may not have is left out, and it is told what is left.
    pub async fn register_client(
        &self,
        cx: &Cx,
        pool: &PoolId,
        token: Option<&str>,
        wanted: Metadata,
    ) -> Result<Registered, NotRegistered> {
        let loaded = self
            .load(pool)
            .await?
            .ok_or_else(|| errors::pool_does_not_exist(pool.as_str()))?;
        let Some(registration) = &loaded.registration else {
            return Err(NotRegistered::NoToken);
        };
        let is_vouched_for = match token {
            Some(token) => {
                self.check_initial_token(cx, &loaded, token).await?;
                true
            }
            None if registration.is_open => false,
            None => return Err(NotRegistered::NoToken),
        };
        let flows = if is_vouched_for {
            &registration.vouched_flows
        } else {
            &registration.open_flows
        };
        let is = granted(&loaded, self.upstream.tenants_reach(), registration, flows, wanted)?;
        let secret = is.has_secret.then(|| Secret::generated(cx.rng()));
        let kind = if secret.is_some() || is.registered.has_keys() {
            Confidentiality::Confidential
        } else {
            Confidentiality::Public
        };
        let settings = input::registered(&loaded, kind, settings(&is)).map_err(|error| match error.code() {
            Code::InternalError => NotRegistered::Api(error),
            _ => NotRegistered::Metadata(error.message().to_owned()),
        })?;
        let keep = if is_vouched_for {
            Keep::ForEver
        } else {
            Keep::IfUsed {
                until: cx.now().plus(UNUSED),
                since: cx.now().minus(HOUR),
                most: i64::from(loaded.switches.registrations.unwrap_or(AN_HOUR)),
            }
        };
        if let Keep::IfUsed { since, most, .. } = keep {
            // Who floods the endpoint does not come to the writer's turn.
            let of = loaded.id.clone();
            let count = self.store.look_up(move |r| registrations::count(r, &of, since)).await;
            if count.map_err(ApiError::from)? >= most {
                return Err(NotRegistered::TooMany);
            }
        }
        let id = ClientId::random(cx.rng());
        let new = NewClient::begin(
            &self.keyring,
            cx,
            (&loaded, id),
            (&settings, &is.registered),
            secret.as_deref(),
        )?;
        let new = Arc::new(new);
        let stored = Arc::clone(&new);
        let written = self.store.write(move |tx| stored.insert(tx, keep)).await;
        written.map_err(|stop| match ApiError::from(stop) {
            error if error.code() == Code::LimitExceeded => NotRegistered::TooMany,
            error => NotRegistered::Api(error),
        })?;
        Ok(Registered {
            id: new.client.id.clone(),
            secret,
            at: new.client.created,
            is,
        })
    }

    async fn check_initial_token(&self, cx: &Cx, pool: &Pool, token: &str) -> Result<(), NotRegistered> {
        let access = self.standing_access(cx, pool, token).await?;
        // Nothing is proved here of a key.
        let access = access.filter(|access| access.token.key.is_none());
        let access = access.ok_or(NotRegistered::BadToken)?;
        if access.token.scopes.contain(SCOPE) {
            Ok(())
        } else {
            Err(NotRegistered::NoScope)
        }
    }

    /// A client that registered itself was used by somebody: it is kept on. Written once a day at most. Errors: internal.
    pub async fn keep_registered(&self, cx: &Cx, place: &Place) -> Result<(), ApiError> {
        if !place.is_self_registered() {
            return Ok(());
        }
        let (pool, client) = (place.pool.id.clone(), place.client.id.clone());
        let (until, now) = (cx.now().plus(USED), cx.now());
        let (of, id) = (pool.clone(), client.clone());
        let kept = self.store.look_up(move |r| registrations::expiry(r, &of, &id)).await?;
        if kept.is_some_and(|kept| kept < now.plus(STILL_USED)) {
            self.store
                .write(move |tx| Ok(registrations::keep_until(tx, &pool, &client, until)?))
                .await?;
        }
        Ok(())
    }
}
