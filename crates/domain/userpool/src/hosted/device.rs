//! Devices that can't show pages (RFC 8628): one gets two codes, a person enters the short one at any browser, signs in and allows it, and
//! the device trades the long one (`polling`).
//!
//! ```text
//!  begun ──the short code is entered──▶ a browser's ──allowed──▶ the device's next poll: tokens, and it is gone
//!                                          │
//!                                          └──denied──▶ access_denied until it expires
//! ```
//!
//! Only the browser that entered the code answers for it: nobody is led past the page that shows what is allowed, and to whom.

use std::time::Duration;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use kernel::{ApiError, ClientId, Cx, PoolId, Timestamp};
use store::{
    Stop,
    records::device_grants::{self, DeviceGrant, Doc},
    retrying,
};
use tokens::Scopes;

use super::{Browser, Place, approved::Approved, guesses::Guesser, user_code::UserCode};
use crate::{UserPools, errors, session::login::digest};

/// How long a device waits for its person.
const LIFE: Duration = Duration::from_secs(600);

/// Seconds between two polls, at first.
const PAUSE: i64 = 5;

/// Of one client at a time: anybody may begin one where the client is public, and nobody is to fill the disk. The chance to guess one grows
/// with them too.
const MOST: i64 = 1000;

/// What a device is told.
pub struct DeviceCodes {
    pub device_code: String,
    pub user_code: String,
    /// Seconds.
    pub expires_in: u64,
    pub interval: i64,
}

/// A device that somebody is asked about.
pub struct AskedDevice {
    pub user_code: String,
    pub scopes: Scopes,
}

/// A code that was entered, and the client that the person is to sign in for.
#[derive(Debug)]
pub struct Entered {
    pub client: ClientId,
    pub user_code: String,
}

/// Why a code leads nowhere.
#[derive(Debug)]
pub enum NotEntered {
    /// There is none that waits.
    Wrong,
    /// Too many were wrong.
    TooMany,
    Api(ApiError),
}

impl From<ApiError> for NotEntered {
    fn from(error: ApiError) -> Self {
        Self::Api(error)
    }
}

/// What the person says.
#[derive(Clone, Copy)]
pub enum DeviceAnswer<'a> {
    /// Who has signed in.
    Allow(&'a Browser),
    Deny,
}

enum Entry {
    Right(ClientId),
    Wrong,
    TooMany,
}

impl UserPools {
    /// For the client of the place, which has shown that it is this one. Errors: LimitExceeded (too many wait).
    pub async fn begin_device(
        &self,
        cx: &Cx,
        place: &Place,
        scopes: &Scopes,
        resource: Option<String>,
    ) -> Result<DeviceCodes, ApiError> {
        let mut chance = [0; 32];
        cx.rng().fill(&mut chance);
        let device_code = BASE64_URL_SAFE_NO_PAD.encode(chance);
        let (pool, client, now) = (place.pool.id.clone(), place.client.id.clone(), cx.now());
        let (of, whose) = (pool.clone(), client.clone());
        // Who floods the endpoint does not come to the writer's turn.
        let waiting = self.store.look_up(move |r| device_grants::count(r, &of, &whose, now));
        if waiting.await? >= MOST {
            return Err(errors::settings::too_many_devices());
        }
        let begun = retrying(|| async {
            let user_code = UserCode::random(cx.rng());
            let grant = DeviceGrant {
                device: digest(&device_code),
                user_code: user_code.kept(&self.keyring, &pool),
                client: client.clone(),
                expires: now.plus(LIFE),
                pause: PAUSE,
                denied: false,
                browser: None,
                sub: None,
                doc: Doc {
                    scope: scopes.as_str().to_owned(),
                    resource: resource.clone(),
                    allowed: None,
                },
            };
            let pool = pool.clone();
            self.store
                .write(move |tx| {
                    if device_grants::count(tx, &pool, &grant.client, now)? >= MOST {
                        return Err(errors::settings::too_many_devices().into());
                    }
                    // Another device has it: it gets one more.
                    if !device_grants::insert(tx, &pool, &grant)? {
                        return Err(Stop::Raced);
                    }
                    Ok(())
                })
                .await?;
            Ok(user_code)
        });
        let user_code: UserCode = begun.await?;
        Ok(DeviceCodes {
            device_code,
            user_code: user_code.shown(),
            expires_in: LIFE.as_secs(),
            interval: PAUSE,
        })
    }

    /// `browser`: the cookie of whoever enters it, who alone may answer then.
    pub async fn enter_user_code(
        &self,
        cx: &Cx,
        pool: &PoolId,
        browser: &str,
        typed: &str,
    ) -> Result<Entered, NotEntered> {
        let code = UserCode::read(typed).ok_or(NotEntered::Wrong)?;
        let (browser, now) = (digest(browser), cx.now());
        let (of, guesser) = (pool.clone(), Guesser::new(&browser, cx.source_ip));
        let is_exhausted = self.store.look_up(move |r| guesser.is_exhausted(r, &of, now));
        if is_exhausted.await.map_err(ApiError::from)? {
            return Err(NotEntered::TooMany);
        }
        let kept = code.kept(&self.keyring, pool);
        let (pool, guesser) = (pool.clone(), Guesser::new(&browser, cx.source_ip));
        let entry = self.store.write(move |tx| {
            // Once more: guesses run in parallel.
            if guesser.is_exhausted(tx, &pool, now)? {
                return Ok(Entry::TooMany);
            }
            let found = device_grants::by_user_code(tx, &pool, &kept)?.filter(|grant| now < grant.expires);
            if let Some(grant) = found
                && device_grants::enter(tx, &pool, &grant.device, &browser)?
            {
                return Ok(Entry::Right(grant.client));
            }
            guesser.count(tx, &pool, now)?;
            Ok(Entry::Wrong)
        });
        match entry.await.map_err(ApiError::from)? {
            Entry::Right(client) => Ok(Entered {
                client,
                user_code: code.shown(),
            }),
            Entry::Wrong => Err(NotEntered::Wrong),
            Entry::TooMany => Err(NotEntered::TooMany),
        }
    }

    /// What a browser is asked about that entered this code. None: it did not, or it is over; which of both is nobody's to know.
    ///
    /// Errors: internal.
    pub async fn asked_device(
        &self,
        cx: &Cx,
        place: &Place,
        (browser, user_code): (&str, &str),
    ) -> Result<Option<AskedDevice>, ApiError> {
        let found = self.entered_at(cx.now(), place, (browser, user_code)).await?;
        Ok(found.map(|(code, grant)| AskedDevice {
            user_code: code.shown(),
            scopes: Scopes::new(grant.doc.scope),
        }))
    }

    /// The person has answered. A function that changes tokens is asked now, for a code is given now too. False: it is over.
    ///
    /// Errors: those of the function.
    pub async fn answer_device(
        &self,
        cx: &Cx,
        place: &Place,
        (browser, user_code): (&str, &str),
        answer: DeviceAnswer<'_>,
    ) -> Result<bool, ApiError> {
        let Some((_, grant)) = self.entered_at(cx.now(), place, (browser, user_code)).await? else {
            return Ok(false);
        };
        let (pool, browser, device) = (place.pool.id.clone(), digest(browser), grant.device);
        let DeviceAnswer::Allow(of) = answer else {
            let denied = self
                .store
                .write(move |tx| Ok(device_grants::deny(tx, (&pool, &device), &browser)?));
            return Ok(denied.await?);
        };
        let approved = Approved {
            scopes: Scopes::new(grant.doc.scope.as_str()),
            resource: grant.doc.resource.clone(),
            ..Approved::default()
        };
        let doc = Doc {
            allowed: Some(self.allowed_by(cx, place, of, approved).await?),
            ..grant.doc
        };
        let sub = of.user.sub.clone();
        let allowed = self
            .store
            .write(move |tx| Ok(device_grants::allow(tx, (&pool, &device), &browser, (&sub, &doc))?));
        Ok(allowed.await?)
    }

    async fn entered_at(
        &self,
        now: Timestamp,
        place: &Place,
        (browser, user_code): (&str, &str),
    ) -> Result<Option<(UserCode, DeviceGrant)>, ApiError> {
        let Some(code) = UserCode::read(user_code) else {
            return Ok(None);
        };
        let (pool, kept) = (place.pool.id.clone(), code.kept(&self.keyring, &place.pool.id));
        let found = self
            .store
            .look_up(move |r| device_grants::by_user_code(r, &pool, &kept))
            .await?;
        let browser = digest(browser);
        let found = found.filter(|grant| {
            let is_here = grant.browser.as_ref() == Some(&browser) && grant.client == place.client.id;
            is_here && now < grant.expires && !grant.denied && grant.sub.is_none()
        });
        Ok(found.map(|grant| (code, grant)))
    }
}
