//! Who is signed out here is signed out by the provider of SAML that they came from too: the browser goes there, and comes back. Nothing is
//! stored: where it goes then comes along as RelayState, sealed. Reference: oauth-and-federation 11.7.

use std::time::Duration;

use kernel::{ApiError, Cx, PoolId, Timestamp};
use saml::{ExpectedLogout, Logout, ServiceProvider};
use serde::{Deserialize, Serialize};
use vault::{Expiring, Purpose};

use super::{Browser, ServiceAddresses};
use crate::{UserPools, pool::Pool, provider::saml_keys::entity_id};

/// How long a provider may take.
const LIFE: Duration = Duration::from_secs(5 * 60);

/// Of a RelayState, in characters.
const LONGEST: usize = 3 * 1024;

/// What keeps it apart from the visits of a pool.
const OF: &str = "logout";

#[derive(Serialize, Deserialize)]
struct Leaving {
    provider: String,
    /// When that was made: another may have its name by now.
    made: Timestamp,
    /// Our request's id.
    request: String,
    /// Where the browser goes then. Empty: nowhere.
    then: String,
}

/// Why an answer to a logout is none.
#[derive(Debug)]
pub enum NotLoggedOut {
    /// It is none to anything of ours.
    Unknown,
    Refused(saml::Refusal),
    Failed(ApiError),
}

impl UserPools {
    /// Where the browser is to go first, which `then` is to follow. None: its session is of no provider that hears of logouts. Errors:
    /// TooManyRequests, internal.
    pub async fn provider_logout(
        &self,
        cx: &Cx,
        pool: &PoolId,
        browser: &Browser,
        (at, then): (ServiceAddresses, &str),
    ) -> Result<Option<String>, ApiError> {
        let Some(pool) = self.load(pool).await? else {
            return Ok(None);
        };
        let external = browser.login.doc.external.as_ref();
        let session =
            external.and_then(|external| Some((external.saml.as_ref()?, pool.providers.get(&external.provider)?)));
        let Some((session, provider)) = session.filter(|(_, provider)| provider.signs_out()) else {
            return Ok(None);
        };
        let (Some(idp), Some(own)) = (&provider.metadata, &pool.saml_key) else {
            return Ok(None);
        };
        let leaving = Leaving {
            provider: provider.name.clone(),
            made: provider.created,
            request: saml::request_id(cx.rng()),
            then: then.to_owned(),
        };
        let payload = serde_json::to_vec(&leaving).map_err(ApiError::internal)?;
        let expiring = Expiring {
            payload: &payload,
            at: cx.now().plus(LIFE),
        };
        let of = [pool.id.as_str(), OF];
        let relay_state = self
            .keyring
            .seal_token(Purpose::ProviderVisit, &of, expiring, cx.rng())?;
        if relay_state.len() > LONGEST {
            return Ok(None);
        }
        let (idp, key, session) = (idp.clone(), own.key.clone(), session.clone());
        let (us, now) = (us(&pool, at), cx.wall());
        let signed = self.cpu.run(move || {
            let logout = Logout {
                id: &leaving.request,
                relay_state: &relay_state,
                now,
                name_id: &session.name_id,
                format: session.format.as_deref(),
                session_index: session.index.as_deref(),
                key: &key,
            };
            saml::logout_address(&idp, &us, &logout)
        });
        signed.await?.map_err(ApiError::internal)
    }

    /// What the provider says of it, posted: where the browser goes then. Empty: nowhere.
    pub async fn provider_logged_out(
        &self,
        cx: &Cx,
        pool: &PoolId,
        at: ServiceAddresses,
        (relay_state, response): (&str, &str),
    ) -> Result<String, NotLoggedOut> {
        let of = [pool.as_str(), OF];
        let opened = self
            .keyring
            .open_token(Purpose::ProviderVisit, &of, relay_state, cx.now());
        let opened = opened.map_err(|_| NotLoggedOut::Unknown)?;
        let left: Leaving = serde_json::from_slice(opened.as_bytes()).map_err(|_| NotLoggedOut::Unknown)?;
        let pool = self.load(pool).await.map_err(NotLoggedOut::Failed)?;
        let pool = pool.ok_or(NotLoggedOut::Unknown)?;
        let provider = pool.providers.get(&left.provider);
        let provider = provider.filter(|provider| provider.created == left.made);
        let idp = provider.and_then(|provider| provider.metadata.as_ref());
        let idp = idp.ok_or(NotLoggedOut::Unknown)?.clone();
        let (us, response, now) = (us(&pool, at), response.to_owned(), cx.wall());
        let read = self.cpu.run(move || {
            let expected = ExpectedLogout {
                sp: &us,
                idp: &idp,
                now,
                allow_sha1: false,
            };
            saml::logout_response(&response, &left.request, &expected).map(|()| left.then)
        });
        let then = read.await.map_err(NotLoggedOut::Failed)?;
        then.map_err(NotLoggedOut::Refused)
    }
}

fn us(pool: &Pool, at: ServiceAddresses) -> ServiceProvider {
    ServiceProvider {
        entity_id: entity_id(&pool.id),
        acs: at.consumer,
        slo: at.logout,
    }
}
