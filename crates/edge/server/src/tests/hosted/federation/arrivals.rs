//! Who comes from a provider is signed in as after a password, once a visit. Reference: oauth-and-federation 3.1, 3.2, 4.

use serde_json::json;

use super::{Abroad, App, Browser, Got, NAME, encoded, parameter, state, told};
use crate::tests::hosted::{
    CALLBACK,
    jwt::claims,
    site::{code, refused},
};

const DONE: &str = "error_description=Exception+processing+authorization+code&state=a-state&error=server_error";

/// What an app's endpoint answers at once.
async fn asked(browser: &mut Browser<'_>, app: &App, more: &[(&str, &str)]) -> Got {
    browser.get(&format!("/oauth2/authorize?{}", app.request(more))).await
}

/// The code that an app has of somebody who came from the provider.
async fn arrived(abroad: &Abroad, browser: &mut Browser<'_>) -> String {
    let asked = abroad.leave(browser, &[]).await;
    let got = abroad.arrive(browser, &asked).await;
    parameter(&got, "code").unwrap_or_else(|| panic!("{} {}", got.header("location"), got.body))
}

#[tokio::test]
async fn an_app_has_tokens_of_who_comes_from_a_provider() {
    let abroad = Abroad::new().await;
    let browser = &mut abroad.browser();
    let asked = abroad.leave(browser, &[]).await;
    let got = abroad.arrive(browser, &asked).await;
    let code = parameter(&got, "code").unwrap();
    assert_eq!(told(&got), format!("code={code}&state=a-state"));
    let trade = abroad.idp.state().trades[0].clone();
    assert_eq!(
        (trade.get("grant_type"), trade.get("client_secret")),
        (Some("authorization_code"), Some("a secret of ours"))
    );

    let tokens = abroad.trade(&abroad.at, &abroad.app, &code).await.ok().json();
    let info = abroad
        .user_info(&abroad.at, tokens["access_token"].as_str().unwrap())
        .await
        .ok()
        .json();
    assert_eq!(
        (&info["username"], &info["email"]),
        (&json!("Partner_248289761001"), &json!("ana@partner.example"))
    );
    refused(
        &abroad.trade(&abroad.at, &abroad.app, &code).await,
        400,
        "invalid_grant",
    );
    // The app sent none; the reference has one made up.
    assert!(claims(tokens["id_token"].as_str().unwrap())["nonce"].is_string());
    let named = json!({"UserPoolId": abroad.at.pool, "Username": "Partner_248289761001"});
    let user = abroad.call("AdminGetUser", named).await;
    assert_eq!(user["UserStatus"], "EXTERNAL_PROVIDER");
}

#[tokio::test]
async fn a_visit_is_worth_one_try() {
    let abroad = Abroad::new().await;
    let browser = &mut abroad.browser();
    let visit = abroad.leave(browser, &[]).await;
    assert!(parameter(&abroad.arrive(browser, &visit).await, "code").is_some());
    // Once more, and with a code that would be good.
    assert_eq!(told(&abroad.arrive(browser, &visit).await), DONE);
    assert_eq!(abroad.idp.state().trades.len(), 1);

    let visit = abroad.leave(&mut abroad.browser(), &[]).await;
    super::unheard(&abroad.arrive(browser, &visit).await);
    let visit = abroad.leave(browser, &[("prompt", "login")]).await;
    let cancelled = [("error", "access_denied"), ("state", state(&visit))];
    let got = abroad.back(browser, &cancelled).await;
    assert_eq!(
        told(&got),
        "error_description=access_denied&state=a-state&error=access_denied"
    );
    assert_eq!(told(&abroad.arrive(browser, &visit).await), DONE);
}

#[tokio::test]
async fn two_tabs_do_not_disturb_each_other() {
    let abroad = Abroad::new().await;
    let browser = &mut abroad.browser();
    let first = abroad.leave(browser, &[("state", "first")]).await;
    let second = abroad.leave(browser, &[("state", "second")]).await;
    for (visit, name) in [(first, "first"), (second, "second")] {
        let got = abroad.arrive(browser, &visit).await;
        assert!(parameter(&got, "code").is_some());
        assert_eq!(parameter(&got, "state").as_deref(), Some(name));
    }
}

/// A session of another client, of another provider and of the pool itself.
#[tokio::test]
async fn a_session_is_of_its_provider() {
    let abroad = Abroad::new().await;
    let browser = &mut abroad.browser();
    arrived(&abroad, browser).await;
    let of = async |providers: &[&str]| {
        abroad
            .app_of(&abroad.at, json!({ "SupportedIdentityProviders": providers }))
            .await
    };
    let (same, alone, own) = (of(&["COGNITO", NAME]).await, of(&[NAME]).await, of(&["COGNITO"]).await);
    for app in [&abroad.app, &same, &alone] {
        assert!(parameter(&asked(browser, app, &[]).await, "code").is_some());
        assert!(parameter(&asked(browser, app, &[("prompt", "none")]).await, "code").is_some());
    }
    // A client that takes nobody from there, and one that wants the pool's own.
    assert_eq!(
        told(&asked(browser, &own, &[("prompt", "none")]).await),
        "error=login_required&state=a-state"
    );
    assert!(
        asked(browser, &own, &[])
            .await
            .header("location")
            .starts_with("/login?")
    );
    let pinned = [("prompt", "none"), ("identity_provider", "COGNITO")];
    assert_eq!(
        told(&asked(browser, &same, &pinned).await),
        "error=login_required&state=a-state"
    );
    let named = [("identity_provider", NAME)];
    assert!(parameter(&asked(browser, &same, &named).await, "code").is_some());
    // Who wants a new sign-in, is sent there anew.
    let anew = asked(browser, &alone, &[("prompt", "login")]).await;
    assert_eq!(abroad.idp.asked(anew.header("location")).get("prompt"), Some("login"));

    let local = &mut abroad.browser();
    code(local, &own, &[]).await;
    assert!(parameter(&asked(local, &same, &[]).await, "code").is_some());
    abroad.idp.asked(asked(local, &same, &named).await.header("location"));
    abroad.idp.asked(asked(local, &alone, &[]).await.header("location"));
}

/// An app that wants a new sign-in has one, whatever session there is.
#[tokio::test]
async fn a_new_sign_in_is_one_of_this_visit() {
    let abroad = Abroad::new().await;
    let browser = &mut abroad.browser();
    arrived(&abroad, browser).await;
    let before = browser.cookies["cognito"].clone();
    let visit = abroad.leave(browser, &[("prompt", "login")]).await;
    let got = abroad.arrive(browser, &visit).await;
    assert!(parameter(&got, "code").is_some(), "{}", got.body);
    assert_ne!(browser.cookies["cognito"], before);
    // The session of before is over.
    let mut old = abroad.browser();
    old.cookies.insert("cognito".to_owned(), before);
    assert_eq!(
        told(&asked(&mut old, &abroad.app, &[("prompt", "none")]).await),
        "error=login_required&state=a-state"
    );
}

#[tokio::test]
async fn who_has_come_before_may_go_on_or_be_another() {
    let abroad = Abroad::new().await;
    let browser = &mut abroad.browser();
    arrived(&abroad, browser).await;
    let page = browser.get(&format!("/login?{}", abroad.app.request(&[]))).await.ok();
    assert!(
        page.body.contains("ana@partner.example") && page.body.contains(NAME),
        "{}",
        page.body
    );
    let got = browser.submit(&page, &[]).await;
    assert!(parameter(&got, "code").is_some());
    // As another: the way to the provider is open although there is a session of it.
    let others = browser.submit(&page, &[("back", "1")]).await.ok();
    let href = others.body.split_once("<a class=\"button provider").unwrap().1;
    let href = crate::tests::hosted::browser::attribute(href, "href").unwrap();
    let got = browser.get(&href).await;
    abroad.idp.asked(got.header("location"));
}

#[tokio::test]
async fn a_pushed_request_goes_to_a_provider_and_back() {
    let abroad = Abroad::with(json!({"UserPoolTags": {"poolhouse:par": "on"}}), &["COGNITO", NAME]).await;
    let app = abroad
        .app_of(
            &abroad.at,
            json!({"SupportedIdentityProviders": ["COGNITO", NAME], "GenerateSecret": true}),
        )
        .await;
    let push = async |more: &[(&str, &str)]| {
        let usual = [
            ("response_type", "code"),
            ("redirect_uri", CALLBACK),
            ("scope", "openid"),
            ("state", "a-state"),
        ];
        let pairs: Vec<_> = usual.into_iter().chain(more.iter().copied()).collect();
        let pushed = abroad.form(&abroad.at, "/oauth2/par", Some(&app.basic()), &pairs).await;
        assert_eq!(pushed.status, 201, "{}", pushed.body);
        encoded(&[
            ("client_id", app.id.as_str()),
            ("request_uri", &pushed.text("/request_uri")),
        ])
    };
    // The app names the provider; the person does.
    let browser = &mut abroad.browser();
    let got = browser
        .get(&format!(
            "/oauth2/authorize?{}",
            push(&[("identity_provider", NAME)]).await
        ))
        .await;
    let visit = abroad.idp.asked(got.header("location"));
    let got = abroad.arrive(browser, &visit).await;
    assert!(parameter(&got, "code").is_some(), "{}", got.body);

    let browser = &mut abroad.browser();
    let request = push(&[]).await;
    let got = browser.get(&format!("/oauth2/authorize?{request}")).await;
    assert_eq!(got.header("location"), format!("/login?{request}"));
    let page = browser.follow(&got).await.ok();
    let href = page.body.split_once("<a class=\"button provider").unwrap().1;
    let href = crate::tests::hosted::browser::attribute(href, "href").unwrap();
    let got = browser.get(&href).await;
    let visit = abroad.idp.asked(got.header("location"));
    let got = abroad.arrive(browser, &visit).await;
    assert!(parameter(&got, "code").is_some(), "{}", got.body);
    // Answered, and gone.
    assert_eq!(browser.get(&href).await.status, 400);
}

/// What is asked after a sign-in is asked of who comes from a provider too.
#[tokio::test]
async fn a_client_that_registered_itself_asks_first() {
    let open = json!({"DcrConfiguration": {"OpenDcrEnabled": true}});
    let abroad = Abroad::with(open, &["COGNITO", NAME]).await;
    let draft = crate::tests::Draft::new("POST", &format!("{}/oauth2/register", abroad.at.mount))
        .header("host", &abroad.at.host)
        .header("content-type", "application/json")
        .with_body(&json!({"redirect_uris": [CALLBACK]}).to_string());
    let made = abroad.rig.send(draft).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let id = made.text("/client_id");
    let settings = json!({
        "UserPoolId": abroad.at.pool, "ClientId": id, "AllowedOAuthFlowsUserPoolClient": true, "AllowedOAuthFlows": ["code"],
        "AllowedOAuthScopes": ["openid"], "CallbackURLs": [CALLBACK], "SupportedIdentityProviders": [NAME],
    });
    abroad.call("UpdateUserPoolClient", settings).await;
    let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    let app = App { id, secret: None };
    let browser = &mut abroad.browser();
    let more = [
        ("scope", "openid"),
        ("code_challenge", challenge),
        ("code_challenge_method", "S256"),
    ];
    let got = asked(browser, &app, &more).await;
    let visit = abroad.idp.asked(got.header("location"));
    let page = abroad.arrive(browser, &visit).await.ok();
    assert!(page.body.contains("name=\"step\" value=\"consent\""), "{}", page.body);
    assert!(browser.cookies.contains_key("cognito"));
    let got = browser.submit(&page, &[("answer", "yes")]).await;
    assert!(parameter(&got, "code").is_some(), "{}", got.body);
}
