//! What an admitted app asks for. Pure. Reference: oauth-and-federation 3.1, 3.3, 3.5.

use std::time::Duration;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use tokens::Scopes;
use userpool::hosted::{Approved, Place, Proofs, SignInBy};

pub use super::hearer::Fault;
use super::{admission::Admitted, hearer::Hearer};
use crate::{Parameters, Redirect, Response, dpop::is_thumbprint};

/// Whether the app gets a code or tokens at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    Code,
    /// The implicit flow.
    Tokens,
}

/// How much the user is to be asked. Others than these are for providers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Prompt {
    #[default]
    IfNeeded,
    /// Nothing is shown.
    Never,
    /// Although they have signed in.
    Always,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    pub wanted: Wanted,
    /// How the app hears of it.
    pub response: Response,
    /// Whose answer it is: what the app is told beside, where the pool says so (RFC 9207).
    pub iss: Option<String>,
    pub approved: Approved,
    pub state: Option<String>,
    pub prompt: Prompt,
    /// What was shown longer ago counts no more.
    pub max_age: Option<Duration>,
    /// The levels that will do, the preferred first. Empty: any.
    pub levels: Vec<String>,
    pub login_hint: Option<String>,
    /// An ID token of whom the app expects, unverified.
    pub id_token_hint: Option<String>,
    pub by: SignInBy,
    pub passed_on: PassedOn,
}

/// What an identity provider hears as the app said it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PassedOn {
    /// `prompt`, but for `none`, which has no page of ours to lead there. Reference: oauth-and-federation 3.1.
    pub prompt: Option<String>,
    /// `ui_locales`.
    pub locales: Option<String>,
}

impl Request {
    /// The request of an admitted app, or the redirect that tells it what is wrong.
    pub fn read(admitted: &Admitted, parameters: &Parameters) -> Result<Self, Redirect> {
        Self::judged(admitted, parameters).map_err(|fault| {
            let wanted = wanted(parameters);
            let app = Hearer {
                redirect_uri: &admitted.redirect_uri,
                response: mode(&admitted.place, parameters, wanted).unwrap_or(usual(wanted)),
                state: parameters.get("state"),
                iss: admitted.iss.as_deref(),
            };
            app.refusal(&fault)
        })
    }

    /// The same, told to nobody yet.
    pub fn judged(admitted: &Admitted, parameters: &Parameters) -> Result<Self, Fault> {
        let wanted = wanted(parameters).ok_or(Fault::MALFORMED)?;
        let response = mode(&admitted.place, parameters, Some(wanted)).ok_or(Fault::MALFORMED)?;
        checked(admitted, parameters, (wanted, response))
    }

    /// Whether the app expects another user than this one. The hint is no more than one: it is not verified, and tells nothing that the
    /// app's own ID token would not.
    pub fn expects_another(&self, sub: &str) -> bool {
        let Some(hint) = &self.id_token_hint else {
            return false;
        };
        let payload = hint
            .split('.')
            .nth(1)
            .and_then(|part| BASE64_URL_SAFE_NO_PAD.decode(part).ok());
        let claims = payload.and_then(|payload| serde_json::from_slice::<serde_json::Value>(&payload).ok());
        let hinted = claims.as_ref().and_then(|claims| claims.get("sub")?.as_str());
        hinted != Some(sub)
    }

    /// Who hears the answer.
    pub(super) fn hearer(&self) -> Hearer<'_> {
        Hearer {
            redirect_uri: &self.approved.redirect_uri,
            response: self.response,
            state: self.state.as_deref(),
            iss: self.iss.as_deref(),
        }
    }
}

fn wanted(parameters: &Parameters) -> Option<Wanted> {
    match parameters.given("response_type") {
        Some("token") => Some(Wanted::Tokens),
        Some("code") => Some(Wanted::Code),
        _ => None,
    }
}

/// Unless the app asks for another.
fn usual(wanted: Option<Wanted>) -> Response {
    match wanted {
        Some(Wanted::Tokens) => Response::Fragment,
        Some(Wanted::Code) | None => Response::Query,
    }
}

/// How the app wants to hear, which is overlooked as on Cognito where the pool does not say otherwise. None: in no way that there is;
/// tokens are kept out of queries, which servers write down.
fn mode(place: &Place, parameters: &Parameters, wanted: Option<Wanted>) -> Option<Response> {
    let asked = parameters.given("response_mode").filter(|_| place.switches().form_post);
    match (asked, wanted) {
        (None, _) => Some(usual(wanted)),
        (Some("form_post"), _) => Some(Response::Form),
        (Some("fragment"), _) => Some(Response::Fragment),
        (Some("query"), Some(Wanted::Code) | None) => Some(Response::Query),
        _ => None,
    }
}

fn checked(
    admitted: &Admitted,
    parameters: &Parameters,
    (wanted, response): (Wanted, Response),
) -> Result<Request, Fault> {
    let place = &admitted.place;
    if parameters.has_repeats() {
        return Err(Fault::MALFORMED);
    }
    // What would be in them could differ from what is read here (OIDC Core 6).
    for (name, error) in [
        ("request", "request_not_supported"),
        ("request_uri", "request_uri_not_supported"),
    ] {
        if parameters.given(name).is_some() {
            return Err(Fault::new(error));
        }
    }
    let allowed = match wanted {
        Wanted::Code => place.oauth().code,
        Wanted::Tokens => place.oauth().implicit,
    };
    if !allowed {
        return Err(Fault::new("unauthorized_client"));
    }
    let approved = Approved {
        redirect_uri: admitted.redirect_uri.clone(),
        challenge: challenge(parameters)?,
        scopes: scopes(place, parameters.given("scope"))?,
        nonce: parameters.given("nonce").map(str::to_owned),
        resource: resource(parameters)?,
        key: key(place, parameters)?,
    };
    // Tokens of the address bar can be bound to no key.
    if wanted == Wanted::Tokens && place.proofs() == Proofs::Required {
        return Err(Fault::new("unauthorized_client"));
    }
    let (named, identifier) = (
        parameters.given("identity_provider"),
        parameters.given("idp_identifier"),
    );
    let by = place.sign_in_by(named, identifier).ok_or(Fault::MALFORMED)?;
    let steps_up = !place.is_lite();
    let text = |name| parameters.given(name).map(str::to_owned);
    let prompt = prompt(parameters)?;
    Ok(Request {
        wanted,
        response,
        iss: admitted.iss.clone(),
        approved,
        state: parameters.get("state").map(str::to_owned),
        prompt,
        max_age: if steps_up { max_age(parameters)? } else { None },
        levels: parameters
            .given("acr_values")
            .filter(|_| steps_up)
            .map(|levels| place.known_levels(levels.split_whitespace()))
            .unwrap_or_default(),
        login_hint: text("login_hint"),
        id_token_hint: text("id_token_hint"),
        by,
        passed_on: PassedOn {
            prompt: text("prompt").filter(|_| prompt != Prompt::Never),
            locales: text("ui_locales"),
        },
    })
}

/// S256 alone: a challenge that is the verifier itself protects nothing that a stolen code would not tell.
fn challenge(parameters: &Parameters) -> Result<Option<String>, Fault> {
    match (
        parameters.given("code_challenge"),
        parameters.given("code_challenge_method"),
    ) {
        (None, None) => Ok(None),
        (Some(challenge), Some("S256")) if is_thumbprint(challenge) => Ok(Some(challenge.to_owned())),
        _ => Err(Fault::MALFORMED),
    }
}

/// The key that the code is to be bound to: `dpop_jkt` (RFC 9449 section 10), unknown where there are no proofs.
fn key(place: &Place, parameters: &Parameters) -> Result<Option<String>, Fault> {
    let key = parameters.given("dpop_jkt").filter(|_| place.proofs() != Proofs::Off);
    match key {
        None => Ok(None),
        Some(key) if is_thumbprint(key) => Ok(Some(key.to_owned())),
        Some(_) => Err(Fault::MALFORMED),
    }
}

/// In the order in which they were asked for, each once; all of the client's where none was. What its resource server has no more is
/// left out.
pub(crate) fn scopes(place: &Place, asked: Option<&str>) -> Result<Scopes, Fault> {
    let known = &place.oauth().scopes;
    let overlooks = place.switches().overlooks_scopes;
    let mut granted: Vec<&str> = Vec::new();
    let asked: Vec<&str> = match asked {
        Some(asked) => asked.split_whitespace().collect(),
        None => known.iter().map(String::as_str).collect(),
    };
    let identifies = asked.contains(&"openid");
    for scope in asked {
        let is_known = known.iter().any(|other| other == scope);
        let is_fit = identifies || !matches!(scope, "email" | "phone" | "profile");
        match (is_known && is_fit, overlooks) {
            (true, _) if !granted.contains(&scope) && place.has_scope(scope) => granted.push(scope),
            (true, _) | (false, true) => {}
            (false, false) => return Err(Fault::SCOPE),
        }
    }
    if granted.is_empty() {
        return Err(Fault::SCOPE);
    }
    Ok(Scopes::new(granted.join(" ")))
}

/// RFC 8707. Reference: oauth-and-federation 3.5.
pub(crate) fn resource(parameters: &Parameters) -> Result<Option<String>, Fault> {
    let Some(resource) = parameters.given("resource") else {
        return Ok(None);
    };
    let scheme = resource
        .split_once("://")
        .map(|(scheme, rest)| (scheme, !rest.is_empty()));
    let is_scheme = |scheme: &str| {
        let mut letters = scheme.bytes();
        letters.next().is_some_and(|b| b.is_ascii_alphabetic())
            && letters.all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
    };
    let is_local = || {
        let rest = resource.strip_prefix("http://localhost");
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/', '?']))
    };
    let fine = match scheme {
        Some(("http", _)) => is_local(),
        Some((scheme, true)) => is_scheme(scheme),
        _ => false,
    };
    let is_plain = resource.bytes().all(|b| b.is_ascii_graphic()) && !resource.contains('#');
    if fine && is_plain {
        Ok(Some(resource.to_owned()))
    } else {
        Err(Fault::MALFORMED)
    }
}

/// `none` stands alone (OIDC Core 3.1.2.1).
fn prompt(parameters: &Parameters) -> Result<Prompt, Fault> {
    let values: Vec<&str> = parameters
        .given("prompt")
        .unwrap_or_default()
        .split_whitespace()
        .collect();
    match (values.contains(&"none"), values.len()) {
        (true, 1) => Ok(Prompt::Never),
        (true, _) => Err(Fault::MALFORMED),
        (false, _) if values.contains(&"login") => Ok(Prompt::Always),
        _ => Ok(Prompt::IfNeeded),
    }
}

fn max_age(parameters: &Parameters) -> Result<Option<Duration>, Fault> {
    let Some(text) = parameters.given("max_age") else {
        return Ok(None);
    };
    let seconds = text.parse().map_err(|_| Fault::MALFORMED)?;
    Ok(Some(Duration::from_secs(seconds)))
}
