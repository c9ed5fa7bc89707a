//! What an app client may do at the OAuth endpoints: parsed once where a client is loaded. Reference: user-pools 3.7.

use api::cognito_idp::{OAuthFlowType, UserPoolClientType};

#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub(crate) struct OAuth {
    /// Without it nothing else here has any effect.
    pub enabled: bool,
    pub code: bool,
    pub implicit: bool,
    pub client_credentials: bool,
    /// As they were listed: a custom one may have gone since.
    pub scopes: Vec<String>,
    pub callbacks: Vec<String>,
    pub logouts: Vec<String>,
    pub default_redirect: Option<String>,
    pub providers: Vec<String>,
}

impl OAuth {
    pub fn of(settings: &UserPoolClientType) -> Self {
        let flows = settings.allowed_oauth_flows.as_deref().unwrap_or_default();
        let listed = |list: &Option<Vec<String>>| list.clone().unwrap_or_default();
        Self {
            enabled: settings.allowed_oauth_flows_user_pool_client == Some(true),
            code: flows.contains(&OAuthFlowType::Code),
            implicit: flows.contains(&OAuthFlowType::Implicit),
            client_credentials: flows.contains(&OAuthFlowType::ClientCredentials),
            scopes: listed(&settings.allowed_oauth_scopes),
            callbacks: listed(&settings.callback_urls),
            logouts: listed(&settings.logout_urls),
            default_redirect: settings.default_redirect_uri.clone(),
            providers: listed(&settings.supported_identity_providers),
        }
    }
}
