//! How apps hear: with whose answer it is, posted, at any port of this machine.

use serde_json::json;

use super::{Browser, Hosted, parameter};

#[tokio::test]
async fn every_answer_says_whose_it_is() {
    let hosted = Hosted::with(json!({"poolhouse:iss": "on"}), json!({})).await;
    let issuer = hosted.issuer().replace(':', "%3A").replace('/', "%2F");
    let iss = |location: &str| parameter(location, "iss").unwrap_or_default();
    let browser = &mut Browser::default();

    // Errors, before and after the request is read.
    for more in [
        "&prompt=none",
        "&request=x",
        "&code_challenge=x",
        "&prompt=none&nonce=n",
    ] {
        let got = hosted
            .open(browser, &format!("/oauth2/authorize?{}", hosted.query(more)))
            .await;
        let location = got.header("location");
        assert!(
            location.contains("error=") && location.contains("state=s"),
            "{location}"
        );
        assert_eq!(iss(location), issuer, "{more}");
    }
    let no_type = hosted.query("").replace("response_type=code", "response_type=x");
    let got = hosted.open(browser, &format!("/oauth2/authorize?{no_type}")).await;
    assert_eq!(iss(got.header("location")), issuer);

    let got = hosted.signed_in(browser, &hosted.query("")).await;
    assert_eq!(iss(got.header("location")), issuer, "a code");
    let implicit = hosted.query("").replace("response_type=code", "response_type=token");
    let got = hosted.open(browser, &format!("/oauth2/authorize?{implicit}")).await;
    assert!(
        got.header("location").contains("#id_token="),
        "{}",
        got.header("location")
    );
    assert_eq!(iss(got.header("location")), issuer, "tokens");
    assert_eq!(
        hosted.discovered().await["authorization_response_iss_parameter_supported"],
        true
    );
}

#[tokio::test]
async fn cognito_says_nothing_of_the_kind() {
    let hosted = Hosted::with(json!({}), json!({})).await;
    let browser = &mut Browser::default();
    let got = hosted
        .signed_in(browser, &hosted.query("&response_mode=form_post"))
        .await;
    let location = got.header("location");
    assert!(location.starts_with("https://app.example.com/cb?code="), "{location}");
    assert!(parameter(location, "iss").is_none());
    let other = hosted.query("").replace("app.example.com", "app.example.com%3A8443");
    let got = hosted.open(browser, &format!("/oauth2/authorize?{other}")).await;
    assert!(got.header("location").contains("/error?error=redirect_mismatch"));
}

#[tokio::test]
async fn an_answer_is_posted_where_the_app_wants_it() {
    let hosted = Hosted::with(json!({"poolhouse:form-post": "on", "poolhouse:iss": "on"}), json!({})).await;
    let browser = &mut Browser::default();
    let page = hosted
        .signed_in(browser, &hosted.query("&response_mode=form_post"))
        .await
        .ok();
    assert!(
        page.body.contains(r#"action="https://app.example.com/cb""#),
        "{}",
        page.body
    );
    for field in ["code", "state", "iss"] {
        assert!(page.body.contains(&format!("name=\"{field}\"")), "{field}");
    }
    assert!(page.header("cache-control").contains("no-store"));
    assert_eq!(page.header("location"), "");

    // Errors too, and tokens; but no tokens in a query.
    let silent = hosted.query("&response_mode=form_post&prompt=none");
    let page = hosted
        .open(&mut Browser::default(), &format!("/oauth2/authorize?{silent}"))
        .await
        .ok();
    assert!(page.body.contains("value=\"login_required\""), "{}", page.body);
    let implicit = |mode: &str| {
        let query = hosted.query(&format!("&response_mode={mode}"));
        query.replace("response_type=code", "response_type=token")
    };
    let page = hosted
        .open(browser, &format!("/oauth2/authorize?{}", implicit("form_post")))
        .await
        .ok();
    assert!(page.body.contains("name=\"access_token\""), "{}", page.body);
    let got = hosted
        .open(browser, &format!("/oauth2/authorize?{}", implicit("query")))
        .await;
    let location = got.header("location");
    assert!(location.contains("#error=invalid_request"), "{location}");
    let got = hosted
        .open(
            browser,
            &format!("/oauth2/authorize?{}", hosted.query("&response_mode=fragment")),
        )
        .await;
    assert!(got.header("location").contains("#code="));
    let got = hosted
        .open(
            browser,
            &format!("/oauth2/authorize?{}", hosted.query("&response_mode=web_message")),
        )
        .await;
    assert!(
        got.header("location").contains("?error=invalid_request"),
        "{}",
        got.header("location")
    );
    let modes = json!(["query", "fragment", "form_post"]);
    assert_eq!(hosted.discovered().await["response_modes_supported"], modes);
}

#[tokio::test]
async fn an_app_of_this_machine_listens_at_any_port() {
    let hosted = Hosted::with(json!({"poolhouse:loopback-ports": "on"}), json!({})).await;
    let listed = json!([
        "http://127.0.0.1/cb",
        "http://localhost:1/cb",
        "https://app.example.com/cb"
    ]);
    let (client, _) = hosted.client(json!({"CallbackURLs": listed})).await;
    let of = |uri: &str| {
        let query = hosted.query("&prompt=none").replace(&hosted.client, &client);
        format!(
            "/oauth2/authorize?{}",
            query.replace("https%3A%2F%2Fapp.example.com%2Fcb", uri)
        )
    };
    let browser = &mut Browser::default();
    for uri in [
        "http://127.0.0.1:51004/cb",
        "http://127.0.0.1/cb",
        "http://localhost:8080/cb",
        "http://localhost/cb",
    ] {
        let got = hosted.open(browser, &of(uri)).await;
        let location = got.header("location");
        assert!(
            location.starts_with(&format!("{uri}?error=login_required")),
            "{location}"
        );
    }
    for uri in [
        "http://127.0.0.1:51004/other",
        "http://127.0.0.1:x/cb",
        "http://[::1]:80/cb",
        "https://app.example.com:8443/cb",
        "http://127.0.0.1:80@evil.example.com/cb",
        "https://127.0.0.1:80/cb",
    ] {
        let got = hosted.open(browser, &of(uri)).await;
        assert!(
            got.header("location").contains("/error?error=redirect_mismatch"),
            "{uri}: {}",
            got.header("location")
        );
    }
}

#[tokio::test]
async fn unknown_scopes_are_overlooked_where_the_pool_says_so() {
    let hosted = Hosted::with(json!({"poolhouse:unknown-scopes": "ignore"}), json!({})).await;
    let query = hosted
        .query("&prompt=none")
        .replace("scope=openid", "scope=openid+offline_access");
    let got = hosted
        .open(&mut Browser::default(), &format!("/oauth2/authorize?{query}"))
        .await;
    assert!(
        got.header("location").contains("error=login_required"),
        "{}",
        got.header("location")
    );
}

#[tokio::test]
async fn a_browsers_session_ends_with_the_others_where_the_pool_says_so() {
    for (tags, remains) in [
        (json!({}), true),
        (json!({"poolhouse:sso-ends-with-sign-out": "true"}), false),
    ] {
        let hosted = Hosted::with(tags, json!({})).await;
        let browser = &mut Browser::default();
        hosted.signed_in(browser, &hosted.query("")).await;
        let ana = json!({"UserPoolId": hosted.pool, "Username": "ana"});
        hosted.call("AdminUserGlobalSignOut", ana).await;
        let got = hosted
            .open(browser, &format!("/oauth2/authorize?{}", hosted.query("&prompt=none")))
            .await;
        assert_eq!(
            got.header("location").contains("?code="),
            remains,
            "{}",
            got.header("location")
        );
    }
}
