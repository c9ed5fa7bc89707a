//! Away to an identity provider, and back: what is remembered of it meanwhile goes along as `state`, sealed (decision 23). Reference:
//! oauth-and-federation 10.3, 17.4.
//!
//! ```text
//!  leave ──▶ state: pool, client, provider as it is now, the app's request, nonce, verifier, the digest of a cookie
//!              │
//!              ├─ five minutes, this browser, this provider still ──no──▶ nobody
//!              ╰─ spent, whatever comes of it ──▶ the provider is asked ──▶ somebody of the pool, as after a password
//! ```

use std::time::Duration;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use federation::{Answer, Refusal};
use kernel::{ApiError, ClientId, Cx, PoolId, Timestamp};
use serde::{Deserialize, Serialize};
use vault::{Expiring, Purpose};

use super::{Once, Place};
use crate::{
    UserPools,
    errors::external::response_already_processed,
    external::NotArrived,
    provider::{Provider, outside::outside},
    session::login::digest,
    signin::protocol::Reply,
};

/// How long somebody may be away. Reference: oauth-and-federation 4.
const LIFE: Duration = Duration::from_secs(5 * 60);

/// Of a state, in characters: it stands in addresses beside what the provider adds.
const LONGEST: usize = 3 * 1024;

/// Characters of a cookie that binds visits to a browser.
const COOKIE: usize = 43;

/// Where somebody is to be led, and what for.
pub struct Leaving<'a> {
    /// The name of one that the client takes people from.
    pub provider: &'a str,
    /// Where it is to send the browser back to.
    pub back: &'a str,
    /// The app's, as addresses of pages have it.
    pub request: &'a str,
    /// What the browser had from the last time: visits that are under way stay good.
    pub cookie: Option<&'a str>,
    pub login_hint: Option<&'a str>,
    pub prompt: Option<&'a str>,
    pub locales: Option<&'a str>,
    /// Of the pool's, those that the app wishes for.
    pub levels: &'a [String],
}

pub struct Left {
    /// Where the browser goes.
    pub to: String,
    /// What it is to bring back.
    pub cookie: String,
    pub life: Duration,
}

/// Why nobody is led away.
#[derive(Debug)]
pub enum NotLeft {
    /// What the app asks for is too long to be carried.
    TooLong,
    Refused(Refusal),
    Failed(ApiError),
}

/// What a browser brings back.
#[derive(Clone, Copy)]
pub enum BroughtBack<'a> {
    Answer(Answer<'a>),
    /// `SAMLResponse`, as it came.
    Response(&'a str),
}

/// Somebody who comes back to the browser that they left by, in time.
#[derive(Clone)]
pub struct Away {
    sealed: Sealed,
    /// Is worth one try.
    once: Once,
}

#[derive(Clone, Serialize, Deserialize)]
struct Sealed {
    client: ClientId,
    provider: String,
    /// When that was made: another may have its name by now.
    made: Timestamp,
    request: String,
    /// The digest of what the browser keeps.
    cookie: String,
    visit: federation::Visit,
}

impl Away {
    /// What the app had asked for.
    pub fn request(&self) -> &str {
        &self.sealed.request
    }
}

impl UserPools {
    /// Nothing is stored. Errors: TooManyRequests, internal, and those of a provider that can't be asked.
    pub async fn leave(&self, cx: &Cx, place: &Place, leaving: Leaving<'_>) -> Result<Left, NotLeft> {
        let provider = place
            .provider(leaving.provider)
            .ok_or_else(|| NotLeft::Refused(gone()))?;
        let known = leaving.cookie.filter(|cookie| is_cookie(cookie));
        let cookie = known.map_or_else(|| drawn(cx), str::to_owned);
        let outside = seen(place, provider).map_err(NotLeft::Refused)?;
        let visit = self.federation.set_out(&outside, leaving.back, cx.rng(), cx.wall());
        let visit = visit.await.map_err(NotLeft::Refused)?;
        let sealed = Sealed {
            client: place.client.id.clone(),
            provider: provider.name.clone(),
            made: provider.created,
            request: leaving.request.to_owned(),
            cookie: digest(&cookie),
            visit,
        };
        let state = self.sealed(cx, place, &sealed).map_err(NotLeft::Failed)?;
        if state.len() > LONGEST {
            return Err(NotLeft::TooLong);
        }
        if provider.is_by_saml() {
            let (visit, now) = (sealed.visit, cx.wall());
            let to = self.cpu.run(move || outside.saml_request(&visit, &state, now)).await;
            return left(to.map_err(NotLeft::Failed)?, cookie);
        }
        let levels = levels(place, provider, leaving.levels);
        let goes = federation::Leaving {
            state: &state,
            login_hint: leaving.login_hint,
            prompt: leaving.prompt,
            locales: leaving.locales,
            levels: &levels,
        };
        let to = self.federation.address(&outside, &sealed.visit, &goes, cx.wall());
        left(to.await, cookie)
    }

    /// Of a `state` that came back with this cookie. None: it is none of the pool's, of another browser, or too old.
    pub fn away(&self, cx: &Cx, pool: &PoolId, (state, cookie): (&str, &str)) -> Option<Away> {
        let opened = self
            .keyring
            .open_token(Purpose::ProviderVisit, &[pool.as_str()], state, cx.now());
        let sealed: Sealed = serde_json::from_slice(opened.ok()?.as_bytes()).ok()?;
        let is_of_browser = vault::constant_time::eq(sealed.cookie.as_bytes(), digest(cookie).as_bytes());
        is_of_browser.then(|| Away {
            once: Once::new(["visit", &sealed.provider], state, LIFE),
            sealed,
        })
    }

    /// Whoever comes by what the provider answers signs in at this browser.
    ///
    /// Errors: those that an app is told. Reference: oauth-and-federation 3.6.
    pub async fn arrived(
        &self,
        cx: &Cx,
        place: &Place,
        away: &Away,
        brought: BroughtBack<'_>,
    ) -> Result<Reply, NotArrived> {
        let Sealed {
            client, made, visit, ..
        } = &away.sealed;
        let provider = place
            .provider(&away.sealed.provider)
            .filter(|provider| provider.created == *made && place.client.id == *client)
            .ok_or_else(|| NotArrived::Refused(gone()))?;
        // Before the visit is spent: where there is no room, it stays good.
        let turn = self.cpu.reserve().map_err(NotArrived::Failed)?;
        let is_first = self.show_once(cx, &place.pool.id, &away.once).await;
        if !is_first.map_err(NotArrived::Failed)? {
            return Err(shown_before(provider));
        }
        let outside = seen(place, provider).map_err(NotArrived::Refused)?;
        let now = cx.wall();
        let arrival = match brought {
            BroughtBack::Answer(answer) => {
                drop(turn);
                self.federation.back(&outside, visit, answer, now).await
            }
            BroughtBack::Response(response) => {
                let (visit, response) = (visit.clone(), response.to_owned());
                let read = turn.run(move || outside.saml_response(&visit, &response, now));
                read.await.map_err(NotArrived::Failed)?
            }
        };
        let arrival = arrival.map_err(NotArrived::Refused)?;
        self.arrive_at(cx, place, &provider.name, arrival).await
    }

    /// Whoever a provider of SAML sends although nobody left for it; `response` was posted to `consumer`. None: the provider, or the client,
    /// is not for that. Reference: oauth-and-federation 11.4.
    ///
    /// Errors: those that an app is told.
    pub async fn arrived_unasked(
        &self,
        cx: &Cx,
        place: &Place,
        (provider, consumer): (&str, &str),
        response: &str,
    ) -> Result<Option<Reply>, NotArrived> {
        let Some(provider) = place.unasked_provider(provider) else {
            return Ok(None);
        };
        let outside = seen(place, provider).map_err(NotArrived::Refused)?;
        let (consumer, response, now) = (consumer.to_owned(), response.to_owned(), cx.wall());
        let read = self
            .cpu
            .run(move || outside.unasked_saml_response(&consumer, &response, now));
        let arrival = read.await.map_err(NotArrived::Failed)?.map_err(NotArrived::Refused)?;
        self.arrive_at(cx, place, &provider.name, arrival).await.map(Some)
    }

    fn sealed(&self, cx: &Cx, place: &Place, sealed: &Sealed) -> Result<String, ApiError> {
        let payload = serde_json::to_vec(sealed).map_err(ApiError::internal)?;
        let expiring = Expiring {
            payload: &payload,
            at: cx.now().plus(LIFE),
        };
        let of = [place.pool.id.as_str()];
        Ok(self
            .keyring
            .seal_token(Purpose::ProviderVisit, &of, expiring, cx.rng())?)
    }
}

/// Errors: nobody can be sent there.
fn left(to: Result<String, Refusal>, cookie: String) -> Result<Left, NotLeft> {
    Ok(Left {
        to: to.map_err(NotLeft::Refused)?,
        cookie,
        life: LIFE,
    })
}

/// Levels as the provider calls them, where it has a word for one. Reference: oauth-and-federation 14.
fn levels(place: &Place, provider: &Provider, wished: &[String]) -> Vec<String> {
    let words = provider.settings.acr_mapping.as_ref();
    let word = |name: &String| words?.get(place.pool.levels.level(name)?.key()).cloned();
    wished.iter().filter_map(word).collect()
}

/// Errors: nobody can come by it.
fn seen(place: &Place, provider: &Provider) -> Result<federation::Provider, Refusal> {
    let outside = outside(&place.pool, provider);
    outside.map_err(|unusable| Refusal::invalid_request("", unusable.to_string()))
}

/// The provider is no more, or is another now.
fn gone() -> Refusal {
    Refusal::invalid_request("", "the provider is gone, or was made anew")
}

/// Seen so on Cognito. Reference: oauth-and-federation 3.6, 11.6.
fn shown_before(provider: &Provider) -> NotArrived {
    if provider.is_by_saml() {
        return NotArrived::of(provider.kind(), response_already_processed());
    }
    NotArrived::Refused(Refusal {
        error: "server_error".into(),
        description: "Exception processing authorization code".to_owned(),
        because: "the state has come back before".to_owned(),
    })
}

fn is_cookie(text: &str) -> bool {
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
    text.len() == COOKIE && text.bytes().all(is_plain)
}

fn drawn(cx: &Cx) -> String {
    let mut chance = [0; 32];
    cx.rng().fill(&mut chance);
    BASE64_URL_SAFE_NO_PAD.encode(chance)
}
