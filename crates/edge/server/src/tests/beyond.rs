//! What a pool's domain does beyond Cognito: nothing, until it is turned on. Reference: docs/oauth.md.

mod assertions;
mod backchannel;
mod bound;
mod consent;
mod device;
mod introspection;
mod keys;
mod logout;
mod proofs;
mod pushed;
mod registration;
mod responses;

use http::HeaderValue;
use serde_json::{Value, json};
use testkit::merged;

use super::{Draft, Got, Key, Rig};

const CALLBACK: &str = "https://app.example.com/cb";
const AT: &str = "/_login/people";

/// RFC 7636 appendix B.
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

/// A pool with a domain, a public client for both flows, and Ana.
pub(super) struct Hosted {
    pub rig: Rig,
    pub pool: String,
    pub client: String,
}

/// A browser: what it was told to keep.
#[derive(Clone, Default)]
pub(super) struct Browser {
    cookies: Vec<(String, String)>,
}

impl Hosted {
    pub async fn with(tags: Value, settings: Value) -> Self {
        let (rig, key) = (Rig::dev().await, Key::unknown());
        let pool = merged(json!({"PoolName": "people", "UserPoolTags": tags}), settings);
        let made = rig.idp(&key, "CreateUserPool", pool).await.ok().json();
        let pool = made["UserPool"]["Id"].as_str().unwrap().to_owned();
        let mut hosted = Self {
            rig,
            pool,
            client: String::new(),
        };
        let domain = json!({"UserPoolId": hosted.pool, "Domain": "people", "ManagedLoginVersion": 2});
        hosted.call("CreateUserPoolDomain", domain).await;
        hosted.client = hosted.client(json!({})).await.0;
        let ana = json!({"UserPoolId": hosted.pool, "Username": "ana"});
        hosted.call("AdminCreateUser", ana).await;
        let password =
            json!({"UserPoolId": hosted.pool, "Username": "ana", "Password": "Passw0rd!", "Permanent": true});
        hosted.call("AdminSetUserPassword", password).await;
        hosted
    }

    pub async fn call(&self, operation: &str, input: Value) -> Value {
        let answer = self.rig.idp(&Key::unknown(), operation, input).await.ok();
        serde_json::from_str(&answer.body).unwrap_or(Value::Null)
    }

    /// Its id and secret.
    pub async fn client(&self, settings: Value) -> (String, String) {
        let usual = json!({
            "UserPoolId": self.pool, "ClientName": "web", "AllowedOAuthFlowsUserPoolClient": true,
            "AllowedOAuthFlows": ["code", "implicit"], "AllowedOAuthScopes": ["openid", "email"], "CallbackURLs": [CALLBACK],
            "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH"],
        });
        let made = self.call("CreateUserPoolClient", merged(usual, settings)).await;
        let made = &made["UserPoolClient"];
        let text = |name: &str| made[name].as_str().unwrap_or_default().to_owned();
        (text("ClientId"), text("ClientSecret"))
    }

    pub async fn post(&self, path: &str, form: &str, authorization: Option<&str>) -> Got {
        let draft = Draft::new("POST", &format!("{AT}{path}"))
            .header("content-type", "application/x-www-form-urlencoded")
            .with_body(form);
        let draft = match authorization {
            Some(text) => draft.header("authorization", text),
            None => draft,
        };
        self.rig.send(draft).await
    }

    /// With headers of the test's choice.
    pub async fn post_with(&self, path: &str, form: &str, headers: &[(&'static str, &str)]) -> Got {
        let draft = Draft::new("POST", &format!("{AT}{path}"))
            .header("content-type", "application/x-www-form-urlencoded")
            .with_body(form);
        let mut draft = draft;
        for (name, value) in headers {
            draft.headers.append(*name, HeaderValue::try_from(*value).unwrap());
        }
        self.rig.send(draft).await
    }

    /// True time, in seconds since the epoch.
    pub fn wall(&self) -> i64 {
        kernel::Clock::wall(&*self.rig.world.clock).secs()
    }

    /// Also of tags.
    pub async fn tag(&self, key: &str, value: &str) -> Got {
        let described = self.call("DescribeUserPool", json!({"UserPoolId": self.pool})).await;
        let tags = json!({"ResourceArn": described["UserPool"]["Arn"], "Tags": {key: value}});
        self.rig.idp(&Key::unknown(), "TagResource", tags).await
    }

    pub async fn discovered(&self) -> Value {
        let path = format!("/{}/.well-known/oauth-authorization-server", self.pool);
        self.rig.send(Draft::get(&path)).await.ok().json()
    }

    pub fn issuer(&self) -> String {
        format!("http://{}/{}", super::HOST, self.pool)
    }

    /// The app's request as a query.
    pub fn query(&self, more: &str) -> String {
        let client = &self.client;
        format!(
            "client_id={client}&response_type=code&redirect_uri=https%3A%2F%2Fapp.example.com%2Fcb&scope=openid&state=s{more}"
        )
    }

    pub async fn open(&self, browser: &mut Browser, path: &str) -> Got {
        let got = self.rig.send(browser.dressed(Draft::get(&format!("{AT}{path}")))).await;
        browser.keep(&got);
        got
    }

    /// By a page of ours.
    pub async fn send(&self, browser: &mut Browser, path: &str, form: &str) -> Got {
        let csrf = browser.cookie("XSRF-TOKEN");
        self.post_as(browser, path, &format!("_csrf={csrf}&{form}")).await
    }

    /// By whatever page.
    pub async fn post_as(&self, browser: &mut Browser, path: &str, form: &str) -> Got {
        let draft = Draft::new("POST", &format!("{AT}{path}"))
            .header("content-type", "application/x-www-form-urlencoded")
            .with_body(form);
        let got = self.rig.send(browser.dressed(draft)).await;
        browser.keep(&got);
        got
    }

    /// What is answered when Ana has filled in the page of this request.
    pub async fn signed_in(&self, browser: &mut Browser, query: &str) -> Got {
        let page = self.open(browser, &format!("/login?{query}")).await;
        assert_eq!(page.status, 200, "{}", page.header("location"));
        self.send(browser, &format!("/login?{query}"), "username=ana&password=Passw0rd%21")
            .await
    }

    /// The tokens of a code.
    pub async fn traded(&self, client: &str, code: &str, redirect_uri: &str) -> Value {
        let form = format!(
            "grant_type=authorization_code&client_id={client}&code={code}&redirect_uri={redirect_uri}&code_verifier={VERIFIER}"
        );
        self.post("/oauth2/token", &form, None).await.ok().json()
    }

    /// Ana's, of the pool's own client.
    pub async fn tokens(&self) -> Value {
        let query = self.query(&format!("&code_challenge={CHALLENGE}&code_challenge_method=S256"));
        let got = self.signed_in(&mut Browser::default(), &query).await;
        let code = parameter(got.header("location"), "code").unwrap();
        self.traded(&self.client, &code, "https%3A%2F%2Fapp.example.com%2Fcb")
            .await
    }
}

impl Browser {
    fn dressed(&self, draft: Draft) -> Draft {
        let pairs = self.cookies.iter().map(|(name, value)| format!("{name}={value}"));
        draft.header("cookie", &pairs.collect::<Vec<_>>().join("; "))
    }

    fn keep(&mut self, got: &Got) {
        for value in got.headers.get_all("set-cookie") {
            let pair = value.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.retain(|(known, _)| known != name);
            self.cookies.push((name.to_owned(), value.to_owned()));
        }
    }

    fn cookie(&self, name: &str) -> String {
        let found = self.cookies.iter().find(|(known, _)| known == name);
        found.map_or_else(String::new, |(_, value)| value.clone())
    }
}

/// Of the query or the fragment, as it came.
pub(super) fn parameter(location: &str, name: &str) -> Option<String> {
    let (_, rest) = location.split_once(['?', '#'])?;
    let mut pairs = rest.split('&').filter_map(|pair| pair.split_once('='));
    pairs
        .find(|(known, _)| *known == name)
        .map(|(_, value)| value.to_owned())
}

#[tokio::test]
async fn nothing_is_there_that_is_not_turned_on() {
    let hosted = Hosted::with(json!({}), json!({})).await;
    for path in [
        "/oauth2/introspect",
        "/oauth2/register",
        "/oauth2/par",
        "/oauth2/device_authorization",
        "/oauth2/nothing",
    ] {
        assert_eq!(hosted.post(path, "token=x", None).await.status, 404, "{path}");
    }
    let metadata = format!("{AT}/.well-known/oauth-protected-resource");
    assert_eq!(hosted.rig.send(Draft::get(&metadata)).await.status, 404);
    let document = hosted.discovered().await;
    for name in [
        "dpop_signing_alg_values_supported",
        "token_endpoint_auth_signing_alg_values_supported",
        "introspection_endpoint",
        "registration_endpoint",
        "pushed_authorization_request_endpoint",
        "device_authorization_endpoint",
        "backchannel_logout_supported",
    ] {
        assert!(document.get(name).is_none(), "{name}");
    }
    assert_eq!(document["authorization_response_iss_parameter_supported"], false);
    assert_eq!(document["response_modes_supported"], json!(["query", "fragment"]));
}

#[tokio::test]
async fn a_tag_is_checked_when_it_is_set() {
    let hosted = Hosted::with(json!({}), json!({})).await;
    let got = hosted.tag("poolhouse:iss", "yes").await;
    assert_eq!(got.status, 400);
    assert!(got.body.contains("The tag poolhouse:iss must be on."), "{}", got.body);
}

#[tokio::test]
async fn user_info_says_who_its_server_is() {
    let hosted = Hosted::with(json!({"poolhouse:resource-metadata": "on"}), json!({})).await;
    for path in ["", "/oauth2/userInfo"] {
        let got = hosted
            .rig
            .send(Draft::get(&format!("{AT}/.well-known/oauth-protected-resource{path}")))
            .await
            .ok();
        assert_eq!(got.header("access-control-allow-origin"), "*");
        let document = got.json();
        let resource = document["resource"].as_str().unwrap();
        assert!(
            resource.starts_with("http://") && resource.ends_with("/oauth2/userInfo"),
            "{resource}"
        );
        assert_eq!(document["authorization_servers"], json!([hosted.issuer()]));
        assert_eq!(hosted.discovered().await["userinfo_endpoint"], resource);
    }
}

/// Of the domain, as whoever asks reaches it.
fn address(path: &str) -> String {
    format!("http://{}{AT}{path}", super::HOST)
}
