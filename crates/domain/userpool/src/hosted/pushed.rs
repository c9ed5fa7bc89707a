//! Authorization requests that a client pushes (RFC 9126): kept for a minute, until a browser comes with the name of one; then for as long
//! as its sign-in may take.
//!
//! ```text
//!  pushed ──/oauth2/authorize, within a minute, once──▶ taken ──the pages of the sign-in──▶ answered, and gone
//! ```

use std::time::Duration;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use kernel::{ApiError, Cx, PoolId};
use store::records::pushed_requests::{self, PushedRequest};

use super::Place;
use crate::{UserPools, session::login::digest};

/// What names begin with.
const URN: &str = "urn:ietf:params:oauth:request_uri:";

/// Until a browser comes.
pub const PUSHED_LIFE: Duration = Duration::from_secs(60);

/// From then on.
const TAKEN_LIFE: Duration = Duration::from_secs(3600);

/// Where a browser comes with a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coming {
    /// To the endpoint: nobody may have come before.
    First,
    /// To a page of the sign-in.
    Again,
}

impl UserPools {
    /// `parameters`, as a form has them, of the client of the place, which has shown that it is this one. Returns their name. Errors:
    /// internal.
    pub async fn push_request(&self, cx: &Cx, place: &Place, parameters: String) -> Result<String, ApiError> {
        let mut chance = [0; 32];
        cx.rng().fill(&mut chance);
        let name = format!("{URN}{}", BASE64_URL_SAFE_NO_PAD.encode(chance));
        let pushed = PushedRequest {
            request: digest(&name),
            client: place.client.id.clone(),
            expires: cx.now().plus(PUSHED_LIFE),
            used: false,
            parameters,
        };
        let pool = place.pool.id.clone();
        self.store
            .write(move |tx| Ok(pushed_requests::insert(tx, &pool, &pushed)?))
            .await?;
        Ok(name)
    }

    /// What was pushed under a name by this client. None: nothing, too long ago, or a browser has come with it. Errors: internal.
    pub async fn pushed_request(
        &self,
        cx: &Cx,
        pool: &PoolId,
        (client, name): (&str, &str),
        coming: Coming,
    ) -> Result<Option<String>, ApiError> {
        let (of, request) = (pool.clone(), digest(name));
        let wanted = request.clone();
        let found = self
            .store
            .look_up(move |r| pushed_requests::find(r, &of, &wanted))
            .await?;
        let found = found.filter(|found| {
            let is_due = found.used == (coming == Coming::Again);
            is_due && found.client.as_str() == client && cx.now() < found.expires
        });
        let Some(found) = found else {
            return Ok(None);
        };
        if coming == Coming::First {
            let (of, until) = (pool.clone(), cx.now().plus(TAKEN_LIFE));
            let taken = self
                .store
                .write(move |tx| Ok(pushed_requests::take(tx, &of, &request, until)?));
            if !taken.await? {
                return Ok(None);
            }
        }
        Ok(Some(found.parameters))
    }

    /// It is answered. Errors: internal.
    pub async fn forget_request(&self, pool: &PoolId, name: &str) -> Result<(), ApiError> {
        let (pool, request) = (pool.clone(), digest(name));
        self.store
            .write(move |tx| Ok(pushed_requests::delete(tx, &pool, &request)?))
            .await?;
        Ok(())
    }
}
