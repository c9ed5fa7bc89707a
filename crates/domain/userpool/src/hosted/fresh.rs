//! The mark of a sign-in that was made for one authorization request: the pages that follow it carry it, and by it an app that wants people
//! to sign in anew knows that they have. Nothing is stored, and any node knows it again.

use std::time::Duration;

use kernel::{ApiError, Cx};
use vault::{Expiring, Purpose};

use super::{Browser, Place};
use crate::{UserPools, session::login::digest};

/// How long somebody who has signed in may look at what they are asked then.
const LOOK: Duration = Duration::from_secs(5 * 60);

impl UserPools {
    /// Of somebody who has just signed in. `request`: the app's, in full. Errors: internal.
    pub fn mark_fresh(&self, cx: &Cx, place: &Place, browser: &Browser, request: &str) -> Result<String, ApiError> {
        let of = digest(request);
        let sealed = Expiring {
            payload: &[],
            at: cx.now().plus(LOOK),
        };
        let keyring = &self.keyring;
        Ok(keyring.seal_token(Purpose::FreshSignIn, &at(place, browser, &of), sealed, cx.rng())?)
    }

    /// Whether the browser's session was begun for this request, as the mark says.
    pub fn is_fresh(&self, cx: &Cx, place: &Place, browser: &Browser, (request, mark): (&str, &str)) -> bool {
        let of = digest(request);
        let opened = self
            .keyring
            .open_token(Purpose::FreshSignIn, &at(place, browser, &of), mark, cx.now());
        opened.is_ok()
    }
}

/// The session by its cookie: its id outlives a sign-in that succeeds it.
fn at<'a>(place: &'a Place, browser: &'a Browser, request: &'a str) -> [&'a str; 4] {
    let (pool, client) = (place.pool.id.as_str(), place.client.id.as_str());
    [pool, client, &browser.login.login, request]
}
