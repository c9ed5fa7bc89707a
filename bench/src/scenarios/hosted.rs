//! A pool's domain with its clients, and a browser without scripts that signs people in there.

use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Value, json};

use super::text;
use crate::{
    child::Server,
    client::{Answer, Connection, Prepared, encoded},
    seed::{PASSWORD, Seeded, target},
};

const DOMAIN: &str = "bench";
const CALLBACK: &str = "https://app.example.com/callback";
/// RFC 7636 appendix B.
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
/// Of a resource server.
pub(super) const SCOPE: &str = "api/read";

/// A domain on its path, and two clients.
#[derive(Clone)]
pub(super) struct Hosted {
    pub host: String,
    /// What stands before the domain's paths.
    mount: String,
    /// Confidential: `client_credentials`.
    pub machine: (String, String),
    /// Public: the code flow.
    app: String,
}

impl Hosted {
    pub async fn set_up(server: &Server, seeded: &Seeded) -> Result<Self, String> {
        let key = seeded.key();
        let mut connection = Connection::open(&server.address).await?;
        let domain = json!({ "UserPoolId": seeded.pool, "Domain": DOMAIN, "ManagedLoginVersion": 2 });
        let resources = json!({
            "UserPoolId": seeded.pool, "Identifier": "api", "Name": "api",
            "Scopes": [{ "ScopeName": "read", "ScopeDescription": "read" }],
        });
        for (operation, input) in [("CreateUserPoolDomain", domain), ("CreateResourceServer", resources)] {
            connection.call(&target(operation), &input, Some(&key)).await?;
        }
        let mut client = async |settings: Value| {
            let all = json!({ "UserPoolId": seeded.pool, "AllowedOAuthFlowsUserPoolClient": true });
            let input = testkit::merged(all, settings);
            connection
                .call(&target("CreateUserPoolClient"), &input, Some(&key))
                .await
        };
        let machine = client(json!({
            "ClientName": "machine", "GenerateSecret": true, "AllowedOAuthFlows": ["client_credentials"],
            "AllowedOAuthScopes": [SCOPE],
        }))
        .await?;
        let app = client(json!({
            "ClientName": "app", "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH"], "AllowedOAuthFlows": ["code"],
            "AllowedOAuthScopes": ["openid", "email"], "SupportedIdentityProviders": ["COGNITO"],
            "CallbackURLs": [CALLBACK],
        }))
        .await?;
        let id = "/UserPoolClient/ClientId";
        Ok(Self {
            host: server.address.clone(),
            mount: format!("/_login/{DOMAIN}"),
            machine: (text(&machine, id)?, text(&machine, "/UserPoolClient/ClientSecret")?),
            app: text(&app, id)?,
        })
    }

    /// What the app sends a browser to.
    fn authorize(&self) -> String {
        let members = [
            ("client_id", self.app.as_str()),
            ("response_type", "code"),
            ("redirect_uri", CALLBACK),
            ("scope", "openid email"),
            ("state", "8f4d6b1c2a90"),
            ("nonce", "5f0c7e3b9d21"),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
        ];
        format!("{}/oauth2/authorize?{}", self.mount, encoded(&members))
    }

    /// The first page of a sign-in.
    pub fn login(&self) -> String {
        self.authorize().replace("/oauth2/authorize?", "/login?")
    }

    pub fn client_credentials(&self) -> Result<Prepared, String> {
        client_credentials(&self.host, &format!("{}/oauth2/token", self.mount), &self.machine)
    }

    pub fn refresh(&self, token: &str) -> Result<Prepared, String> {
        let members = [("grant_type", "refresh_token"), ("refresh_token", token)];
        self.token(&members)
    }

    fn token(&self, members: &[(&str, &str)]) -> Result<Prepared, String> {
        let members = [members, &[("client_id", self.app.as_str())]].concat();
        let path = format!("{}/oauth2/token", self.mount);
        Prepared::posted(&self.host, &path, ("accept", "application/json"), &members)
    }

    /// The four requests of a browser and its app: authorize, the login page as it comes, its form, the code traded. What the app gets.
    pub async fn sign_in(&self, connection: &mut Connection, username: &str) -> Result<Value, String> {
        let authorize = Prepared::get(&self.host, &self.authorize());
        let sent = expect(connection.send(&authorize).await?, 302)?;
        let cookie = sent.header("set-cookie").and_then(|text| text.split(';').next());
        let cookie = cookie.ok_or("no cookie of the forms")?.to_owned();
        let login = sent.header("location").ok_or("authorize led nowhere")?.to_owned();

        let page = Prepared::get_with(&self.host, &login, &cookie);
        let page = expect(connection.send(&page).await?, 200)?;
        let html = String::from_utf8_lossy(&page.body).into_owned();
        let csrf = after(&html, "name=\"_csrf\" value=\"").ok_or("the page has no form")?;
        let members = [
            ("_csrf", csrf),
            ("step", "password"),
            ("cognitoAsfData", ""),
            ("username", username),
            ("password", PASSWORD),
            ("signInSubmitButton", "Sign in"),
        ];
        let form = Prepared::posted(&self.host, &login, ("cookie", &cookie), &members)?;
        let answered = expect(connection.send(&form).await?, 302)?;
        let to = answered.header("location").unwrap_or_default();
        let code = to.split(['?', '&']).find_map(|pair| pair.strip_prefix("code="));
        let code = code.ok_or_else(|| format!("no code: {to}"))?;

        let members = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", CALLBACK),
            ("code_verifier", VERIFIER),
        ];
        let tokens = expect(connection.send(&self.token(&members)?).await?, 200)?;
        serde_json::from_slice(&tokens.body).map_err(|error| error.to_string())
    }

    /// Bytes of the first page with all that it loads.
    pub async fn weight(&self) -> Result<usize, String> {
        let mut connection = Connection::open(&self.host).await?;
        let page = Prepared::get(&self.host, &self.login());
        let page = expect(connection.send(&page).await?, 200)?;
        let html = String::from_utf8_lossy(&page.body).into_owned();
        let mut bytes = page.body.len();
        let loading = html.split('<').filter(|tag| {
            ["link ", "script ", "img ", "source "]
                .iter()
                .any(|name| tag.starts_with(name))
        });
        for tag in loading {
            let address = ["href=\"", "src=\"", "srcset=\""]
                .into_iter()
                .find_map(|name| after(tag, name));
            let Some(address) = address else { continue };
            let file = connection.send(&Prepared::get(&self.host, address)).await?;
            bytes += expect(file, 200)?.body.len();
        }
        Ok(bytes)
    }
}

/// At any token endpoint, by `client_secret_basic`.
pub(super) fn client_credentials(host: &str, path: &str, (id, secret): &(String, String)) -> Result<Prepared, String> {
    let basic = format!("Basic {}", BASE64_STANDARD.encode(format!("{id}:{secret}")));
    let members = [("grant_type", "client_credentials"), ("scope", SCOPE)];
    Prepared::posted(host, path, ("authorization", &basic), &members)
}

fn expect(answer: Answer, status: u16) -> Result<Answer, String> {
    if answer.status == status {
        Ok(answer)
    } else {
        let body = String::from_utf8_lossy(&answer.body);
        Err(format!("{} in the place of {status}: {body}", answer.status))
    }
}

/// What stands in a page behind `mark`, to the next quotation mark.
fn after<'h>(html: &'h str, mark: &str) -> Option<&'h str> {
    let (_, rest) = html.split_once(mark)?;
    rest.split('"').next()
}
