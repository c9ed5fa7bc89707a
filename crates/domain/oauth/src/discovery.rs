//! What a pool's issuer says of itself: OpenID Connect Discovery 1.0 and RFC 8414, one document for both. Cognito's members in its order,
//! and what clients miss among them. Reference: oauth-and-federation 2.

use serde_json::{Map, Value, json};
use userpool::hosted::{Proofs, Pushed, Switches};
use vault::jws::Signature;

use crate::device::DEVICE_CODE;

/// Where a pool's endpoints are: all that its document says of it alone.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Endpoints {
    /// As tokens say it.
    pub issuer: String,
    pub jwks_uri: String,
    /// Of the pool's domain, without a slash at its end. None: it has none, and its endpoints are named but not served.
    pub domain: Option<String>,
    /// What the pool calls its levels of assurance.
    pub levels: Vec<String>,
    /// What it does beyond Cognito.
    pub switches: Switches,
    /// Whether clients may register themselves.
    pub registers: bool,
}

/// By which proofs of possession may be signed.
pub const PROOF_ALGORITHMS: [&str; 10] = Signature::NAMES;

/// The languages of the pages.
const LOCALES: [&str; 12] = [
    "de", "en", "es", "fr", "id", "it", "ja", "ko", "pt-BR", "tr", "zh-CN", "zh-TW",
];

pub fn document(endpoints: &Endpoints) -> Value {
    let Endpoints {
        issuer,
        jwks_uri,
        levels,
        switches,
        ..
    } = endpoints;
    let modes: &[&str] = if switches.form_post {
        &["query", "fragment", "form_post"]
    } else {
        &["query", "fragment"]
    };
    let mut grants = vec!["authorization_code", "implicit", "refresh_token", "client_credentials"];
    if switches.device_grant {
        grants.push(DEVICE_CODE);
    }
    let at = |path: &str, bare: &str| endpoints.at(path, bare);
    let mut document = json!({
        "acr_values_supported": levels,
        "authorization_endpoint": at("/oauth2/authorize", "/authorize"),
        "authorization_response_iss_parameter_supported": switches.iss,
        "claims_parameter_supported": false,
        "claims_supported": [
            "sub", "iss", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "at_hash", "token_use", "cognito:username",
            "cognito:groups", "email", "email_verified", "phone_number", "phone_number_verified", "name", "family_name", "given_name",
            "middle_name", "nickname", "preferred_username", "profile", "picture", "website", "gender", "birthdate", "zoneinfo", "locale",
            "updated_at",
        ],
        "code_challenge_methods_supported": ["S256"],
        "end_session_endpoint": at("/logout", "/logout"),
        "grant_types_supported": grants,
        "id_token_signing_alg_values_supported": ["RS256"],
        "issuer": issuer,
        "jwks_uri": jwks_uri,
        "request_parameter_supported": false,
        "request_uri_parameter_supported": false,
        "response_modes_supported": modes,
        "response_types_supported": ["code", "token"],
        "revocation_endpoint": at("/oauth2/revoke", "/revoke"),
        "revocation_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
        "scopes_supported": ["openid", "email", "phone", "profile"],
        "subject_types_supported": ["public"],
        "token_endpoint": at("/oauth2/token", "/token"),
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
        "ui_locales_supported": LOCALES,
        "userinfo_endpoint": at("/oauth2/userInfo", "/userInfo"),
    });
    if let Some(members) = document.as_object_mut() {
        members.extend(beyond(endpoints));
    }
    document
}

impl Endpoints {
    /// `bare`: beneath the issuer, where there is no domain.
    fn at(&self, path: &str, bare: &str) -> String {
        match &self.domain {
            Some(domain) => format!("{domain}{path}"),
            None => format!("{}{bare}", self.issuer),
        }
    }
}

/// The members of what is turned on, in the place of Cognito's where they have the same name.
fn beyond(endpoints: &Endpoints) -> Map<String, Value> {
    let Endpoints { switches, .. } = endpoints;
    let mut members = Map::new();
    let mut put = |name: &str, value: Value| {
        members.insert(name.to_owned(), value);
    };
    let mut confidential = vec!["client_secret_basic", "client_secret_post"];
    if switches.private_key_jwt {
        confidential.push("private_key_jwt");
        let any: Vec<&str> = confidential.iter().copied().chain(["none"]).collect();
        for endpoint in ["token", "revocation"] {
            put(&format!("{endpoint}_endpoint_auth_methods_supported"), json!(any));
            put(&signing_algorithms(endpoint), json!(Signature::NAMES));
        }
    }
    if switches.introspection {
        let at = endpoints.at("/oauth2/introspect", "/introspect");
        put("introspection_endpoint", json!(at));
        put("introspection_endpoint_auth_methods_supported", json!(confidential));
        if switches.private_key_jwt {
            put(&signing_algorithms("introspection"), json!(Signature::NAMES));
        }
    }
    if switches.proofs != Proofs::Off {
        put("dpop_signing_alg_values_supported", json!(PROOF_ALGORITHMS));
    }
    if switches.pushed != Pushed::Off {
        let is_required = switches.pushed == Pushed::Required;
        let at = endpoints.at("/oauth2/par", "/par");
        put("pushed_authorization_request_endpoint", json!(at));
        put("require_pushed_authorization_requests", json!(is_required));
    }
    if switches.device_grant {
        let at = endpoints.at("/oauth2/device_authorization", "/device_authorization");
        put("device_authorization_endpoint", json!(at));
    }
    if switches.backchannel_logout {
        put("backchannel_logout_supported", json!(true));
        put("backchannel_logout_session_supported", json!(true));
    }
    if endpoints.registers && endpoints.domain.is_some() {
        put(
            "registration_endpoint",
            json!(endpoints.at("/oauth2/register", "/register")),
        );
    }
    members
}

fn signing_algorithms(endpoint: &str) -> String {
    format!("{endpoint}_endpoint_auth_signing_alg_values_supported")
}
