//! What an app may have of a sign-in.

use tokens::Scopes;

/// What a request asked for, and may have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Approved {
    pub redirect_uri: String,
    /// PKCE's, by S256.
    pub challenge: Option<String>,
    pub scopes: Scopes,
    pub nonce: Option<String>,
    /// Whose API the access token is for.
    pub resource: Option<String>,
    /// The thumbprint of the key that the code is bound to (RFC 9449 section 10).
    pub key: Option<String>,
}
