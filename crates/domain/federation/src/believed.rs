//! An ID token is believed, or not. All its checks are `upstream`'s; here is what it is held to. Reference: oauth-and-federation 10.3.

use std::time::Duration;

use kernel::Timestamp;
use serde_json::{Map, Value};
use upstream::{Expected, KeySets, Nonce, NotVerified};

use crate::{Kind, Refusal, Visit, endpoints::Endpoints, errors, provider::ClientSecret};

/// How far a provider's clock may be from ours.
const SKEW: Duration = Duration::from_secs(60);

/// The claims. `visit`: None where a native app brings it, which asked for it itself. `now`: true time.
pub(crate) async fn believed(
    sets: &KeySets,
    endpoints: &Endpoints<'_>,
    id_token: &str,
    visit: Option<&Visit>,
    now: Timestamp,
) -> Result<Map<String, Value>, Refusal> {
    let provider = endpoints.provider;
    let keys = endpoints.keys.as_ref();
    let keys = keys.ok_or_else(|| errors::not_discovered("there is no set of keys"))?;
    let issuers = endpoints.issuers.iter().map(String::as_str).collect::<Vec<_>>();
    let expected = Expected {
        issuers: &issuers,
        audiences: &[&provider.client_id],
        nonce: match visit {
            None => Nonce::NotSent,
            Some(visit) => nonce(provider.kind(), visit)?,
        },
        keys,
        // An app may know the secret that it shares with the provider: what it brings is to be signed by the provider alone.
        secret: match &provider.secret {
            ClientSecret::Text(secret) if endpoints.signs_by_secret && visit.is_some() => Some(secret),
            _ => None,
        },
        skew: SKEW,
    };
    let claims = sets.verified(id_token, &expected, now).await;
    claims.map_err(|error| {
        let because = format!("{}: the ID token: {error}", provider.name());
        match error {
            NotVerified::Issuer(said) => errors::other_issuer(&said, because),
            NotVerified::NoKeys => errors::keys_timeout(because),
            _ => errors::bad_id_token(because),
        }
    })
}

/// OpenID providers in the wild leave it out; it is never another's.
fn nonce(kind: Kind, visit: &Visit) -> Result<Nonce<'_>, Refusal> {
    let sent = visit.nonce.as_deref();
    let sent = sent.ok_or_else(|| errors::bad_id_token("the visit has no nonce"))?;
    Ok(match kind {
        Kind::OpenId => Nonce::RepeatedIfAny(sent),
        _ => Nonce::Repeated(sent),
    })
}
