//! An OpenID provider, small: whoever is sent to it is whom the test says. It can be told to be difficult.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard},
};

use axum::{
    extract::State as Shared,
    http::{StatusCode, Uri},
    response::{IntoResponse, Response},
};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD as B64};
use kernel::Clock;
use oauth::Parameters;
use serde_json::{Value, json};
use testkit::{ClientKey, MockClock, merged};
use tokio::net::TcpListener;

pub(super) const CLIENT: &str = "us-there";
pub(super) const SECRET: &str = "a secret of ours";

#[derive(Clone)]
pub(super) struct Idp(Arc<Inner>);

struct Inner {
    address: SocketAddr,
    clock: Arc<MockClock>,
    key: ClientKey,
    state: Mutex<State>,
}

#[derive(Default)]
pub(super) struct State {
    /// What ID tokens say besides, or otherwise.
    pub claims: Value,
    /// What the token endpoint answers instead.
    pub refusal: Option<(StatusCode, String)>,
    /// The forms that the token endpoint was sent.
    pub trades: Vec<Parameters>,
    /// By code, what was asked.
    asked: BTreeMap<String, Parameters>,
}

impl Idp {
    pub async fn start(clock: Arc<MockClock>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let idp = Self(Arc::new(Inner {
            address: listener.local_addr().unwrap(),
            clock,
            key: ClientKey::es256(),
            state: Mutex::default(),
        }));
        let router = axum::Router::new().fallback(answer).with_state(idp.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        idp
    }

    pub fn issuer(&self) -> String {
        format!("http://{}", self.0.address)
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap()
    }

    /// ProviderDetails of it.
    pub fn details(&self) -> Value {
        json!({
            "client_id": CLIENT, "client_secret": SECRET, "authorize_scopes": "openid email", "oidc_issuer": self.issuer(),
            "attributes_request_method": "GET",
        })
    }

    /// What was asked of it, by the address that a browser was sent to.
    #[track_caller]
    pub fn asked(&self, location: &str) -> Parameters {
        let query = location.strip_prefix(&format!("{}/authorize?", self.issuer()));
        Parameters::parse(query.unwrap_or_else(|| panic!("to somewhere else: {location}"))).unwrap()
    }

    /// Somebody signs in there: the code.
    pub fn code(&self, asked: &Parameters) -> String {
        let state = &mut self.state();
        let code = format!("code-{}", state.asked.len());
        state.asked.insert(code.clone(), asked.clone());
        code
    }

    fn id_token(&self, asked: &Parameters, claims: &Value) -> String {
        let now = self.0.clock.wall().secs();
        let usual = json!({
            "iss": self.issuer(), "aud": CLIENT, "sub": "248289761001", "iat": now, "exp": now + 300,
            "nonce": asked.get("nonce"), "email": "ana@partner.example", "email_verified": true,
        });
        self.0.key.signed(json!({"kid": "k"}), &merged(usual, claims.clone()))
    }

    fn traded(&self, form: &Parameters) -> Response {
        let state = &mut self.state();
        let code = form.get("code").unwrap_or_default().to_owned();
        state.trades.push(form.clone());
        if let Some((status, body)) = &state.refusal {
            return (*status, body.clone()).into_response();
        }
        let refused = |error: &str| (StatusCode::BAD_REQUEST, json!({ "error": error }).to_string()).into_response();
        if form.get("client_secret") != Some(SECRET) {
            return refused("invalid_client");
        }
        let Some(asked) = state.asked.remove(&code) else {
            return refused("invalid_grant");
        };
        let challenge = form
            .get("code_verifier")
            .map(|verifier| B64.encode(vault::sha256(verifier.as_bytes())));
        if challenge.as_deref() != asked.get("code_challenge") || form.get("redirect_uri") != asked.get("redirect_uri")
        {
            return refused("invalid_grant");
        }
        let claims = state.claims.clone();
        let claims = if claims.is_null() { json!({}) } else { claims };
        let tokens = json!({
            "access_token": "there", "token_type": "Bearer", "expires_in": 300, "id_token": self.id_token(&asked, &claims),
        });
        json_of(&tokens)
    }
}

async fn answer(Shared(idp): Shared<Idp>, uri: Uri, body: String) -> Response {
    let issuer = idp.issuer();
    match uri.path() {
        "/.well-known/openid-configuration" => json_of(&json!({
            "issuer": issuer, "authorization_endpoint": format!("{issuer}/authorize"),
            "token_endpoint": format!("{issuer}/token"), "jwks_uri": format!("{issuer}/keys"),
            "response_types_supported": ["code"], "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["ES256"], "code_challenge_methods_supported": ["S256"],
        })),
        "/keys" => {
            json_of(&json!({"keys": [merged(idp.0.key.jwk(), json!({"kid": "k", "alg": "ES256", "use": "sig"}))]}))
        }
        "/token" => idp.traded(&Parameters::parse(&body).unwrap()),
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

fn json_of(body: &Value) -> Response {
    ([("content-type", "application/json")], body.to_string()).into_response()
}
