//! Pools with a domain, their clients and people.

use std::ops::Deref;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde_json::{Value, json};
use testkit::merged;

use super::{Browser, Draft, Got, Key, Rig, encoded, parameter};

pub(super) const PASSWORD: &str = "Passw0rd!";
pub(super) const CALLBACK: &str = "https://app.example.com/cb";
pub(super) const LOGOUT: &str = "https://app.example.com/bye";

/// A pool and where its pages are.
#[derive(Clone)]
pub(super) struct Tenant {
    pub pool: String,
    pub host: String,
    pub mount: String,
}

/// An app client.
#[derive(Clone)]
pub(super) struct App {
    pub id: String,
    pub secret: Option<String>,
}

/// A server with a pool whose domain is `app`, a public client of it, and Ana.
pub(super) struct Site {
    pub rig: Rig,
    pub at: Tenant,
    pub app: App,
}

impl Deref for Site {
    type Target = Rig;

    fn deref(&self) -> &Rig {
        &self.rig
    }
}

impl App {
    pub fn basic(&self) -> String {
        let pair = format!("{}:{}", self.id, self.secret.as_deref().unwrap_or_default());
        format!("Basic {}", BASE64_STANDARD.encode(pair))
    }

    /// A request for a code, with more parameters or others.
    pub fn request(&self, more: &[(&str, &str)]) -> String {
        let usual = [
            ("response_type", "code"),
            ("client_id", self.id.as_str()),
            ("redirect_uri", CALLBACK),
            ("scope", "openid email"),
            ("state", "a-state"),
        ];
        let kept = usual
            .into_iter()
            .filter(|(name, _)| more.iter().all(|(other, _)| other != name));
        encoded(&kept.chain(more.iter().copied()).collect::<Vec<_>>())
    }
}

impl Rig {
    /// In dev, where every key is the administrator's.
    pub(super) async fn call(&self, operation: &str, input: Value) -> Value {
        let got = self.idp(&Key::unknown(), operation, input).await;
        assert_eq!(got.status, 200, "{operation}: {}", got.body);
        if got.body.is_empty() { Value::Null } else { got.json() }
    }

    pub(super) async fn tenant(&self, domain: &str, settings: Value) -> Tenant {
        let settings = merged(
            json!({"PoolName": domain, "AutoVerifiedAttributes": ["email"]}),
            settings,
        );
        let made = self.call("CreateUserPool", settings).await;
        let pool = made["UserPool"]["Id"].as_str().unwrap().to_owned();
        self.call(
            "CreateUserPoolDomain",
            json!({"UserPoolId": pool, "Domain": domain, "ManagedLoginVersion": 2}),
        )
        .await;
        Tenant {
            pool,
            host: format!("{domain}.auth.eu-west-1.localhost:4566"),
            mount: String::new(),
        }
    }

    pub(super) async fn app_of(&self, at: &Tenant, settings: Value) -> App {
        let usual = json!({
            "UserPoolId": at.pool, "ClientName": "web", "AllowedOAuthFlowsUserPoolClient": true,
            "AllowedOAuthFlows": ["code", "implicit"], "AllowedOAuthScopes": ["openid", "email", "aws.cognito.signin.user.admin"],
            "CallbackURLs": [CALLBACK], "LogoutURLs": [LOGOUT], "SupportedIdentityProviders": ["COGNITO"],
            "PreventUserExistenceErrors": "ENABLED",
            "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH"],
        });
        let made = self.call("CreateUserPoolClient", merged(usual, settings)).await;
        let text = |name: &str| made["UserPoolClient"][name].as_str().map(str::to_owned);
        App {
            id: text("ClientId").unwrap(),
            secret: text("ClientSecret"),
        }
    }

    /// Somebody who may sign in, with a mail address that is verified.
    pub(super) async fn person(&self, at: &Tenant, name: &str) {
        let attributes = json!([
            {"Name": "email", "Value": format!("{name}@example.com")}, {"Name": "email_verified", "Value": "true"},
        ]);
        let user =
            json!({"UserPoolId": at.pool, "Username": name, "UserAttributes": attributes, "MessageAction": "SUPPRESS"});
        self.call("AdminCreateUser", user).await;
        let password = json!({"UserPoolId": at.pool, "Username": name, "Password": PASSWORD, "Permanent": true});
        self.call("AdminSetUserPassword", password).await;
    }

    pub(super) async fn on_user(&self, at: &Tenant, operation: &str, name: &str) {
        self.call(operation, json!({"UserPoolId": at.pool, "Username": name}))
            .await;
    }

    /// Of an endpoint that answers JSON.
    pub(super) async fn form(
        &self,
        at: &Tenant,
        path: &str,
        authorization: Option<&str>,
        pairs: &[(&str, &str)],
    ) -> Got {
        let draft = Draft::new("POST", &format!("{}{path}", at.mount)).header("host", &at.host);
        let mut draft = draft.header("content-type", "application/x-www-form-urlencoded");
        if let Some(authorization) = authorization {
            draft = draft.header("authorization", authorization);
        }
        self.send(draft.with_body(&encoded(pairs))).await
    }

    /// Of the token endpoint, by a client that says who it is.
    pub(super) async fn token(&self, at: &Tenant, app: &App, pairs: &[(&str, &str)]) -> Got {
        let Some(_) = app.secret else {
            let pairs: Vec<_> = [("client_id", app.id.as_str())]
                .into_iter()
                .chain(pairs.iter().copied())
                .collect();
            return self.form(at, "/oauth2/token", None, &pairs).await;
        };
        self.form(at, "/oauth2/token", Some(&app.basic()), pairs).await
    }

    pub(super) async fn trade(&self, at: &Tenant, app: &App, code: &str) -> Got {
        let pairs = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", CALLBACK),
        ];
        self.token(at, app, &pairs).await
    }

    pub(super) async fn refresh(&self, at: &Tenant, app: &App, token: &str) -> Got {
        self.token(at, app, &[("grant_type", "refresh_token"), ("refresh_token", token)])
            .await
    }

    pub(super) async fn user_info(&self, at: &Tenant, token: &str) -> Got {
        let draft = Draft::get(&format!("{}/oauth2/userInfo", at.mount)).header("host", &at.host);
        self.send(draft.header("authorization", &format!("Bearer {token}")))
            .await
    }
}

impl Site {
    pub async fn new() -> Self {
        Self::with(json!({}), json!({})).await
    }

    /// With these settings of its pool and its client.
    pub async fn with(pool: Value, client: Value) -> Self {
        let rig = Rig::dev().await;
        let at = rig.tenant("app", pool).await;
        let app = rig.app_of(&at, client).await;
        rig.person(&at, "ana").await;
        Self { rig, at, app }
    }

    pub fn browser(&self) -> Browser<'_> {
        Browser::new(&self.rig, &self.at)
    }

    pub async fn code(&self) -> String {
        code(&mut self.browser(), &self.app, &[]).await
    }

    /// What Ana's app gets of a sign-in.
    pub async fn tokens(&self) -> Value {
        let code = self.code().await;
        self.trade(&self.at, &self.app, &code).await.ok().json()
    }
}

/// Ana signs in: where the browser is sent.
pub(super) async fn sign_in(browser: &mut Browser<'_>, app: &App, more: &[(&str, &str)]) -> Got {
    let page = browser.get(&format!("/login?{}", app.request(more))).await.ok();
    browser
        .submit(&page, &[("username", "ana"), ("password", PASSWORD)])
        .await
}

pub(super) async fn code(browser: &mut Browser<'_>, app: &App, more: &[(&str, &str)]) -> String {
    let answer = sign_in(browser, app, more).await;
    parameter(&answer, "code")
        .unwrap_or_else(|| panic!("{} {} {}", answer.status, answer.header("location"), answer.body))
}

#[track_caller]
pub(super) fn refused(answer: &Got, status: u16, error: &str) {
    assert_eq!(
        (answer.status, answer.text("/error").as_str()),
        (status, error),
        "{}",
        answer.body
    );
}
