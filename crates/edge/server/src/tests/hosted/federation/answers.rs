//! What an app hears of a provider's refusals, letter by letter. Reference: oauth-and-federation 3.6.

use http::StatusCode;
use serde_json::json;

use super::{Abroad, NAME, Site, state, told};
use crate::tests::hosted::CALLBACK;

#[tokio::test]
async fn what_a_provider_tells_the_browser_goes_on_to_the_app() {
    let abroad = Abroad::new().await;
    let browser = &mut abroad.browser();
    for (answer, expected) in [
        (
            [("error", "access_denied"), ("error_description", "Not now")],
            "error_description=Not+now&state=a-state&error=access_denied",
        ),
        (
            [("error", "login_required"), ("error_description", "<b onload=\"x\">")],
            "error_description=%3Cb+onload%3D%22x%22%3E&state=a-state&error=login_required",
        ),
        (
            [("error", "a&code=b#\r\nset-cookie: x"), ("error_description", "")],
            "error_description=invalid_request&state=a-state&error=invalid_request",
        ),
    ] {
        let asked = abroad.leave(browser, &[]).await;
        let [error, description] = answer;
        let got = abroad
            .back(browser, &[error, description, ("state", state(&asked))])
            .await;
        assert_eq!(told(&got), expected);
    }
    let asked = abroad.leave(browser, &[]).await;
    let got = abroad.back(browser, &[("state", state(&asked))]).await;
    let expected = "error_description=Missing+authorization+code&state=a-state&error=invalid_request";
    assert_eq!(told(&got), expected);
}

#[tokio::test]
async fn an_answer_of_another_provider_is_none() {
    let abroad = Abroad::new().await;
    let browser = &mut abroad.browser();
    let asked = abroad.leave(browser, &[]).await;
    let code = abroad.idp.code(&asked);
    let answer = [
        ("code", code.as_str()),
        ("iss", "https://evil.example"),
        ("state", state(&asked)),
    ];
    let got = abroad.back(browser, &answer).await;
    let expected = "error_description=Bad+authorization+response+issuer&state=a-state&error=invalid_request";
    assert_eq!(told(&got), expected);
    assert!(abroad.idp.state().trades.is_empty(), "the code went to nobody");
}

#[tokio::test]
async fn a_code_of_another_visit_is_none() {
    let abroad = Abroad::new().await;
    let browser = &mut abroad.browser();
    // Injected: the code is of somebody else's visit, whose nonce and verifier are others.
    let (asked, others) = (
        abroad.leave(browser, &[]).await,
        abroad.leave(&mut abroad.browser(), &[]).await,
    );
    let code = abroad.idp.code(&others);
    let got = abroad.back(browser, &[("code", &code), ("state", state(&asked))]).await;
    let expected = "error_description=Exception+processing+authorization+code&state=a-state&error=server_error";
    assert_eq!(told(&got), expected);
}

#[tokio::test]
async fn tokens_that_are_none_sign_nobody_in() {
    let abroad = Abroad::new().await;
    let browser = &mut abroad.browser();
    for (claims, description) in [
        (
            json!({"iss": "https://evil.example"}),
            "Bad+id_token+issuer+https%3A%2F%2Fevil.example",
        ),
        (json!({"aud": "another"}), "Bad+id_token"),
        (json!({"exp": 1}), "Bad+id_token"),
        (json!({"nonce": "another"}), "Bad+id_token"),
    ] {
        abroad.idp.state().claims = claims.clone();
        let asked = abroad.leave(browser, &[]).await;
        let got = abroad.arrive(browser, &asked).await;
        let expected = format!("error_description={description}&state=a-state&error=invalid_request");
        assert_eq!(told(&got), expected, "{claims}");
    }
    assert!(!browser.cookies.contains_key("cognito"));
}

#[tokio::test]
async fn a_token_endpoint_that_refuses_is_told_of() {
    let abroad = Abroad::new().await;
    let browser = &mut abroad.browser();
    let said = json!({"error": "invalid_client", "error_description": "<script>"}).to_string();
    for (refusal, description) in [
        (
            (StatusCode::BAD_GATEWAY, "<html>".to_owned()),
            format!("{NAME}+Error+-+502+error+getting+token"),
        ),
        (
            (StatusCode::UNAUTHORIZED, said),
            format!("{NAME}+Error+-+401+invalid_client+%3Cscript%3E"),
        ),
    ] {
        abroad.idp.state().refusal = Some(refusal);
        let asked = abroad.leave(browser, &[]).await;
        let got = abroad.arrive(browser, &asked).await;
        let expected = format!("error_description={description}&state=a-state&error=invalid_request");
        assert_eq!(told(&got), expected);
    }
}

#[tokio::test]
async fn who_names_a_provider_that_is_none_of_the_client_is_refused() {
    let abroad = Abroad::with(json!({}), &["COGNITO"]).await;
    let browser = &mut abroad.browser();
    for named in [
        [("identity_provider", NAME)],
        [("identity_provider", "partner")],
        [("identity_provider", "Google")],
        [("idp_identifier", "partner.example")],
    ] {
        let got = browser
            .get(&format!("/oauth2/authorize?{}", abroad.app.request(&named)))
            .await;
        assert_eq!(told(&got), "error=invalid_request&state=a-state", "{named:?}");
    }
}

/// Nobody is led to an address that its client has not listed, wherever they have been meanwhile.
#[tokio::test]
async fn the_apps_request_is_read_anew() {
    let abroad = Abroad::new().await;
    let browser = &mut abroad.browser();
    let asked = abroad.leave(browser, &[]).await;
    let Site { at, app, .. } = &abroad.site;
    let settings = json!({
        "UserPoolId": at.pool, "ClientId": app.id, "AllowedOAuthFlowsUserPoolClient": true, "AllowedOAuthFlows": ["code"],
        "AllowedOAuthScopes": ["openid", "email"], "CallbackURLs": [format!("{CALLBACK}2")],
        "SupportedIdentityProviders": ["COGNITO", NAME],
    });
    abroad.call("UpdateUserPoolClient", settings).await;
    let got = abroad.arrive(browser, &asked).await;
    assert!(
        got.header("location").starts_with("/error?error=redirect_mismatch"),
        "{}",
        got.body
    );
    assert!(abroad.idp.state().trades.is_empty());
}
