//! What the guides to Cognito set up, made by the same operations that clients call: a user pool with an app client and a
//! domain, an identity pool with two roles, and a bucket that serves the demo page. Ids and names are fixed, so that every start (and
//! every reset) finds or makes the same ones; what somebody changed about them stays.

mod bucket;
mod calls;
mod login;
mod policies;
mod screen;
mod seed;

#[cfg(test)]
mod tests;

use kernel::Region;

pub use screen::screen;
pub use seed::seed;

/// What there is after seeding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Demo {
    pub region: Region,
    pub account: String,
    pub pool: String,
    pub client: String,
    /// Where hosted login is, after `/_login/`.
    pub domain: String,
    pub identity_pool: String,
    pub bucket: String,
}

impl Demo {
    /// The page's own path.
    pub fn page_path(&self) -> String {
        format!("/_website/{}/", self.bucket)
    }

    /// Where the page sends on to hosted login, with what only it knows: what its request is later proven by.
    pub fn signpost_path(&self) -> String {
        format!("{}?hosted", self.page_path())
    }

    /// The path that hosted login's own begin with.
    pub fn login_path(&self) -> String {
        format!("/_login/{}", self.domain)
    }

    pub fn role_arn(&self, role: &str) -> String {
        format!("arn:aws:iam::{}:role/{role}", self.account)
    }
}

pub const BUCKET: &str = "poolhouse-demo";
pub const AUTHENTICATED_ROLE: &str = "poolhouse-demo-authenticated";
pub const GUEST_ROLE: &str = "poolhouse-demo-guest";
