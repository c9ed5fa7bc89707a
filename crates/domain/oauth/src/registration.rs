//! `/oauth2/register`: clients that register themselves. Reference: RFC 7591; user-pools 15.4.

use kernel::{ApiError, Cx, PoolId};
use serde_json::{Map, Value, json};
use userpool::{
    UserPools,
    hosted::{Flow, LogoutAs, Metadata, NotRegistered, Registered, RegisteredAs},
};

use crate::OAuthError;

/// Why a client is not registered.
#[derive(Debug)]
pub enum Refusal {
    /// RFC 7591 section 3.2.2.
    Metadata {
        error: &'static str,
        description: String,
    },
    /// RFC 6750 section 3.1. None: no token came.
    Token(Option<&'static str>),
    TooMany,
    Failed(ApiError),
}

/// How a client proves itself, where it does.
const BASIC: &str = "client_secret_basic";
const POST: &str = "client_secret_post";
const KEYS: &str = "private_key_jwt";

/// The answer's body. `pool` is the domain's, `token` what was brought as `Bearer`. What is asked for and not known here is left out, as
/// section 2 has it; the answer tells what the client is.
pub async fn register(
    pools: &UserPools,
    cx: &Cx,
    pool: &PoolId,
    token: Option<&str>,
    body: &[u8],
) -> Result<Value, Refusal> {
    let asked = serde_json::from_slice::<Map<String, Value>>(body);
    let asked = asked.map_err(|_| metadata("The body is no JSON object."))?;
    let method = method(&asked)?;
    let wanted = wanted(&asked, method)?;
    let registered = pools.register_client(cx, pool, token, wanted).await;
    let registered = registered.map_err(|refusal| match refusal {
        NotRegistered::NoToken => Refusal::Token(None),
        NotRegistered::BadToken => Refusal::Token(Some("invalid_token")),
        NotRegistered::NoScope => Refusal::Token(Some("insufficient_scope")),
        NotRegistered::Redirect(description) => Refusal::Metadata {
            error: "invalid_redirect_uri",
            description,
        },
        NotRegistered::Metadata(description) => metadata(&description),
        NotRegistered::TooMany => Refusal::TooMany,
        NotRegistered::Api(error) => Refusal::Failed(error),
    })?;
    Ok(answer(&registered, method))
}

impl Refusal {
    /// Status, and the body.
    pub fn told(&self) -> (u16, Value) {
        match self {
            Self::Metadata { error, description } => (400, json!({ "error": error, "error_description": description })),
            Self::Token(None) => (
                401,
                json!({ "error": "invalid_token", "error_description": "A token is needed." }),
            ),
            Self::Token(Some("insufficient_scope")) => (403, json!({ "error": "insufficient_scope" })),
            Self::Token(Some(error)) => (401, json!({ "error": error })),
            Self::TooMany => (429, json!({ "error": "temporarily_unavailable" })),
            Self::Failed(error) => {
                let told = OAuthError::of_grant(error);
                (told.status, told.body())
            }
        }
    }
}

fn metadata(description: &str) -> Refusal {
    Refusal::Metadata {
        error: "invalid_client_metadata",
        description: description.to_owned(),
    }
}

fn method(asked: &Map<String, Value>) -> Result<&'static str, Refusal> {
    match asked.get("token_endpoint_auth_method") {
        None | Some(Value::Null) => Ok(BASIC),
        Some(Value::String(name)) if name == "none" => Ok("none"),
        Some(Value::String(name)) if name == BASIC => Ok(BASIC),
        Some(Value::String(name)) if name == POST => Ok(POST),
        Some(Value::String(name)) if name == KEYS => Ok(KEYS),
        Some(_) => Err(metadata("There is no such token_endpoint_auth_method.")),
    }
}

fn wanted(asked: &Map<String, Value>, method: &str) -> Result<Metadata, Refusal> {
    let grants = texts(asked, "grant_types")?;
    let grants = grants.unwrap_or_else(|| vec!["authorization_code".to_owned()]);
    let flow = |grant: &String| match grant.as_str() {
        "authorization_code" => Some(Flow::Code),
        "implicit" => Some(Flow::Implicit),
        "client_credentials" => Some(Flow::ClientCredentials),
        _ => None,
    };
    let scopes: Option<Vec<String>> = text(asked, "scope")?
        .map(|scopes| scopes.split_whitespace().map(str::to_owned).collect())
        .filter(|scopes: &Vec<String>| !scopes.is_empty());
    Ok(Metadata {
        name: text(asked, "client_name")?.unwrap_or_default().to_owned(),
        redirects: texts(asked, "redirect_uris")?.unwrap_or_default(),
        flows: grants.iter().filter_map(flow).collect(),
        scopes,
        has_secret: matches!(method, BASIC | POST),
        registered: registered(asked, method)?,
    })
}

/// Its keys, where it shows who it is by them; whether its tokens are to be bound to one (RFC 9449 section 5.2); where it hears of
/// sessions' ends (OpenID Connect Back-Channel Logout 1.0 section 2.2).
fn registered(asked: &Map<String, Value>, method: &str) -> Result<RegisteredAs, Refusal> {
    let needs_session = flag(asked, "backchannel_logout_session_required")?;
    let logout = text(asked, "backchannel_logout_uri")?.map(|uri| LogoutAs {
        uri: uri.to_owned(),
        needs_session,
    });
    let mut registered = RegisteredAs {
        is_bound: flag(asked, "dpop_bound_access_tokens")?,
        logout,
        ..RegisteredAs::default()
    };
    if method != KEYS {
        return Ok(registered);
    }
    registered.jwks = match asked.get("jwks") {
        None | Some(Value::Null) => None,
        Some(Value::Object(set)) => Some(set.clone()),
        Some(_) => return Err(metadata("jwks is no set of keys.")),
    };
    registered.jwks_uri = text(asked, "jwks_uri")?.map(str::to_owned);
    if registered.has_keys() {
        Ok(registered)
    } else {
        Err(metadata("private_key_jwt wants jwks or jwks_uri."))
    }
}

fn flag(asked: &Map<String, Value>, name: &str) -> Result<bool, Refusal> {
    match asked.get(name) {
        None | Some(Value::Null) => Ok(false),
        Some(Value::Bool(flag)) => Ok(*flag),
        Some(_) => Err(metadata(&format!("{name} is neither true nor false."))),
    }
}

fn text<'a>(asked: &'a Map<String, Value>, name: &str) -> Result<Option<&'a str>, Refusal> {
    match asked.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.as_str())),
        Some(_) => Err(metadata(&format!("{name} is no text."))),
    }
}

fn texts(asked: &Map<String, Value>, name: &str) -> Result<Option<Vec<String>>, Refusal> {
    let items = match asked.get(name) {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::Array(items)) => items,
        Some(_) => return Err(metadata(&format!("{name} is no list."))),
    };
    let texts = items.iter().map(|item| item.as_str().map(str::to_owned));
    let texts = texts.collect::<Option<Vec<String>>>();
    texts
        .map(Some)
        .ok_or_else(|| metadata(&format!("{name} is no list of texts.")))
}

fn answer(registered: &Registered, method: &str) -> Value {
    let Registered { id, secret, at, is } = registered;
    let (mut grants, mut responses) = (Vec::new(), Vec::new());
    for flow in &is.flows {
        match flow {
            Flow::Code => {
                grants.extend(["authorization_code", "refresh_token"]);
                responses.push("code");
            }
            Flow::Implicit => {
                grants.push("implicit");
                responses.push("token");
            }
            Flow::ClientCredentials => grants.push("client_credentials"),
        }
    }
    let mut members = json!({
        "client_id": id.as_str(),
        "client_id_issued_at": at.secs(),
        "client_name": is.name,
        "redirect_uris": is.redirects,
        "grant_types": grants,
        "response_types": responses,
        "scope": is.scopes.as_deref().unwrap_or_default().join(" "),
        "token_endpoint_auth_method": method,
    });
    let mut put = |name: &str, value: Value| {
        if let Some(members) = members.as_object_mut() {
            members.insert(name.to_owned(), value);
        }
    };
    if let Some(secret) = secret {
        put("client_secret", json!(secret));
        // Never.
        put("client_secret_expires_at", json!(0));
    }
    if let Some(set) = &is.registered.jwks {
        put("jwks", json!(set));
    }
    if let Some(at) = &is.registered.jwks_uri {
        put("jwks_uri", json!(at));
    }
    if is.registered.is_bound {
        put("dpop_bound_access_tokens", json!(true));
    }
    if let Some(logout) = &is.registered.logout {
        put("backchannel_logout_uri", json!(logout.uri));
        put("backchannel_logout_session_required", json!(logout.needs_session));
    }
    members
}
