//! What an app client may have of hosted login and the OAuth endpoints: parsed once where a client is loaded. Reference:
//! oauth-and-federation 3.2, 8; user-pools 3.7.

use api::cognito_idp::{OAuthFlowType, UserPoolClientType};

/// The provider that stands for the pool itself.
pub const COGNITO: &str = "COGNITO";

/// The OAuth members of a client.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct OAuth {
    /// AllowedOAuthFlowsUserPoolClient: without it the others have no effect.
    pub enabled: bool,
    pub code: bool,
    pub implicit: bool,
    pub client_credentials: bool,
    /// As they were listed: a custom one may have gone since.
    pub scopes: Vec<String>,
    pub callbacks: Vec<String>,
    pub logouts: Vec<String>,
    pub default_redirect: Option<String>,
    /// SupportedIdentityProviders.
    pub providers: Vec<String>,
}

impl OAuth {
    pub fn of(settings: &UserPoolClientType) -> Self {
        let flows = settings.allowed_oauth_flows.as_deref().unwrap_or_default();
        let list = |values: &Option<Vec<String>>| values.clone().unwrap_or_default();
        Self {
            enabled: settings.allowed_oauth_flows_user_pool_client == Some(true),
            code: flows.contains(&OAuthFlowType::Code),
            implicit: flows.contains(&OAuthFlowType::Implicit),
            client_credentials: flows.contains(&OAuthFlowType::ClientCredentials),
            scopes: list(&settings.allowed_oauth_scopes),
            callbacks: list(&settings.callback_urls),
            logouts: list(&settings.logout_urls),
            default_redirect: settings.default_redirect_uri.clone(),
            providers: list(&settings.supported_identity_providers),
        }
    }
}
