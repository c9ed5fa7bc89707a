//! Requests that nobody wrote: each is answered, guarded, and leads to none but the listed addresses. Reference: oauth-and-federation 17.1.

use proptest::{
    collection::vec,
    prelude::*,
    sample::select,
    test_runner::{Config, TestRunner},
};
use serde_json::{Value, json};
use tokio::runtime::{Builder, Runtime};

use super::{CALLBACK, Draft, LOGOUT, Site, encoded};

const PATHS: &str = "/oauth2/authorize /authorize /login /signup /confirm /resendcode /forgotPassword /confirmforgotPassword /logout /error \
    /oauth2/token /oauth2/revoke /oauth2/userInfo /oauth2/introspect /oauth2/par /oauth2/register /confirmUser /assets/x/y \
    /.well-known/oauth-protected-resource /device /oauth2/device_authorization /oauth2/idpresponse /saml2/idpresponse \
    /saml2/metadata/us-east-1_AbCdEfGhI";

const NAMES: &str = "client_id redirect_uri response_type response_mode scope state nonce prompt max_age acr_values login_hint lang \
    ui_locales code_challenge code_challenge_method request_uri resource id_token_hint post_logout_redirect_uri logout_uri \
    grant_type code code_verifier refresh_token token username password session step _csrf identity_provider idp_identifier \
    error user_name user_code device_code SAMLResponse RelayState provider";

const VALUES: [&str; 22] = [
    CALLBACK,
    LOGOUT,
    "https://evil.example/",
    "code",
    "token",
    "openid email",
    "none",
    "login",
    "form_post",
    "fragment",
    "S256",
    "0",
    "-1",
    "99999999999999999999",
    "authorization_code",
    "refresh_token",
    "client_credentials",
    "urn:ietf:params:oauth:grant-type:token-exchange",
    "a.b.c",
    "a.b.c.d.e",
    "e30.e30.",
    "de",
];

fn words(text: &'static str) -> Vec<&'static str> {
    text.split_whitespace().collect()
}

fn runner(cases: u32) -> (Runtime, TestRunner) {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let config = Config {
        cases,
        failure_persistence: None,
        ..Config::default()
    };
    (runtime, TestRunner::new(config))
}

fn pairs() -> impl Strategy<Value = Vec<(String, String)>> {
    let name = prop_oneof![9 => select(words(NAMES)).prop_map(str::to_owned), 1 => ".{0,8}"];
    let value = prop_oneof![4 => select(VALUES.to_vec()).prop_map(str::to_owned), 1 => ".{0,40}", 1 => "[!-~]{0,40}"];
    vec((name, value), 0..8)
}

/// A listed address that was bent somewhere.
fn bent() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        select(vec![
            "/",
            "//",
            "\\",
            "@",
            "#",
            "?",
            "%2f",
            "%2e%2e",
            ".",
            "..",
            ":443",
            ":",
            "evil.example",
            "https://",
            "\u{ff0e}",
            "\u{200b}",
            "\t",
            "\r\n",
            " ",
            "\0",
            "&redirect_uri=https://evil.example/",
            ";",
            "a",
        ])
        .prop_map(str::to_owned),
        ".{1,4}",
    ];
    (0..=CALLBACK.len(), 0..4_usize, piece).prop_map(|(at, cut, piece)| {
        let (before, after) = CALLBACK.split_at(at);
        format!("{before}{piece}{}", after.get(cut..).unwrap_or_default())
    })
}

#[test]
fn a_bent_address_is_led_to_by_nobody() {
    let (runtime, mut runner) = runner(300);
    let site = runtime.block_on(Site::new());
    let case = (
        bent(),
        select(vec!["code", "token", "", "x"]),
        select(vec!["none", "login", ""]),
    );
    runner
        .run(&case, |(uri, response_type, prompt)| {
            let more = [
                ("redirect_uri", uri.as_str()),
                ("response_type", response_type),
                ("prompt", prompt),
            ];
            let query = site.app.request(&more);
            for path in ["/oauth2/authorize", "/login", "/signup"] {
                let got = runtime.block_on(site.browser().get(&format!("{path}?{query}")));
                let location = got.header("location");
                let is_ours = location.is_empty() || (location.starts_with('/') && !location.starts_with("//"));
                prop_assert!(uri == CALLBACK || is_ours, "{path} {uri:?}: {location}");
                prop_assert!(got.status < 500);
            }
            Ok(())
        })
        .unwrap();
}

#[test]
fn whatever_is_asked_is_answered() {
    let (runtime, mut runner) = runner(600);
    let tags = json!({"UserPoolTags": {
        "poolhouse:introspection": "on", "poolhouse:par": "on", "poolhouse:form-post": "on", "poolhouse:iss": "on", "poolhouse:resource-metadata": "on",
        "poolhouse:unknown-scopes": "ignore", "poolhouse:loopback-ports": "on", "poolhouse:openid": "strict",
        "poolhouse:device-grant": "on",
    }});
    let site = runtime.block_on(Site::with(tags, json!({})));
    let header = prop_oneof![
        ("[Bb]asic |[Bb]earer |DPoP |", "[A-Za-z0-9+/=:.]{0,60}")
            .prop_map(|(scheme, rest)| ("authorization", format!("{scheme}{rest}"))),
        "[ -~]{0,60}".prop_map(|text| ("cookie", text)),
        "[ -~]{0,40}".prop_map(|text| ("accept-language", text)),
        select(vec!["same-origin", "cross-site", "none", "x"]).prop_map(|text| ("sec-fetch-site", text.to_owned())),
        select(vec![
            "application/json",
            "application/x-www-form-urlencoded; charset=utf-8",
            "multipart/form-data",
            ""
        ])
        .prop_map(|text| ("content-type", text.to_owned())),
    ];
    let case = (
        select(words(PATHS)),
        any::<bool>(),
        any::<bool>(),
        pairs(),
        pairs(),
        vec(header, 0..3),
    );
    runner
        .run(&case, |(path, is_post, is_known, query, form, headers)| {
            let mut query = query;
            if is_known {
                query.insert(0, ("client_id".to_owned(), site.app.id.clone()));
                query.insert(1, ("redirect_uri".to_owned(), CALLBACK.to_owned()));
            }
            let draft = Draft::new(
                if is_post { "POST" } else { "GET" },
                &format!("{path}?{}", encoded(&query)),
            );
            let mut draft = draft.header("content-type", "application/x-www-form-urlencoded");
            for (name, value) in &headers {
                draft = draft.header(name, value);
            }
            draft = draft.header("host", &site.at.host);
            if is_post {
                draft = draft.with_body(&encoded(&form));
            }
            let got = runtime.block_on(site.send(draft));
            prop_assert!(got.status < 500, "{path}: {} {}", got.status, got.body);
            let location = got.header("location");
            let leads = ["/error", "/login", "/forgotPassword", "/device", CALLBACK, LOGOUT];
            prop_assert!(
                location.is_empty() || leads.iter().any(|start| location.starts_with(start)),
                "{path}: {location}"
            );
            prop_assert!(got.body.len() < 200_000);
            prop_assert!(
                !got.header("set-cookie").contains("cognito=") || got.header("set-cookie").contains("cognito=;"),
                "nobody is signed in"
            );
            if path != "/confirmUser" && !path.starts_with("/assets") {
                prop_assert_eq!(got.header("x-frame-options"), "DENY");
                prop_assert_eq!(got.header("x-content-type-options"), "nosniff");
            }
            Ok(())
        })
        .unwrap();
}

/// Metadata of RFC 7591 and its like.
fn metadata() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        select(VALUES.to_vec()).prop_map(Value::from),
        select(vec![
            "none",
            "client_secret_basic",
            "client_secret_post",
            "private_key_jwt",
            "javascript:alert(1)",
            "http://app.example.com/",
            "myapp:/x"
        ])
        .prop_map(Value::from),
        ".{0,20}".prop_map(Value::from),
    ];
    let value = leaf.prop_recursive(3, 20, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec((".{0,6}", inner), 0..3).prop_map(|members| members.into_iter().collect())
        ]
    });
    let name = prop_oneof![
        8 => select(vec![
            "redirect_uris", "client_name", "grant_types", "response_types", "scope", "token_endpoint_auth_method", "client_uri", "logo_uri", "contacts",
            "jwks", "jwks_uri", "software_statement", "client_id", "client_secret",
        ]).prop_map(str::to_owned),
        1 => ".{0,8}",
    ];
    vec((name, value), 0..7).prop_map(|members| members.into_iter().collect())
}

#[test]
fn whoever_registers_is_answered_in_json() {
    let (runtime, mut runner) = runner(250);
    let pool = json!({"DcrConfiguration": {"OpenDcrEnabled": true}, "UserPoolTags": {"poolhouse:registrations-an-hour": "1000"}});
    let site = runtime.block_on(Site::with(pool, json!({})));
    let body = prop_oneof![5 => metadata().prop_map(|value| value.to_string()), 1 => "[\\[\\]{}\",:a-z0-9\\\\]{0,60}"];
    runner
        .run(&body, |body| {
            let draft = Draft::new("POST", "/oauth2/register").header("content-type", "application/json");
            let got = runtime.block_on(site.send(draft.header("host", &site.at.host).with_body(&body)));
            prop_assert!([201, 400].contains(&got.status), "{} {}: {body}", got.status, got.body);
            let answer: Value = serde_json::from_str(&got.body).unwrap();
            if got.status == 400 {
                prop_assert!(answer["error"].is_string());
                return Ok(());
            }
            prop_assert_ne!(&answer["client_id"], &json!(site.app.id));
            for uri in answer["redirect_uris"].as_array().unwrap() {
                let uri = uri.as_str().unwrap();
                prop_assert!(
                    !uri.starts_with("javascript:") && !uri.contains('#') && !uri.starts_with("http://app"),
                    "{uri}"
                );
            }
            Ok(())
        })
        .unwrap();
}
