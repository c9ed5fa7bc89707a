//! A browser's session of hosted login, the one that single sign-on reuses: known by a cookie, of which the row keeps a digest.
//! Reference: oauth-and-federation 4; user-pools 15.2.

use std::time::Duration;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use kernel::{Cx, Sub};
use store::records::sso_sessions::{self, Login};

use super::Shown;
use crate::{client::Client, pool::Pool, signin::Visit};

const MINUTE: Duration = Duration::from_secs(60);

/// Unless the client says otherwise.
const VALIDITY: Duration = Duration::from_secs(3600);

/// One that is about to be stored, and the cookie that stands for it.
#[derive(Clone)]
pub struct NewLogin {
    pub(crate) row: Login,
    pub(crate) cookie: String,
    /// From where it began.
    pub(crate) ip: Option<String>,
}

impl NewLogin {
    pub(crate) fn begin(cx: &Cx, visit: &Visit, sub: &Sub, Shown { acr, amr, since }: Shown) -> Self {
        let mut chance = [0; 32];
        cx.rng().fill(&mut chance);
        let cookie = BASE64_URL_SAFE_NO_PAD.encode(chance);
        let longest = visit.pool.clients.values().map(|client| validity(&visit.pool, client));
        let row = Login {
            login: digest(&cookie),
            sub: sub.clone(),
            created: cx.now(),
            expires: cx.now().plus(longest.max().unwrap_or(VALIDITY)),
            doc: sso_sessions::Doc {
                id: kernel::uuid(cx.rng()),
                client: Some(visit.client.id.clone()),
                auth_time: since.unwrap_or_else(|| cx.wall()),
                amr,
                acr: Some(acr),
                seen: visit.pool.sessions.is_some().then(|| visit.seen(cx)),
                sign_outs: 0,
                external: visit.brought.as_ref().map(|brought| brought.external.clone()),
            },
        };
        Self {
            row,
            cookie,
            ip: cx.source_ip.map(|ip| ip.to_string()),
        }
    }
}

/// As rows keep a cookie or a code, which is chance enough that nobody finds it by its digest.
pub(crate) fn digest(secret: &str) -> String {
    hex::encode(vault::sha256(secret.as_bytes()))
}

/// How long a client takes a browser's session for a sign-in: an hour, or what the client says in a pool that tracks sessions.
pub(crate) fn validity(pool: &Pool, client: &Client) -> Duration {
    let configured = client.sso_session.sso_session.as_ref();
    let minutes = configured
        .map(|sso| sso.max_validity_minutes)
        .filter(|_| pool.sessions.is_some());
    match minutes.and_then(|minutes| u32::try_from(minutes).ok()) {
        Some(minutes) => MINUTE * minutes,
        None => VALIDITY,
    }
}
