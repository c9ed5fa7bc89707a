//! The account page: what somebody who has signed in at a browser does with their own account. Each is the operation that an access token
//! with the scope `aws.cognito.signin.user.admin` is served by, split where the token has said who it is: `profile`, `password`, `factors`,
//! `sessions`, `providers`, and in `data` the account as a whole. docs/account-page.md

mod data;
mod factors;
mod password;
mod profile;
mod providers;
mod sessions;

use std::{sync::Arc, time::Duration};

use super::{Browser, Place};
use crate::{ops::Access, pool::switches::AccountPage, session::grant::ADMIN_SCOPE};

pub use factors::{Factors, OwnPasskey, SecondFactor, Turn};
pub use profile::{Contact, Field};
pub use providers::OwnProvider;
pub use sessions::{OwnDevice, OwnSession};

/// How long ago a sign-in may be by which somebody changes what their account is safe by.
pub const FRESH: Duration = Duration::from_secs(5 * 60);

/// Where a request has an access token: whose it would be is known, and nobody reads it.
const BY_BROWSER: &str = "browser";

impl Place {
    /// Whether people find their account here: by default where the client may have that scope and no secret, for then they can do the same
    /// by the API.
    pub fn has_account_page(&self) -> bool {
        let oauth = &self.client.oauth;
        let is_on = match self.switches().account_page {
            AccountPage::Scoped => !self.is_confidential() && oauth.scopes.iter().any(|scope| scope == ADMIN_SCOPE),
            AccountPage::On => true,
            AccountPage::Off => false,
        };
        is_on && oauth.enabled && !self.is_self_registered() && self.keeps_browsers()
    }
}

impl Browser {
    /// Whether they have signed in just now, here: when a provider has asked somebody last, it alone knows.
    pub fn is_fresh(&self) -> bool {
        self.age() < FRESH && self.provider().is_none()
    }

    /// The name that they may sign in by at this place.
    pub fn sign_in_name(&self, place: &Place) -> &str {
        let names = place.sign_in_names();
        let attribute = |name: &str| self.user.doc.attributes.get(name).map(String::as_str);
        let address = if names.email {
            attribute("email")
        } else {
            attribute("phone_number")
        };
        address.filter(|_| !names.username).unwrap_or(&self.user.username)
    }
}

fn access(place: &Place, browser: &Browser) -> Access {
    Access {
        pool: Arc::clone(&place.pool),
        client: Arc::clone(&place.client),
        user: browser.user.clone(),
        device: None,
        auth_time: browser.auth_time(),
        methods: browser.login.doc.amr.clone(),
        event: None,
    }
}
