//! A device asks whether it is allowed: the token endpoint's grant of RFC 8628 section 3.4. What it hears costs a look-up; a write only where
//! it polls too often, and where it has tokens.

use std::time::Duration;

use kernel::{ApiError, Cx, Timestamp};
use store::records::device_grants::{self, DeviceGrant};
use tokens::Scopes;

use super::{
    Place, Proof, TokenSet,
    allowed::{Allowed, NotBegun, Spent},
};
use crate::{
    UserPools,
    session::{login::digest, scope},
};

/// Seconds that a device has to leave more, each time that it polls too often (RFC 8628 section 3.5). The sum is kept in its row, for all
/// nodes; when it polled last each remembers for itself.
const MORE: i64 = 5;

/// Nobody waits for longer: what polls more often still costs no write from then on.
const LONGEST_PAUSE: i64 = 300;

/// What the network takes from a pause.
const TOLERANCE: Duration = Duration::from_millis(500);

/// Why a device has no tokens.
#[derive(Debug)]
pub enum DeviceRefused {
    /// Nobody has answered yet.
    Pending,
    /// The same, and it asks too often.
    SlowDown,
    Denied,
    Expired,
    /// The proof was shown before.
    ShownBefore,
    /// It is none, or another client's; its user may not go on.
    InvalidGrant(&'static str),
    Api(ApiError),
}

impl From<ApiError> for DeviceRefused {
    fn from(error: ApiError) -> Self {
        Self::Api(error)
    }
}

/// What a device hears.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    Allowed,
    Pending,
    TooSoon,
    Denied,
    Expired,
}

fn standing(grant: &DeviceGrant, before: Option<Timestamp>, now: Timestamp) -> Standing {
    let pause = Duration::from_secs(u64::try_from(grant.pause).unwrap_or(0)).saturating_sub(TOLERANCE);
    if now >= grant.expires {
        Standing::Expired
    } else if grant.denied {
        Standing::Denied
    } else if grant.sub.is_some() {
        Standing::Allowed
    } else if before.is_some_and(|before| now.since(before) < pause) {
        Standing::TooSoon
    } else {
        Standing::Pending
    }
}

impl UserPools {
    /// By the client of the place, which has shown that it is this one.
    pub async fn trade_device_code(
        &self,
        cx: &Cx,
        place: &Place,
        device_code: &str,
        proof: Option<&Proof>,
    ) -> Result<TokenSet, DeviceRefused> {
        let (pool, device, now) = (place.pool.id.clone(), digest(device_code), cx.now());
        let wanted = device.clone();
        let found = self
            .store
            .look_up(move |r| device_grants::find(r, &pool, &wanted))
            .await;
        let found = found.map_err(ApiError::from)?;
        let found = found.filter(|grant| grant.client == place.client.id);
        let grant = found.ok_or(DeviceRefused::InvalidGrant("no such device of this client"))?;
        let before = self.polls.get(&device);
        match standing(&grant, before, now) {
            Standing::Expired => Err(DeviceRefused::Expired),
            Standing::Denied => Err(DeviceRefused::Denied),
            Standing::Pending => {
                self.polls.remember(device, now);
                Err(DeviceRefused::Pending)
            }
            Standing::TooSoon => {
                self.polls.remember(device.clone(), now);
                self.slow_down(place, device, grant.pause + MORE).await?;
                Err(DeviceRefused::SlowDown)
            }
            Standing::Allowed => self.allowed_device(cx, place, grant, proof).await,
        }
    }

    async fn slow_down(&self, place: &Place, device: String, pause: i64) -> Result<(), ApiError> {
        if pause <= LONGEST_PAUSE {
            let pool = place.pool.id.clone();
            self.store
                .write(move |tx| Ok(device_grants::slow_down(tx, &pool, &device, pause)?))
                .await?;
        }
        Ok(())
    }

    async fn allowed_device(
        &self,
        cx: &Cx,
        place: &Place,
        grant: DeviceGrant,
        proof: Option<&Proof>,
    ) -> Result<TokenSet, DeviceRefused> {
        let turn = self.cpu.reserve()?;
        let (Some(sub), Some(doc)) = (grant.sub, grant.doc.allowed) else {
            return Err(ApiError::internal("a device is allowed by nobody").into());
        };
        if !scope::are_readable(&Scopes::new(doc.scope.as_str()), &place.client) {
            return Err(DeviceRefused::InvalidGrant(
                "the client may not read what a scope implies",
            ));
        }
        // Not of a device that waits: proofs are made by anybody, and each leaves a row.
        if let Some(proof) = proof
            && !self.show_once(cx, &place.pool.id, &proof.once).await?
        {
            return Err(DeviceRefused::ShownBefore);
        }
        let allowed = Allowed {
            sub,
            doc,
            spent: Spent::Device(grant.device),
            key: proof.map(|proof| proof.key.clone()),
        };
        let begun = self.begin_session(cx, place, allowed, turn).await;
        begun.map_err(|none| match none {
            NotBegun::Spent => DeviceRefused::InvalidGrant("traded before"),
            NotBegun::Halted => DeviceRefused::InvalidGrant("the user may not go on"),
            NotBegun::Api(error) => DeviceRefused::Api(error),
        })
    }
}

#[cfg(test)]
mod tests {
    use kernel::{ClientId, Sub};
    use store::records::device_grants::Doc;

    use super::*;

    #[test]
    fn what_a_device_hears() {
        let at = Timestamp::from_millis;
        let grant = |pause, denied, sub: Option<&str>| DeviceGrant {
            device: "d".to_owned(),
            user_code: "u".to_owned(),
            client: ClientId::new("c"),
            expires: at(600_000),
            pause,
            denied,
            browser: None,
            sub: sub.map(Sub::new),
            doc: Doc::default(),
        };
        let (waits, slowed) = (grant(5, false, None), grant(10, false, None));
        let (denied, allowed) = (grant(5, true, None), grant(5, false, Some("ana")));
        for (grant, before, now, expected) in [
            (&waits, None, 0, Standing::Pending),
            (&waits, Some(0), 4_499, Standing::TooSoon),
            (&waits, Some(0), 4_500, Standing::Pending),
            (&slowed, Some(0), 9_499, Standing::TooSoon),
            (&slowed, Some(0), 9_500, Standing::Pending),
            (&denied, Some(0), 1, Standing::Denied),
            (&allowed, Some(0), 1, Standing::Allowed),
            (&allowed, None, 599_999, Standing::Allowed),
            (&allowed, None, 600_000, Standing::Expired),
            (&denied, None, 600_000, Standing::Expired),
            (&waits, Some(599_999), 600_000, Standing::Expired),
        ] {
            assert_eq!(standing(grant, before.map(at), at(now)), expected, "{before:?} {now}");
        }
    }
}
