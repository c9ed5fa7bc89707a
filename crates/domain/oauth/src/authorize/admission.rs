//! Whether an app may send its users here at all. Nothing is redirected to an address that its client has not listed.
//! Reference: oauth-and-federation 3.2, 8.

use std::fmt;

use kernel::{ApiError, Cx, PoolId};
use userpool::{UserPools, hosted::Place};

use crate::Parameters;

/// A client of this domain and an address of its own.
#[derive(Clone)]
pub struct Admitted {
    pub place: Place,
    pub redirect_uri: String,
    /// What the app is told of whose answer it hears, where the pool says so (RFC 9207).
    pub iss: Option<String>,
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
pub async fn admission(
    pools: &UserPools,
    cx: &Cx,
    pool: &PoolId,
    parameters: &Parameters,
) -> Result<Admitted, NotAdmitted> {
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
    if !is_listed(&place, &redirect_uri) {
        return Err(NotAdmitted::RedirectMismatch);
    }
    if !oauth.enabled {
        return Err(NotAdmitted::NotEnabled);
    }
    let iss = if place.switches().iss {
        pools.issuer_at(cx, &place).await.map_err(NotAdmitted::Failed)?
    } else {
        None
    };
    Ok(Admitted {
        place,
        redirect_uri,
        iss,
    })
}

/// To the letter; but an app of this machine listens at the port that is free, where the pool allows it.
fn is_listed(place: &Place, uri: &str) -> bool {
    let mut listed = place.oauth().callbacks.iter();
    listed.any(|known| {
        let is_elsewhere_here = || {
            let (known, wanted) = (without_port(known), without_port(uri));
            known.is_some() && known == wanted
        };
        known == uri || (place.switches().loopback_ports && is_elsewhere_here())
    })
}

/// What stands before and behind the port of an address of this machine. None: it is of another, or no port.
pub(crate) fn without_port(uri: &str) -> Option<(&str, &str)> {
    let hosts = ["http://127.0.0.1", "http://[::1]", "http://localhost"];
    let host = hosts.into_iter().find(|host| uri.starts_with(host))?;
    let rest = uri.strip_prefix(host)?;
    let rest = match rest.strip_prefix(':') {
        Some(rest) => {
            let port = rest.split(['/', '?']).next()?;
            let is_port = port.bytes().all(|b| b.is_ascii_digit()) && port.parse::<u16>().is_ok();
            is_port.then_some(())?;
            rest.strip_prefix(port)?
        }
        None => rest,
    };
    (rest.is_empty() || rest.starts_with(['/', '?'])).then_some((host, rest))
}

/// The client's own, where it has one provider alone.
fn default(place: &Place) -> Option<String> {
    let oauth = place.oauth();
    let uri = oauth.default_redirect.clone();
    uri.filter(|_| oauth.providers.len() == 1)
}

#[cfg(test)]
mod tests {
    use super::without_port;

    #[test]
    fn a_port_of_this_machine_is_any() {
        let of = |host, rest| Some((host, rest));
        for (uri, expected) in [
            ("http://127.0.0.1/cb", of("http://127.0.0.1", "/cb")),
            ("http://127.0.0.1:51004/cb", of("http://127.0.0.1", "/cb")),
            ("http://[::1]:1/cb?x=1", of("http://[::1]", "/cb?x=1")),
            ("http://localhost:8080", of("http://localhost", "")),
            ("http://localhost?x", of("http://localhost", "?x")),
            ("http://localhost:65536/cb", None),
            ("http://localhost:/cb", None),
            ("http://localhost:80@example.com/cb", None),
            ("http://localhost:+80/cb", None),
            ("http://localhost.example.com/cb", None),
            ("http://127.0.0.1.example.com/", None),
            ("https://localhost:1/cb", None),
            ("myapp://127.0.0.1/cb", None),
        ] {
            assert_eq!(without_port(uri), expected, "{uri}");
        }
    }
}
