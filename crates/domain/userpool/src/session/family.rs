//! A session family: one row for all the refresh tokens that come of one sign-in. Reference: user-pools 8.4; decision 8.

use kernel::{ApiError, Cx, DeviceKey, PoolId, Sub, Timestamp};
use store::{
    StoreError, Tx,
    records::{
        devices::DevicesOf,
        sessions::{self, Hosted, Seen, Session},
    },
};
use tokens::RefreshToken;
use vault::Keyring;

use super::grant::Grant;
use crate::pool::Pool;

/// A family about to be stored, and the refresh token that stands for it.
#[derive(Clone)]
pub(crate) struct Family {
    pub row: Session,
    pub refresh_token: String,
    /// The key of the device that the sign-in hands out, where it was made with none that is known.
    pub new_device: Option<DeviceKey>,
    pub from: Seen,
}

/// How much was shown at the sign-in, and by which methods, as tokens say it. Reference: user-pools 15.1.
pub(crate) struct Shown {
    pub acr: String,
    pub amr: Vec<String>,
    /// True time. When the oldest of it was shown, if an earlier sign-in was credited; else it was now.
    pub since: Option<Timestamp>,
}

impl Family {
    /// Errors: internal.
    pub fn begin(
        keyring: &Keyring,
        cx: &Cx,
        (pool, sub): (&PoolId, &Sub),
        grant: &Grant<'_>,
        Shown { acr, amr, since }: Shown,
    ) -> Result<Self, ApiError> {
        let now = cx.now();
        let family = kernel::uuid_in_order(now, cx.rng());
        let (refresh_token, kept) = RefreshToken::mint(keyring, pool, &family, cx.rng())?;
        let row = Session {
            family,
            sub: sub.clone(),
            client: grant.client.id.clone(),
            token: kept.digest.to_vec(),
            previous_token: None,
            rotated_at: None,
            created: now,
            used_at: now,
            expires: now.plus(grant.client.lifetimes.refresh_token),
            revoked: false,
            doc: sessions::Doc {
                auth_time: since.unwrap_or_else(|| cx.wall()),
                event_id: kernel::uuid(cx.rng()),
                scope: grant.scopes.as_str().to_owned(),
                device_key: None,
                acr: Some(acr),
                amr,
                seen: None,
                sign_outs: 0,
                hosted: None,
            },
        };
        Ok(Self {
            row,
            refresh_token,
            new_device: None,
            from: Seen::default(),
        })
    }

    /// With what the pool tracks of it. `known` is the device that it was made with.
    pub fn tracked(mut self, cx: &Cx, (pool, from): (&Pool, Seen), known: Option<&DeviceKey>) -> Self {
        self.from = from;
        if pool.devices.is_some() {
            self.new_device = known.is_none().then(|| DeviceKey::random(&pool.id.region(), cx.rng()));
            self.row.doc.device_key = known.cloned().or_else(|| self.new_device.clone());
        }
        if pool.sessions.is_some() {
            self.row.doc.seen = Some(self.from.clone());
        }
        self
    }

    /// Of a code that hosted login gave: no device is asked there, and none is handed out.
    pub fn of_browser(mut self, pool: &Pool, hosted: Hosted, from: Seen) -> Self {
        self.row.doc.hosted = Some(hosted);
        if pool.sessions.is_some() {
            self.row.doc.seen = Some(from.clone());
        }
        self.from = from;
        self
    }

    /// Where the devices of its user are kept.
    pub fn devices(&self, pool: &PoolId) -> DevicesOf {
        DevicesOf {
            pool: pool.clone(),
            sub: self.row.sub.clone(),
        }
    }

    /// In the write that begins it, before it is stored: the session that was used the longest ago ends where the user has as many as
    /// the pool allows. Reference: 15.2.
    pub fn make_room(&self, tx: &mut Tx<'_>, pool: &Pool, now: Timestamp) -> Result<(), StoreError> {
        if let Some(tracking) = pool.sessions {
            let kept = i64::from(tracking.most) - 1;
            sessions::evict(tx, (&pool.id, &self.row.sub), kept, now)?;
        }
        Ok(())
    }
}
