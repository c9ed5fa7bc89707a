//! What an OpenID provider says of itself. Reference: oauth-and-federation 10.3; OpenID Connect Discovery 1.0.

use std::{sync::Arc, time::Duration};

use http::StatusCode;
use kernel::Timestamp;
use serde_json::{Map, Value};
use thiserror::Error;

use crate::{
    Address, FetchError, LARGEST, Reach, Upstream,
    kept::{Kept, Terms},
};

/// The pause is short: whoever has just set a provider right wants to see it.
const TERMS: Terms = Terms {
    young: Duration::from_secs(3600),
    stale: Duration::from_secs(24 * 3600),
    pause: Duration::from_secs(10),
    most: 2000,
};

/// Characters of an address, and how many of what is a list.
const LONGEST: usize = 2048;
const MOST: usize = 32;

/// Cheap to clone: everything in it is shared.
#[derive(Clone)]
pub struct Discovery {
    upstream: Upstream,
    kept: Arc<Kept<String, Discovered, NotDiscovered>>,
}

/// Every address in it is one that may be asked here, as far as its text tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Discovered {
    pub issuer: String,
    pub jwks_uri: String,
    /// Who only signs tokens for others' use has none of these.
    pub authorization_endpoint: Option<String>,
    pub token_endpoint: Option<String>,
    pub userinfo_endpoint: Option<String>,
    pub end_session_endpoint: Option<String>,
    pub code_challenge_methods: Vec<String>,
    /// By which its ID tokens may be signed.
    pub id_token_algorithms: Vec<String>,
    /// Whether its answers name it (RFC 9207).
    pub answers_name_issuer: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NotDiscovered {
    #[error("the provider can't be reached: {0}")]
    Unreachable(String),
    #[error("the provider's configuration is none: {0}")]
    Nonsense(&'static str),
    /// What it calls itself.
    #[error("the provider is another issuer")]
    OtherIssuer(String),
}

impl Discovery {
    pub fn new(upstream: Upstream) -> Self {
        Self {
            upstream,
            kept: Arc::new(Kept::on(TERMS)),
        }
    }

    /// Of an issuer, whose name is compared letter by letter: with a slash at its end it is another. `now`: true time.
    pub async fn of(&self, issuer: &str, now: Timestamp) -> Result<Arc<Discovered>, NotDiscovered> {
        let address = well_known(issuer)?;
        let fetching = self.fetched(issuer, address);
        self.kept.get(&issuer.to_owned(), now, |_| true, fetching).await
    }

    async fn fetched(&self, issuer: &str, address: Address) -> Result<Discovered, NotDiscovered> {
        let answer = self.upstream.document(address, "application/json", LARGEST).await;
        let answer = answer.map_err(|error| match error {
            FetchError::TooLarge(_) => NotDiscovered::Nonsense("it is too large"),
            error => NotDiscovered::Unreachable(error.to_string()),
        })?;
        if answer.status != StatusCode::OK {
            return Err(NotDiscovered::Unreachable(format!("status {}", answer.status)));
        }
        let document = serde_json::from_slice(&answer.body);
        let document = document.map_err(|_| NotDiscovered::Nonsense("it is no JSON object"))?;
        read(issuer, &document, self.upstream.tenants_reach())
    }
}

fn well_known(issuer: &str) -> Result<Address, NotDiscovered> {
    let is_issuer = issuer.len() <= LONGEST && !issuer.contains(['?', '#']);
    let base = issuer.strip_suffix('/').unwrap_or(issuer);
    let address = Address::of_tenant(&format!("{base}/.well-known/openid-configuration"));
    let address = address.ok().filter(|_| is_issuer);
    address.ok_or(NotDiscovered::Nonsense("the issuer is no address"))
}

fn read(issuer: &str, document: &Map<String, Value>, reach: Reach) -> Result<Discovered, NotDiscovered> {
    let said = document.get("issuer").and_then(Value::as_str);
    let said = said.ok_or(NotDiscovered::Nonsense("it names no issuer"))?;
    if said != issuer {
        return Err(NotDiscovered::OtherIssuer(said.chars().take(LONGEST).collect()));
    }
    let is_address = |text: &str| {
        let address = Address::of_tenant(text);
        text.len() <= LONGEST && address.is_ok_and(|address| address.is_https() || reach == Reach::Anywhere)
    };
    let address = |name: &str| match document.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if is_address(text) => Ok(Some(text.clone())),
        Some(_) => Err(NotDiscovered::Nonsense("an endpoint is no https address")),
    };
    let names = |list: &str| {
        let names = document
            .get(list)
            .and_then(Value::as_array)
            .map_or(&[][..], Vec::as_slice);
        let names = names.iter().filter_map(Value::as_str).take(MOST);
        names.map(str::to_owned).collect()
    };
    Ok(Discovered {
        issuer: issuer.to_owned(),
        jwks_uri: address("jwks_uri")?.ok_or(NotDiscovered::Nonsense("it names no keys"))?,
        authorization_endpoint: address("authorization_endpoint")?,
        token_endpoint: address("token_endpoint")?,
        userinfo_endpoint: address("userinfo_endpoint")?,
        end_session_endpoint: address("end_session_endpoint")?,
        code_challenge_methods: names("code_challenge_methods_supported"),
        id_token_algorithms: names("id_token_signing_alg_values_supported"),
        answers_name_issuer: document.get("authorization_response_iss_parameter_supported") == Some(&Value::Bool(true)),
    })
}
