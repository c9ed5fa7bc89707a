//! Browsers that are remembered: each is a device of its user, as ConfirmDevice makes them. Reference: user-pools 10.

use std::{sync::Arc, time::Duration};

use kernel::{Cx, PoolId, Result, Sub};
use store::records::devices::{Device, DeviceStatus};

use super::{Browser, Place};
use crate::{
    UserPools,
    device::{
        browser::{self, BrowserDevice},
        kept,
    },
    pool::tracking::Remember,
    signin::is_known_device,
};

/// What becomes of a browser at which somebody has signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeviceDue {
    /// The pool tracks none, or this one already.
    Nothing,
    /// It is remembered, without a word.
    Remember,
    /// If the person likes.
    Ask,
}

/// What a browser is to keep.
pub struct Remembered {
    pub cookie: String,
    pub life: Duration,
}

impl UserPools {
    /// What the browser has been remembered as in this pool.
    pub fn devices_at<'c>(&self, cx: &Cx, pool: &PoolId, cookies: impl Iterator<Item = &'c str>) -> Vec<BrowserDevice> {
        let opened = cookies.filter_map(|cookie| BrowserDevice::open(&self.keyring, cx, pool, cookie));
        opened.collect()
    }

    /// Errors: internal.
    pub async fn device_due(&self, place: &Place, browser: &Browser) -> Result<DeviceDue> {
        // A browser stands in for no factor where a provider vouches for its user.
        let tracking = place.pool.devices.filter(|_| browser.login.doc.external.is_none());
        let Some(tracking) = tracking else {
            return Ok(DeviceDue::Nothing);
        };
        let (visit, sub) = (place.visit(), browser.user.sub.clone());
        if self.store.look_up(move |r| is_known_device(r, &visit, &sub)).await? {
            return Ok(DeviceDue::Nothing);
        }
        Ok(match tracking.remember {
            Remember::Always => DeviceDue::Remember,
            Remember::OnPrompt => DeviceDue::Ask,
        })
    }

    /// `agent`: what the browser calls itself, by which its user tells it from others.
    ///
    /// Errors: InvalidParameter (devices are not tracked), UserNotFound (deleted meanwhile), TooManyRequests, internal.
    pub async fn remember_browser(
        &self,
        cx: &Cx,
        place: &Place,
        browser: &Browser,
        agent: Option<String>,
    ) -> Result<Remembered> {
        kept::tracking(&place.pool)?;
        let of = kept::of(&browser.user);
        let drawn = BrowserDevice::draw(&of.pool, &of.sub, cx.rng());
        let cookie = drawn.seal(&self.keyring, cx, &of.pool)?;
        let key = drawn.key.clone();
        let (rng, pool) = (Arc::clone(&cx.env.rng), of.pool.clone());
        let known = self.cpu.run(move || drawn.known(&pool, rng.as_ref())).await?;
        let now = cx.now();
        let device = Device {
            secret: known.seal(&self.keyring, &of, &key, cx.rng())?,
            key,
            name: agent,
            status: DeviceStatus::Remembered,
            created: now,
            modified: now,
            authenticated: now,
            last_ip: cx.source_ip.map(|ip| ip.to_string()),
        };
        self.store.write(move |tx| kept::keep(tx, &of, &device)).await?;
        Ok(Remembered {
            cookie,
            life: browser::LIFE,
        })
    }
}

impl Browser {
    /// Tells the users of one browser apart, in the names and values of its cookies.
    pub fn tag(&self) -> String {
        tag(&self.user.pool, &self.user.sub)
    }
}

fn tag(pool: &PoolId, sub: &Sub) -> String {
    let digest = vault::sha256(format!("browser of {pool} {sub}").as_bytes());
    hex::encode(digest.get(..8).unwrap_or_default())
}
