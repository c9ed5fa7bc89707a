//! What an app was granted: OAuth's word, and all that an access token's use comes from. Reference: user-pools 8.3.

use store::records::sessions::Session;
use tokens::Scopes;

use crate::client::Client;

/// The scope of API sign-in, which the operations with an access token want.
pub(crate) const ADMIN_SCOPE: &str = "aws.cognito.signin.user.admin";

/// To whom something was granted, and what.
pub(crate) struct Grant<'a> {
    pub client: &'a Client,
    pub scopes: Scopes,
}

impl<'a> Grant<'a> {
    /// What signing in by the API grants, whatever the client's OAuth settings are.
    pub fn of_api(client: &'a Client) -> Self {
        Self {
            client,
            scopes: Scopes::new(ADMIN_SCOPE),
        }
    }

    /// What the sign-in granted that a session began with, again.
    pub fn of_session(client: &'a Client, session: &Session) -> Self {
        Self {
            client,
            scopes: Scopes::new(session.doc.scope.as_str()),
        }
    }
}
