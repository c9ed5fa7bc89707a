//! Clients that register themselves. Reference: RFC 7591; user-pools 15.4.

use std::time::Duration;

use kernel::Clock as _;
use serde_json::{Value, json};

use super::{AT, Browser, CALLBACK, CHALLENGE, Draft, Got, Hosted, parameter};

const DAY: Duration = Duration::from_secs(24 * 3600);

pub(super) fn open() -> Value {
    json!({"DcrConfiguration": {"OpenDcrEnabled": true}})
}

pub(super) async fn register(hosted: &Hosted, token: Option<&str>, metadata: &Value) -> Got {
    let draft = Draft::new("POST", &format!("{AT}/oauth2/register"))
        .header("content-type", "application/json")
        .with_body(&metadata.to_string());
    let draft = match token {
        Some(token) => draft.header("authorization", &format!("Bearer {token}")),
        None => draft,
    };
    hosted.rig.send(draft).await
}

pub(super) fn app() -> Value {
    json!({"client_name": "Notes <b>", "redirect_uris": [CALLBACK], "token_endpoint_auth_method": "none"})
}

#[tokio::test]
async fn anybodys_client_is_registered_where_the_pool_is_open() {
    let hosted = Hosted::with(json!({}), open()).await;
    let got = register(&hosted, None, &app()).await;
    assert_eq!((got.status, got.header("access-control-allow-origin")), (201, "*"));
    assert!(got.header("cache-control").contains("no-store"));
    let mut is = got.json();
    let id = is["client_id"].take().as_str().unwrap().to_owned();
    is["client_id_issued_at"].take();
    assert_eq!(
        is,
        json!({
            "client_id": null, "client_id_issued_at": null, "client_name": "Notes b", "redirect_uris": [CALLBACK],
            "grant_types": ["authorization_code", "refresh_token"], "response_types": ["code"],
            "scope": "openid email phone profile", "token_endpoint_auth_method": "none",
        })
    );
    let described = hosted
        .call(
            "DescribeUserPoolClient",
            json!({"UserPoolId": hosted.pool, "ClientId": id}),
        )
        .await;
    assert_eq!(described["UserPoolClient"]["ClientType"], "DCR");
    let listed = hosted
        .call(
            "ListUserPoolClients",
            json!({"UserPoolId": hosted.pool, "ClientType": "DCR"}),
        )
        .await;
    assert_eq!(listed["UserPoolClients"].as_array().unwrap().len(), 1);
    assert!(
        hosted.discovered().await["registration_endpoint"]
            .as_str()
            .unwrap()
            .ends_with("/oauth2/register")
    );

    // With a secret, by default.
    let is = register(
        &hosted,
        None,
        &json!({"redirect_uris": [CALLBACK], "scope": "email openid other"}),
    )
    .await
    .json();
    assert_eq!(is["token_endpoint_auth_method"], "client_secret_basic");
    assert!(is["client_secret"].as_str().unwrap().len() > 40);
    assert_eq!(
        (&is["client_secret_expires_at"], &is["scope"]),
        (&json!(0), &json!("openid email"))
    );
}

#[tokio::test]
async fn what_does_not_fit_is_refused() {
    let hosted = Hosted::with(json!({}), open()).await;
    let with = |name: &str, value: Value| testkit::merged(app(), json!({name: value}));
    for (metadata, error) in [
        (json!({}), "invalid_redirect_uri"),
        (json!([]), "invalid_client_metadata"),
        (
            with("redirect_uris", json!(["http://app.example.com/"])),
            "invalid_redirect_uri",
        ),
        (
            with("redirect_uris", json!(["https://app.example.com/#x"])),
            "invalid_redirect_uri",
        ),
        (
            with("redirect_uris", json!(["javascript:alert(1)"])),
            "invalid_redirect_uri",
        ),
        (
            with("redirect_uris", json!(vec![CALLBACK; 101])),
            "invalid_redirect_uri",
        ),
        (
            with(
                "redirect_uris",
                json!([format!("https://a.example/{}", "x".repeat(1024))]),
            ),
            "invalid_redirect_uri",
        ),
        (with("redirect_uris", json!(CALLBACK)), "invalid_client_metadata"),
        (with("redirect_uris", json!([1])), "invalid_client_metadata"),
        (with("client_name", json!(1)), "invalid_client_metadata"),
        (
            with("client_name", json!(format!("Bank{}", "\u{334}".repeat(9)))),
            "invalid_client_metadata",
        ),
        (
            with("grant_types", json!(["client_credentials"])),
            "invalid_client_metadata",
        ),
        (with("grant_types", json!(["password"])), "invalid_client_metadata"),
        (
            with("scope", json!("aws.cognito.signin.user.admin")),
            "invalid_client_metadata",
        ),
        (
            with("token_endpoint_auth_method", json!("private_key_jwt")),
            "invalid_client_metadata",
        ),
    ] {
        let got = register(&hosted, None, &metadata).await;
        assert_eq!(
            (got.status, &got.json()["error"]),
            (400, &json!(error)),
            "{metadata}: {}",
            got.body
        );
    }
    let huge = with("client_name", json!("x".repeat(20_000)));
    assert_eq!(register(&hosted, None, &huge).await.status, 413);
    let draft = Draft::new("POST", &format!("{AT}/oauth2/register")).with_body("{");
    assert_eq!(hosted.rig.send(draft).await.status, 400);
}

#[tokio::test]
async fn whoever_brings_a_token_is_vouched_for() {
    let settings = json!({"DcrConfiguration": {"AllowedScopes": ["openid", "notes/read"]}});
    let hosted = Hosted::with(json!({}), settings).await;
    let got = register(&hosted, None, &app()).await;
    assert_eq!((got.status, got.header("www-authenticate")), (401, "Bearer"));
    let scopes = json!([{"ScopeName": "read", "ScopeDescription": "x"}]);
    let server = json!({"UserPoolId": hosted.pool, "Identifier": "notes", "Name": "x", "Scopes": scopes});
    hosted.call("CreateResourceServer", server).await;
    let mut tokens = Vec::new();
    for scope in ["aws.cognito/dcr/register", "notes/read"] {
        let (id, secret) = hosted
            .client(json!({
                "GenerateSecret": true, "AllowedOAuthFlows": ["client_credentials"], "AllowedOAuthScopes": [scope], "CallbackURLs": [],
            }))
            .await;
        let form = format!("grant_type=client_credentials&client_id={id}&client_secret={secret}");
        let made = hosted.post("/oauth2/token", &form, None).await.ok().json();
        tokens.push(made["access_token"].as_str().unwrap().to_owned());
    }
    let is = register(&hosted, Some(&tokens[0]), &app()).await;
    assert_eq!(is.status, 201, "{}", is.body);
    assert_eq!(is.json()["scope"], "openid email phone profile notes/read");
    let machine = json!({"grant_types": ["client_credentials"]});
    let is = register(&hosted, Some(&tokens[0]), &machine).await.json();
    assert_eq!(
        (&is["grant_types"], &is["scope"]),
        (&json!(["client_credentials"]), &json!("notes/read"))
    );
    let form = format!(
        "grant_type=client_credentials&client_id={}&client_secret={}",
        is["client_id"].as_str().unwrap(),
        is["client_secret"].as_str().unwrap()
    );
    hosted.post("/oauth2/token", &form, None).await.ok();
    let got = register(
        &hosted,
        Some(&tokens[0]),
        &json!({"grant_types": ["client_credentials"], "token_endpoint_auth_method": "none"}),
    )
    .await;
    assert_eq!(
        (got.status, &got.json()["error"]),
        (400, &json!("invalid_client_metadata")),
        "a machine has a secret"
    );

    let got = register(&hosted, Some(&tokens[1]), &app()).await;
    assert_eq!(
        (got.status, got.header("www-authenticate")),
        (403, "Bearer error=\"insufficient_scope\"")
    );
    let got = register(&hosted, Some("x"), &app()).await;
    assert_eq!(
        (got.status, got.header("www-authenticate")),
        (401, "Bearer error=\"invalid_token\"")
    );
    hosted.rig.world.advance(Duration::from_secs(3601));
    assert_eq!(register(&hosted, Some(&tokens[0]), &app()).await.status, 401, "expired");
}

#[tokio::test]
async fn so_many_come_in_an_hour() {
    let hosted = Hosted::with(json!({"poolhouse:registrations-an-hour": "2"}), open()).await;
    for status in [201, 201, 429, 429] {
        assert_eq!(register(&hosted, None, &app()).await.status, status);
    }
    hosted.rig.world.advance(Duration::from_secs(3601));
    assert_eq!(register(&hosted, None, &app()).await.status, 201);
}

/// A pool's client that registered itself, in the place of its own.
async fn registered() -> Hosted {
    let hosted = Hosted::with(json!({}), open()).await;
    let is = register(&hosted, None, &app()).await.json();
    Hosted {
        client: is["client_id"].as_str().unwrap().to_owned(),
        ..hosted
    }
}

#[tokio::test]
async fn nobody_is_signed_in_by_it_unasked() {
    let hosted = registered().await;
    let browser = &mut Browser::default();
    let query = hosted.query(&format!("&code_challenge={CHALLENGE}&code_challenge_method=S256"));
    let page = hosted.signed_in(browser, &query).await.ok();
    assert!(
        page.body.contains("Connect Notes b?") && page.body.contains("app.example.com"),
        "{}",
        page.body
    );

    // With a session of the browser there is the question alone, and never silence.
    let got = hosted.open(browser, &format!("/oauth2/authorize?{query}")).await.ok();
    assert!(got.body.contains("Connect Notes b?"));
    let got = hosted.open(browser, &format!("/login?{query}")).await.ok();
    assert!(got.body.contains("Connect Notes b?"));
    let got = hosted
        .open(browser, &format!("/oauth2/authorize?{query}&prompt=none"))
        .await;
    assert_eq!((got.status, got.header("location")), (400, ""));
    assert!(got.body.contains("consent_required"), "{}", got.body);
    for form in ["step=continue", "step=consent", "step=consent&answer=no"] {
        let got = hosted.send(browser, &format!("/login?{query}"), form).await;
        assert!(!got.header("location").contains("code="), "{form}");
    }
    let mut foreign = browser.clone();
    foreign.cookies.retain(|(name, _)| name != "XSRF-TOKEN");
    let got = hosted
        .send(&mut foreign, &format!("/login?{query}"), "step=consent&answer=yes")
        .await;
    assert_eq!(got.header("location"), "", "another site's form");
    let got = hosted
        .send(
            &mut Browser::default(),
            &format!("/login?{query}"),
            "step=consent&answer=yes",
        )
        .await;
    assert_eq!(got.header("location"), "", "nobody has signed in");

    let got = hosted
        .send(browser, &format!("/login?{query}"), "step=consent&answer=yes")
        .await;
    let code = parameter(got.header("location"), "code").unwrap();
    let tokens = hosted
        .traded(&hosted.client, &code, "https%3A%2F%2Fapp.example.com%2Fcb")
        .await;
    let form = format!(
        "grant_type=refresh_token&client_id={}&refresh_token={}",
        hosted.client,
        tokens["refresh_token"].as_str().unwrap()
    );
    let again = hosted.post("/oauth2/token", &form, None).await.ok().json();
    assert_ne!(
        again["refresh_token"], tokens["refresh_token"],
        "a public client's is good once"
    );
}

#[tokio::test]
async fn a_password_is_not_the_apps_to_ask_for() {
    let hosted = registered().await;
    for flow in ["USER_PASSWORD_AUTH", "USER_SRP_AUTH", "CUSTOM_AUTH"] {
        let input = json!({
            "ClientId": hosted.client, "AuthFlow": flow,
            "AuthParameters": {"USERNAME": "ana", "PASSWORD": "Passw0rd!", "SRP_A": "ab"},
        });
        assert_eq!(hosted.rig.public("InitiateAuth", input).await.status, 400, "{flow}");
    }
}

#[tokio::test]
async fn what_nobody_uses_goes_again() {
    let hosted = registered().await;
    let used = hosted.client.clone();
    let browser = &mut Browser::default();
    let query = hosted.query(&format!("&code_challenge={CHALLENGE}&code_challenge_method=S256"));
    hosted.signed_in(browser, &query).await.ok();
    let got = hosted
        .send(browser, &format!("/login?{query}"), "step=consent&answer=yes")
        .await;
    let code = parameter(got.header("location"), "code").unwrap();
    hosted.traded(&used, &code, "https%3A%2F%2Fapp.example.com%2Fcb").await;
    let unused = register(&hosted, None, &app()).await.json()["client_id"]
        .as_str()
        .unwrap()
        .to_owned();
    let adopted = register(&hosted, None, &app()).await.json()["client_id"]
        .as_str()
        .unwrap()
        .to_owned();
    let update = json!({
        "UserPoolId": hosted.pool, "ClientId": adopted, "AllowedOAuthFlowsUserPoolClient": true, "AllowedOAuthFlows": ["code"],
        "AllowedOAuthScopes": ["openid"], "CallbackURLs": [CALLBACK],
    });
    let updated = hosted.call("UpdateUserPoolClient", update).await;
    assert_eq!(
        updated["UserPoolClient"]["ClientType"], "DCR",
        "whoever adopts it, it is what it is"
    );
    let left = async || {
        hosted
            .rig
            .app
            .user_pools
            .sweep(hosted.rig.world.clock.now())
            .await
            .unwrap();
        let mut left = Vec::new();
        for id in [&used, &unused, &adopted] {
            let input = json!({"UserPoolId": hosted.pool, "ClientId": id});
            let got = hosted
                .rig
                .idp(&super::Key::unknown(), "DescribeUserPoolClient", input)
                .await;
            left.push(got.status == 200);
        }
        left
    };
    assert_eq!(left().await, [true, true, true]);
    hosted.rig.world.advance(DAY * 7 + Duration::from_secs(1));
    assert_eq!(left().await, [true, false, true]);
    hosted.rig.world.advance(DAY * 84);
    assert_eq!(left().await, [false, false, true]);
}
