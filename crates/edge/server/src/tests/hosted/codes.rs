//! Authorization codes, and who may trade them. Reference: oauth-and-federation 17.2.

use std::{sync::Arc, time::Duration};

use serde_json::json;

use super::{
    CALLBACK, Draft, Site, encoded, parameter,
    site::{code, refused, sign_in},
};

// RFC 7636 appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const PKCE: [(&str, &str); 2] = [("code_challenge", CHALLENGE), ("code_challenge_method", "S256")];

fn grant<'a>(code: &'a str, more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut pairs = vec![("grant_type", "authorization_code"), ("code", code)];
    if more.iter().all(|(name, _)| *name != "redirect_uri") {
        pairs.push(("redirect_uri", CALLBACK));
    }
    pairs.extend(more);
    pairs
}

#[tokio::test]
async fn a_code_that_comes_twice_ends_what_the_first_had() {
    let site = Site::new().await;
    let code = site.code().await;
    let tokens = site.trade(&site.at, &site.app, &code).await.ok();
    let (access, refresh) = (tokens.text("/access_token"), tokens.text("/refresh_token"));
    site.user_info(&site.at, &access).await.ok();
    refused(&site.trade(&site.at, &site.app, &code).await, 400, "invalid_grant");
    assert_eq!(site.user_info(&site.at, &access).await.status, 401);
    refused(&site.refresh(&site.at, &site.app, &refresh).await, 400, "invalid_grant");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_a_hundred_at_once_one_has_tokens() {
    let site = Arc::new(Site::new().await);
    let code = site.code().await;
    let mut all = tokio::task::JoinSet::new();
    for _ in 0..100 {
        let (site, code) = (Arc::clone(&site), code.clone());
        all.spawn(async move {
            let got = site.trade(&site.at, &site.app, &code).await;
            (got.status, got.body)
        });
    }
    let (mut won, mut judged) = (0, 0);
    while let Some(answer) = all.join_next().await {
        let (status, body) = answer.unwrap();
        assert!(matches!(status, 200 | 400 | 429), "{status} {body}");
        won += u32::from(status == 200);
        judged += u32::from(status != 429);
    }
    assert!(won == 1 && judged > 1, "{won} of {judged}");
}

#[tokio::test]
async fn a_code_lives_five_minutes() {
    for (seconds, status) in [(299, 200), (300, 400), (301, 400)] {
        let site = Site::new().await;
        let code = site.code().await;
        site.advance(Duration::from_secs(seconds));
        assert_eq!(site.trade(&site.at, &site.app, &code).await.status, status, "{seconds}");
    }
}

/// What is somebody else's stays theirs, whoever tries it.
#[tokio::test]
async fn others_do_not_burn_a_code() {
    let site = Site::with(json!({}), json!({"GenerateSecret": true})).await;
    let other = site.app_of(&site.at, json!({"GenerateSecret": true})).await;
    let public = site.app_of(&site.at, json!({})).await;
    let elsewhere = site.tenant("elsewhere", json!({})).await;
    let there = site.app_of(&elsewhere, json!({"GenerateSecret": true})).await;
    let code = site.code().await;

    for app in [&other, &public] {
        refused(&site.trade(&site.at, app, &code).await, 400, "invalid_grant");
    }
    refused(&site.trade(&elsewhere, &there, &code).await, 400, "invalid_grant");
    refused(&site.trade(&elsewhere, &site.app, &code).await, 400, "invalid_client");
    let mut wrong = site.app.clone();
    wrong.secret = Some("wrong".to_owned());
    refused(&site.trade(&site.at, &wrong, &code).await, 400, "invalid_client");
    let nobody = [("client_id", site.app.id.as_str())]
        .into_iter()
        .chain(grant(&code, &[]))
        .collect::<Vec<_>>();
    refused(
        &site.form(&site.at, "/oauth2/token", None, &nobody).await,
        400,
        "invalid_client",
    );
    for uri in [
        "https://app.example.com/cb/",
        "https://evil.example/",
        "HTTPS://app.example.com/cb",
        "https://app.example.com/cb ",
    ] {
        let got = site
            .token(&site.at, &site.app, &grant(&code, &[("redirect_uri", uri)]))
            .await;
        refused(&got, 400, "unauthorized_client");
        assert_eq!(got.text("/error_description"), "invalid_redirect");
    }
    refused(
        &site
            .token(&site.at, &site.app, &grant(&code, &[("redirect_uri", "")]))
            .await,
        400,
        "invalid_request",
    );
    site.trade(&site.at, &site.app, &code).await.ok();
}

#[tokio::test]
async fn a_wrong_verifier_burns_the_code() {
    let site = Site::new().await;
    let padded = format!("{CHALLENGE}=");
    let long = "a".repeat(129);
    let blank = format!("{VERIFIER} ");
    let case = VERIFIER.to_ascii_lowercase();
    for wrong in [
        None,
        Some(CHALLENGE),
        Some(padded.as_str()),
        Some("short"),
        Some(&long),
        Some(&blank),
        Some(&case),
        Some(""),
    ] {
        let code = code(&mut site.browser(), &site.app, &PKCE).await;
        let verifier: Vec<_> = wrong.map(|wrong| ("code_verifier", wrong)).into_iter().collect();
        refused(
            &site.token(&site.at, &site.app, &grant(&code, &verifier)).await,
            400,
            "invalid_grant",
        );
        let right = grant(&code, &[("code_verifier", VERIFIER)]);
        refused(&site.token(&site.at, &site.app, &right).await, 400, "invalid_grant");
    }
    let code = code(&mut site.browser(), &site.app, &PKCE).await;
    site.token(&site.at, &site.app, &grant(&code, &[("code_verifier", VERIFIER)]))
        .await
        .ok();
}

/// The challenge was stripped from the request on the way: the app's verifier tells.
#[tokio::test]
async fn a_challenge_can_not_be_stripped() {
    let site = Site::new().await;
    let code = site.code().await;
    let with = grant(&code, &[("code_verifier", VERIFIER)]);
    refused(&site.token(&site.at, &site.app, &with).await, 400, "invalid_grant");
    refused(&site.trade(&site.at, &site.app, &code).await, 400, "invalid_grant");
}

#[tokio::test]
async fn a_challenge_is_of_one_kind() {
    let site = Site::new().await;
    let padded = format!("{CHALLENGE}=");
    let standard = CHALLENGE.replace('-', "+");
    for pair in [
        vec![("code_challenge", CHALLENGE)],
        vec![("code_challenge_method", "S256")],
        vec![("code_challenge", VERIFIER), ("code_challenge_method", "plain")],
        vec![("code_challenge", CHALLENGE), ("code_challenge_method", "s256")],
        vec![("code_challenge", CHALLENGE), ("code_challenge_method", "none")],
        vec![("code_challenge", &padded), ("code_challenge_method", "S256")],
        vec![("code_challenge", &standard), ("code_challenge_method", "S256")],
        vec![("code_challenge", "short"), ("code_challenge_method", "S256")],
    ] {
        let got = site
            .browser()
            .get(&format!("/oauth2/authorize?{}", site.app.request(&pair)))
            .await;
        assert_eq!(
            got.header("location"),
            format!("{CALLBACK}?state=a-state&error=invalid_request").replace(
                "state=a-state&error=invalid_request",
                "error=invalid_request&state=a-state"
            ),
            "{pair:?}"
        );
    }
}

#[tokio::test]
async fn a_code_ends_with_its_users_right_to_it() {
    for operation in [
        "AdminDisableUser",
        "AdminDeleteUser",
        "AdminUserGlobalSignOut",
        "AdminResetUserPassword",
    ] {
        let site = Site::new().await;
        let code = site.code().await;
        site.on_user(&site.at, operation, "ana").await;
        refused(&site.trade(&site.at, &site.app, &code).await, 400, "invalid_grant");
    }
}

/// Neither endless codes nor such that the database can't hold are more than wrong.
#[tokio::test]
async fn codes_that_are_none() {
    let site = Site::new().await;
    let long = "a".repeat(8000);
    for code in ["a", "\0", "' OR 1=1 --", "\u{ff10}", &long, "../../x", "%00"] {
        refused(&site.trade(&site.at, &site.app, code).await, 400, "invalid_grant");
        refused(&site.refresh(&site.at, &site.app, code).await, 400, "invalid_grant");
    }
    // A nonce goes through the database into the token.
    for nonce in ["\0", "\u{fffe}", "\"}", "' --"] {
        let answer = sign_in(&mut site.browser(), &site.app, &[("nonce", nonce)]).await;
        let code = parameter(&answer, "code").unwrap_or_else(|| panic!("{}", answer.header("location")));
        site.trade(&site.at, &site.app, &code).await.ok();
    }
    // By GET, or in the address: nothing is read there.
    let query = encoded(&grant(&site.code().await, &[("client_id", site.app.id.as_str())]));
    let draft = Draft::get(&format!("/oauth2/token?{query}")).header("host", &site.at.host);
    assert_eq!(site.send(draft).await.status, 405);
}

#[tokio::test]
async fn tokens_come_in_cognitos_order() {
    let site = Site::new().await;
    let code = site.code().await;
    let got = site.trade(&site.at, &site.app, &code).await.ok();
    let names = ["id_token", "access_token", "refresh_token", "expires_in", "token_type"];
    let places = names.map(|name| got.body.find(&format!("\"{name}\":")).unwrap());
    assert!(places.is_sorted() && places[0] == 1, "{places:?}");
}
