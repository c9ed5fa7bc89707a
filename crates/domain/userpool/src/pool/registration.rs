//! Dynamic client registration (RFC 7591), as a pool's DcrConfiguration has it: parsed once where a pool is loaded. Reference: user-pools
//! 15.4.

use api::cognito_idp::{OAuthFlowType, StatusType, UserPoolType};

/// What an access token has to have that vouches for a client: every pool's, and no resource server's.
pub(crate) const SCOPE: &str = "aws.cognito/dcr/register";

/// How clients may register themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Registration {
    /// Whether anybody's may.
    pub is_open: bool,
    /// What anybody's may have.
    pub open_flows: Vec<OAuthFlowType>,
    /// What one may have that brings a token of the pool's.
    pub vouched_flows: Vec<OAuthFlowType>,
    /// Beside the standard ones, but for that which changes accounts.
    pub scopes: Vec<String>,
}

impl Registration {
    /// None: it is off.
    pub fn of(settings: &UserPoolType) -> Option<Self> {
        let kept = settings.dcr_configuration.as_ref()?;
        if kept.enable_status != Some(StatusType::Enabled) {
            return None;
        }
        Some(Self {
            is_open: kept.open_dcr_enabled == Some(true),
            open_flows: kept.open_dcr_grant_types.clone().unwrap_or_default(),
            vouched_flows: kept.authenticated_grant_types.clone().unwrap_or_default(),
            scopes: kept.allowed_scopes.clone().unwrap_or_default(),
        })
    }
}
