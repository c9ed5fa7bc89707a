//! Clients are told that browsers' sessions have ended: OpenID Connect Back-Channel Logout 1.0 section 2.5. Who is to be told stands in rows
//! since the transaction that ended the session; each is claimed for longer than it may take, tried, and forgotten or tried again later.
//! Several clients are told beside each other, of each no more than its share, so that one that hangs keeps no other waiting.
//! Decision 22.

use std::{collections::HashMap, time::Duration};

use api::cognito_idp::ClientTypeType;
use bytes::Bytes;
use futures_util::{StreamExt, stream::FuturesUnordered};
use http::{HeaderMap, HeaderValue, Method, header};
use kernel::{ApiError, ClientId, Cx, PoolId, Timestamp};
use serde_json::{Map, Value, json};
use store::{
    Wake,
    records::logouts::{self, Waiting},
};
use tokens::LogoutClaims;
use upstream::{Address, Fetch, FetchError};

use crate::{UserPools, pool::Pool};

/// Of one attempt, from the name to the last byte of the answer.
const LIMIT: Duration = Duration::from_secs(10);

/// How long an attempt is one node's.
const CLAIM: Duration = LIMIT.saturating_add(Duration::from_secs(20));

/// Attempts double their distance from half a minute; after the last, about eight minutes, it is given up.
const FIRST_PAUSE: Duration = Duration::from_secs(30);
const MOST_ATTEMPTS: i64 = 5;

/// Under way at a time, and of one client.
const AT_ONCE: usize = 64;
const OF_A_CLIENT: usize = 4;

/// Seconds that a logout token is good: two minutes are what the specification recommends at most.
const LIFE: i64 = 120;

/// Bytes of the answer, which nobody reads.
const LARGEST: usize = 64 * 1024;

/// What tells a logout token from others.
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// Under way for the clients of a pool that registered themselves, together: anybody may name such an address, and a hundred that hang keep
/// no vouched-for client waiting.
const OF_REGISTERED: usize = 16;

/// Whose share of what is under way: a client's; None: that of all who registered themselves.
type Lane = (PoolId, Option<ClientId>);

/// Why a client has not heard.
enum Untold {
    /// There is nothing left to tell, or nobody.
    Unwanted(&'static str),
    /// Trying again can't help.
    Never(String),
    Later(String),
}

impl UserPools {
    /// Rung when a session has ended: see [`UserPools::tell_logouts`].
    pub fn logouts(&self) -> &Wake {
        &self.logouts
    }

    pub(crate) fn ring_logouts(&self, pool: &Pool) {
        if pool.switches.backchannel_logout {
            self.logouts.ring();
        }
    }

    /// How long until the next is due. None: none waits. Errors: internal.
    pub async fn until_next_logout(&self, cx: &Cx) -> Result<Option<Duration>, ApiError> {
        let next = self.store.read(|r| {
            let mut next: Option<Timestamp> = None;
            for (pool, client) in logouts::clients(r)? {
                next = next.into_iter().chain(logouts::next_due(r, (&pool, &client))?).min();
            }
            Ok(next)
        });
        Ok(next.await?.map(|due| due.since(cx.now())))
    }

    /// Tells everybody who is due, those too that become so meanwhile. Returns how many have heard. Errors: internal.
    pub async fn tell_logouts(&self, cx: &Cx) -> Result<u64, ApiError> {
        let mut told = 0;
        let mut shares: HashMap<Lane, usize> = HashMap::new();
        let mut under_way = FuturesUnordered::new();
        loop {
            for (lane, waiting, until) in self.claimed_logouts(cx, &mut shares).await? {
                under_way.push(async move { (lane, self.tell_logout(cx, waiting, until).await) });
            }
            if under_way.is_empty() {
                return Ok(told);
            }
            tokio::select! {
                Some((lane, outcome)) = under_way.next() => {
                    told += u64::from(outcome?);
                    if let Some(share) = shares.get_mut(&lane) {
                        *share -= 1;
                    }
                }
                () = self.logouts.rung() => {}
            }
        }
    }

    /// What is due and ours, of whose share, and until when.
    async fn claimed_logouts(
        &self,
        cx: &Cx,
        shares: &mut HashMap<Lane, usize>,
    ) -> Result<Vec<(Lane, Waiting, Timestamp)>, ApiError> {
        let now = cx.now();
        let until = now.plus(CLAIM);
        let mut room = AT_ONCE.saturating_sub(shares.values().sum());
        let mut ours = Vec::new();
        for (pool, client) in self.store.read(|r| logouts::clients(r)).await? {
            let (lane, most) = self.lane(&pool, &client).await?;
            let share = shares.entry(lane.clone()).or_insert(0);
            let left = most.saturating_sub(*share).min(OF_A_CLIENT).min(room);
            let limit = i64::try_from(left).unwrap_or(0);
            if limit == 0 {
                continue;
            }
            let due = self
                .store
                .read(move |r| logouts::due(r, (&pool, &client), now, limit))
                .await?;
            for waiting in due {
                let claim = waiting.clone();
                let claimed = self.store.write(move |tx| Ok(logouts::claim(tx, &claim, until)?));
                if claimed.await? {
                    ours.push((lane.clone(), waiting, until));
                    *share += 1;
                    room -= 1;
                }
            }
        }
        Ok(ours)
    }

    /// Where a client stands in line, and how many may be under way there.
    async fn lane(&self, pool: &PoolId, client: &ClientId) -> Result<(Lane, usize), ApiError> {
        let loaded = self.load(pool).await?;
        let known = loaded.as_ref().and_then(|pool| pool.clients.get(client));
        Ok(match known {
            Some(known) if known.kind() == ClientTypeType::Dcr => ((pool.clone(), None), OF_REGISTERED),
            _ => ((pool.clone(), Some(client.clone())), OF_A_CLIENT),
        })
    }

    /// Whether the client has heard.
    async fn tell_logout(&self, cx: &Cx, waiting: Waiting, claimed: Timestamp) -> Result<bool, ApiError> {
        let (pool, client, attempts) = (waiting.pool.clone(), waiting.client.clone(), waiting.attempts + 1);
        match self.post_logout(cx, &waiting).await? {
            Ok(()) => {
                self.store.write(move |tx| Ok(logouts::remove(tx, &waiting)?)).await?;
                Ok(true)
            }
            Err(Untold::Later(why)) if attempts < MOST_ATTEMPTS => {
                tracing::warn!(%why, %pool, client = client.as_str(), "a client will be told again that a session has ended");
                let doublings = u32::try_from(attempts - 1).unwrap_or(0).min(16);
                let due = cx.now().plus(FIRST_PAUSE.saturating_mul(1 << doublings));
                let postponed = self
                    .store
                    .write(move |tx| Ok(logouts::postpone(tx, &waiting, claimed, (due, attempts))?));
                postponed.await?;
                Ok(false)
            }
            Err(Untold::Unwanted(why)) => {
                tracing::debug!(%why, %pool, client = client.as_str(), "nobody is told that a session has ended");
                self.store.write(move |tx| Ok(logouts::remove(tx, &waiting)?)).await?;
                Ok(false)
            }
            Err(Untold::Never(why) | Untold::Later(why)) => {
                tracing::error!(%why, %pool, client = client.as_str(), "a client does not hear that a session has ended: it is given up");
                self.store.write(move |tx| Ok(logouts::remove(tx, &waiting)?)).await?;
                Ok(false)
            }
        }
    }

    async fn post_logout(&self, cx: &Cx, waiting: &Waiting) -> Result<Result<(), Untold>, ApiError> {
        let loaded = self.load(&waiting.pool).await?;
        let uri = loaded.and_then(|pool| pool.logout_uri(&waiting.client).map(str::to_owned));
        let Some(address) = uri.and_then(|uri| Address::of_tenant(&uri).ok()) else {
            return Ok(Err(Untold::Unwanted("the client does not want to hear any more")));
        };
        // A line before the cores that is full is no reason to give up.
        let Ok(turn) = self.cpu.reserve() else {
            return Ok(Err(Untold::Later("there is no room on the cores".to_owned())));
        };
        let token = self
            .tokens
            .issue_logout(&waiting.pool, claims(cx, waiting), turn)
            .await?;
        let Some(token) = token else {
            return Ok(Err(Untold::Unwanted("the pool is gone")));
        };
        let mut headers = HeaderMap::new();
        let form = HeaderValue::from_static("application/x-www-form-urlencoded");
        headers.insert(header::CONTENT_TYPE, form);
        let fetch = Fetch {
            address,
            method: Method::POST,
            headers,
            // What it is made of needs no escape.
            body: Bytes::from(format!("logout_token={token}")),
            within: LIMIT,
            largest: LARGEST,
        };
        Ok(match self.upstream.fetch(fetch).await {
            Ok(answer) if answer.status.is_success() => Ok(()),
            Ok(answer) => Err(Untold::Later(format!("it answered {}", answer.status.as_u16()))),
            Err(FetchError::TooLarge(_)) => Ok(()),
            Err(FetchError::Forbidden(why)) => Err(Untold::Never(why.to_owned())),
            Err(error) => Err(Untold::Later(error.to_string())),
        })
    }
}

/// Section 2.4: no `nonce`, so that it is no ID token.
fn claims(cx: &Cx, waiting: &Waiting) -> LogoutClaims {
    let wall = cx.wall();
    let claims = [
        ("iss", json!(waiting.issuer)),
        ("aud", json!(waiting.client.as_str())),
        ("iat", json!(wall.secs())),
        ("exp", json!(wall.secs() + LIFE)),
        ("jti", json!(kernel::uuid(cx.rng()))),
        ("events", json!({ EVENT: {} })),
        ("sid", json!(waiting.login)),
        ("sub", json!(waiting.sub.as_str())),
    ];
    let claims = claims.into_iter().map(|(name, value)| (name.to_owned(), value));
    LogoutClaims(claims.collect::<Map<String, Value>>())
}
