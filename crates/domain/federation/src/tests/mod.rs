//! Sign-ins by providers of our own, and what comes of those that go wrong.

mod attacks;
mod by_saml;
mod leaving;
mod open_id;
mod refusals;
mod site;
mod social;

use std::collections::BTreeMap;

use kernel::{Rng, Timestamp};
use serde_json::{Value, json};
use upstream::{Reach, Upstream};

use crate::{Answer, Arrival, Federation, Kind, Places, Provider, Refusal, Visit};
use site::{Key, Site};

const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);
const HERE: &str = "https://auth.example.com/oauth2/idpresponse";
const SECRET: &str = "a client secret of forty-one characters..";

/// Chance that is none: nonces and verifiers of nothing but `A`.
struct Zeros;

impl Rng for Zeros {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(0);
    }
}

fn nonce() -> String {
    "A".repeat(32)
}

fn map(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    let pairs = pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    pairs.collect()
}

fn federation() -> Federation {
    Federation::new(Upstream::new(Reach::Anywhere).unwrap(), Places::default())
}

/// An OpenID provider that does everything right, until told otherwise.
struct Op {
    site: Site,
    key: Key,
    federation: Federation,
    details: BTreeMap<String, String>,
    mapping: BTreeMap<String, String>,
}

impl Op {
    async fn new() -> Self {
        let op = Self {
            site: Site::new().await,
            key: Key::new("a"),
            federation: federation(),
            details: map(&[
                ("client_id", "us"),
                ("client_secret", SECRET),
                ("authorize_scopes", "openid email"),
                ("attributes_request_method", "GET"),
            ]),
            mapping: map(&[("username", "sub"), ("email", "email")]),
        };
        let issuer = op.site.base.clone();
        let op = op.detail("oidc_issuer", &issuer);
        op.discovers(&json!({}));
        op.site.says("/keys", &json!({"keys": [op.key.jwk()]}));
        op.site.says(
            "/user",
            &json!({"sub": "7", "email": "of-user-info@example.com", "groups": ["a", "b c"]}),
        );
        op.gives(&op.key.sign(&op.claims()));
        op
    }

    fn detail(mut self, name: &str, value: &str) -> Self {
        self.details.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Its configuration has these too.
    fn discovers(&self, more: &Value) {
        let mut document = json!({
            "issuer": self.site.base,
            "jwks_uri": self.site.url("/keys"),
            "authorization_endpoint": self.site.url("/authorize"),
            "token_endpoint": self.site.url("/token"),
            "userinfo_endpoint": self.site.url("/user"),
        });
        document
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        self.site.says("/.well-known/openid-configuration", &document);
    }

    fn claims(&self) -> Value {
        json!({
            "iss": self.site.base, "aud": "us", "sub": "7", "nonce": nonce(), "iat": NOW.secs(), "exp": NOW.secs() + 300,
            "email": "ana@example.com", "email_verified": true, "acr": "gold",
        })
    }

    fn claims_with(&self, name: &str, value: Value) -> Value {
        let mut claims = self.claims();
        claims[name] = value;
        claims
    }

    /// The ID token of the token endpoint.
    fn gives(&self, id_token: &str) {
        let tokens = json!({"access_token": "at", "token_type": "Bearer", "expires_in": 300, "id_token": id_token});
        self.site.says("/token", &tokens);
    }

    fn provider(&self) -> Provider {
        Provider::read("Corp", Kind::OpenId, &self.details, &self.mapping).unwrap()
    }

    async fn set_out(&self) -> Visit {
        let provider = self.provider();
        self.federation.set_out(&provider, HERE, &Zeros, NOW).await.unwrap()
    }

    /// Somebody goes and comes back with a code.
    async fn comes(&self) -> Result<Arrival, Refusal> {
        let answer = Answer {
            code: Some("c/1"),
            ..Answer::default()
        };
        self.comes_with(answer).await
    }

    async fn comes_with(&self, answer: Answer<'_>) -> Result<Arrival, Refusal> {
        let (provider, visit) = (self.provider(), self.set_out().await);
        self.federation.back(&provider, &visit, answer, NOW).await
    }

    /// The sentence and why, where nobody comes.
    async fn refusal(&self) -> (String, String) {
        let refusal = self.comes().await.err().unwrap();
        assert_eq!(refusal.error, "invalid_request");
        (refusal.description, refusal.because)
    }
}
