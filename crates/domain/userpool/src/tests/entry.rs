//! Signing in as an SDK does: flows, challenges, SRP's arithmetic; and tokens as a stock library reads them.

use jsonwebtoken::{DecodingKey, Validation, jwk::JwkSet};
use kernel::{Clock, PoolId, SystemRng};
use serde_json::{Map, Value, json};
use testkit::{Answer, merged, text};
use vault::srp::{Challenge, Client, Identity};

use super::{app::App, people::People};

pub(crate) const WRONG: (&str, &str) = ("NotAuthorizedException", "Incorrect username or password.");
pub(crate) const EXCEEDED: (&str, &str) = ("NotAuthorizedException", "Password attempts exceeded");
pub(crate) const EXPIRED_SESSION: (&str, &str) = (
    "NotAuthorizedException",
    "Invalid session for the user, session is expired.",
);
pub(crate) const INVALID_SESSION: (&str, &str) = ("NotAuthorizedException", "Invalid session for the user.");
pub(crate) const USED_SESSION: (&str, &str) = (
    "NotAuthorizedException",
    "Invalid session for the user, session can only be used once.",
);

/// Every flow that a client of these tests may want.
pub(crate) fn all_flows() -> Value {
    json!({"ExplicitAuthFlows": [
        "ALLOW_USER_SRP_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_USER_AUTH",
        "ALLOW_CUSTOM_AUTH", "ALLOW_REFRESH_TOKEN_AUTH",
    ]})
}

/// An answer to PASSWORD_VERIFIER, ready to be sent.
#[derive(Clone, Debug)]
pub(crate) struct Proof {
    pub responses: Value,
    pub session: Option<String>,
    pub challenge: Value,
}

impl Proof {
    pub fn with(&self, changes: Value) -> Self {
        Self {
            responses: merged(self.responses.clone(), changes),
            ..self.clone()
        }
    }
}

impl People {
    /// The client may use every flow.
    pub async fn with_all_flows(pool: Value, client: Value) -> Self {
        Self::with(pool, merged(all_flows(), client)).await
    }

    pub async fn initiate(&self, flow: &str, parameters: Value) -> Answer {
        self.public("InitiateAuth", json!({"AuthFlow": flow, "AuthParameters": parameters}))
            .await
    }

    pub async fn admin_initiate(&self, flow: &str, parameters: Value) -> Answer {
        let input = json!({"ClientId": self.client, "AuthFlow": flow, "AuthParameters": parameters});
        self.admin("AdminInitiateAuth", input).await
    }

    pub async fn respond(&self, challenge: &str, session: Option<&str>, responses: Value) -> Answer {
        self.public("RespondToAuthChallenge", response(challenge, session, &responses))
            .await
    }

    pub async fn admin_respond(&self, challenge: &str, session: Option<&str>, responses: Value) -> Answer {
        let input = merged(
            response(challenge, session, &responses),
            json!({"ClientId": self.client}),
        );
        self.admin("AdminRespondToAuthChallenge", input).await
    }

    /// The time as clients spell it.
    pub fn timestamp(&self) -> String {
        self.app
            .clock
            .wall()
            .to_jiff()
            .strftime("%a %b %-d %H:%M:%S UTC %Y")
            .to_string()
    }

    /// SRP up to the proof.
    pub async fn srp(&self, name: &str, password: &str) -> Proof {
        let client = Client::new(&SystemRng);
        let started = self
            .initiate("USER_SRP_AUTH", json!({"USERNAME": name, "SRP_A": client.public_hex()}))
            .await
            .ok();
        self.proof(&client, started, password)
    }

    pub fn proof(&self, client: &Client, started: Value, password: &str) -> Proof {
        assert_eq!(started["ChallengeName"], "PASSWORD_VERIFIER", "{started}");
        let parameter = |name: &str| text(&started["ChallengeParameters"], &format!("/{name}"));
        let (salt, srp_b, secret_block) = (parameter("SALT"), parameter("SRP_B"), parameter("SECRET_BLOCK"));
        let (user_id, pool) = (parameter("USER_ID_FOR_SRP"), PoolId::new(self.pool.as_str()));
        let identity = Identity {
            pool_name: pool.short_name(),
            user_id: &user_id,
        };
        let timestamp = self.timestamp();
        let challenge = Challenge {
            salt: &salt,
            srp_b: &srp_b,
            secret_block: &secret_block,
        };
        let signature = client.answer(identity, password, challenge, &timestamp).unwrap();
        Proof {
            responses: json!({
                "USERNAME": user_id,
                "PASSWORD_CLAIM_SECRET_BLOCK": secret_block,
                "PASSWORD_CLAIM_SIGNATURE": signature,
                "TIMESTAMP": timestamp,
            }),
            session: started["Session"].as_str().map(str::to_owned),
            challenge: started,
        }
    }

    pub async fn prove(&self, proof: &Proof) -> Answer {
        self.respond("PASSWORD_VERIFIER", proof.session.as_deref(), proof.responses.clone())
            .await
    }

    pub async fn sign_in_by_srp(&self, name: &str, password: &str) -> Answer {
        self.prove(&self.srp(name, password).await).await
    }

    /// AuthenticationResult of a user who signs in by password.
    pub async fn tokens(&self, name: &str) -> Value {
        self.sign_in(name, super::people::PASSWORD).await.ok()["AuthenticationResult"].clone()
    }

    /// With a temporary password; no message.
    pub async fn invited(&self, name: &str, password: &str, attributes: &[(&str, &str)]) {
        let input = json!({
            "Username": name, "TemporaryPassword": password, "MessageAction": "SUPPRESS",
            "UserAttributes": super::people::list(attributes),
        });
        self.admin("AdminCreateUser", input).await.ok();
    }

    pub async fn refresh(&self, token: &str) -> Answer {
        self.initiate("REFRESH_TOKEN_AUTH", json!({"REFRESH_TOKEN": token}))
            .await
    }

    pub async fn get_tokens(&self, token: &str) -> Answer {
        self.public("GetTokensFromRefreshToken", json!({"RefreshToken": token}))
            .await
    }

    pub async fn get_user(&self, access_token: &str) -> Answer {
        self.with_token(access_token, "GetUser", json!({})).await
    }

    /// What a token says, by `jsonwebtoken` and our key set, with the issuer that discovery names.
    pub async fn claims(&self, token: &str) -> Map<String, Value> {
        read(&self.app, &self.pool, token).await
    }
}

async fn read(app: &App, pool: &str, token: &str) -> Map<String, Value> {
    let keys: JwkSet = serde_json::from_str(&app.tokens.jwks(pool).await.unwrap().unwrap()).unwrap();
    let header = jsonwebtoken::decode_header(token).unwrap();
    let key = keys
        .find(header.kid.as_deref().unwrap())
        .expect("the kid is in the key set");
    let mut validation = Validation::new(jsonwebtoken::Algorithm::RS256);
    validation.set_issuer(&[app.tokens.issuer(&app.cx(), &PoolId::new(pool)).await.unwrap().unwrap()]);
    validation.validate_aud = false;
    // The library reads the machine's clock, which is not the test's.
    validation.validate_exp = false;
    let key = DecodingKey::from_jwk(key).unwrap();
    jsonwebtoken::decode::<Map<String, Value>>(token, &key, &validation)
        .unwrap()
        .claims
}

fn response(challenge: &str, session: Option<&str>, responses: &Value) -> Value {
    let mut input = json!({"ChallengeName": challenge, "ChallengeResponses": responses});
    if let Some(session) = session {
        input["Session"] = json!(session);
    }
    input
}

/// What a client computes of its secret. Reference: user-pools 3.2.
pub(crate) fn secret_hash(secret: &str, username: &str, client: &str) -> String {
    vault::secret_hash(secret, username, client)
}
