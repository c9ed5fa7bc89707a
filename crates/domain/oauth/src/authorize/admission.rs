//! Whether an app may send its users here at all. Nothing is redirected to an address that its client has not listed.
//! Reference: oauth-and-federation 3.2, 8.

use std::fmt;

use kernel::{ApiError, PoolId};
use userpool::{UserPools, hosted::Place};

use crate::Parameters;

/// A client of this domain and an address of its own.
#[derive(Clone)]
pub struct Admitted {
    pub place: Place,
    pub redirect_uri: String,
}

/// Why nothing is redirected: what the error page shows.
#[derive(Debug)]
pub enum NotAdmitted {
    /// A parameter that has to be there is not. Its name.
    Missing(&'static str),
    Repeated(&'static str),
    UnknownClient,
    RedirectMismatch,
    /// AllowedOAuthFlowsUserPoolClient is off.
    NotEnabled,
    Failed(ApiError),
}

impl NotAdmitted {
    /// What the address of the error page says.
    pub fn error(&self) -> &'static str {
        match self {
            Self::RedirectMismatch => "redirect_mismatch",
            Self::Failed(_) => "server_error",
            _ => "invalid_request",
        }
    }
}

/// The detail that the page shows.
impl fmt::Display for NotAdmitted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(name) => write!(f, "Required String parameter '{name}' is not present"),
            Self::Repeated(name) => write!(f, "Parameter '{name}' is present more than once"),
            Self::UnknownClient => f.write_str("invalid_request"),
            Self::RedirectMismatch => f.write_str("redirect_mismatch"),
            Self::NotEnabled => f.write_str("Client is not enabled for OAuth2.0 flows."),
            Self::Failed(_) => f.write_str("Something went wrong"),
        }
    }
}

/// `pool` is the domain's.
pub async fn admission(pools: &UserPools, pool: &PoolId, parameters: &Parameters) -> Result<Admitted, NotAdmitted> {
    for name in ["client_id", "redirect_uri"] {
        if parameters.repeats(name) {
            return Err(NotAdmitted::Repeated(name));
        }
    }
    let id = parameters.given("client_id").ok_or(NotAdmitted::Missing("client_id"))?;
    let place = pools.place(pool, id).await.map_err(NotAdmitted::Failed)?;
    let place = place.ok_or(NotAdmitted::UnknownClient)?;
    let oauth = place.oauth();
    let redirect_uri = match parameters.given("redirect_uri") {
        Some(uri) => uri.to_owned(),
        None => default(&place).ok_or(NotAdmitted::Missing("redirect_uri"))?,
    };
    if !oauth.callbacks.contains(&redirect_uri) {
        return Err(NotAdmitted::RedirectMismatch);
    }
    if !oauth.enabled {
        return Err(NotAdmitted::NotEnabled);
    }
    Ok(Admitted { place, redirect_uri })
}

/// The client's own, where it has one provider alone.
fn default(place: &Place) -> Option<String> {
    let oauth = place.oauth();
    let uri = oauth.default_redirect.clone();
    uri.filter(|_| oauth.providers.len() == 1)
}
