//! Whoever is signed in is asked before an application signs them out, where OpenID Connect counts. Reference: RP-Initiated Logout 1.0
//! section 2.

use serde_json::json;

use super::{Browser, CHALLENGE, Got, Hosted, VERIFIER, parameter};

const BYE: &str = "https://app.example.com/bye";
const QUESTION: &str = "Sign out?";
const OUT: &str = "You’re signed out";

async fn hosted(tags: serde_json::Value) -> Hosted {
    let hosted = Hosted::with(tags, json!({})).await;
    let (client, _) = hosted.client(json!({"LogoutURLs": [BYE, "myapp:/bye"]})).await;
    Hosted { client, ..hosted }
}

async fn strict() -> Hosted {
    hosted(json!({"poolhouse:openid": "strict"})).await
}

/// Ana's browser, and her ID token.
async fn signed_in(hosted: &Hosted) -> (Browser, String) {
    let mut browser = Browser::default();
    let query = hosted.query(&format!("&code_challenge={CHALLENGE}&code_challenge_method=S256"));
    let got = hosted.signed_in(&mut browser, &query).await;
    let code = parameter(got.header("location"), "code").unwrap();
    let form = format!(
        "grant_type=authorization_code&client_id={}&code={code}&redirect_uri=https%3A%2F%2Fapp.example.com%2Fcb&code_verifier={VERIFIER}",
        hosted.client
    );
    let tokens = hosted.post("/oauth2/token", &form, None).await.ok().json();
    (browser, tokens["id_token"].as_str().unwrap().to_owned())
}

async fn is_in(hosted: &Hosted, browser: &Browser) -> bool {
    let query = hosted.query("&prompt=none");
    let got = hosted
        .open(&mut browser.clone(), &format!("/oauth2/authorize?{query}"))
        .await;
    got.header("location").contains("code=")
}

#[track_caller]
fn asks(got: &Got) {
    assert_eq!((got.status, got.header("location")), (200, ""), "{}", got.body);
    assert!(got.body.contains(QUESTION), "{}", got.body);
}

#[tokio::test]
async fn somebody_without_a_hint_is_asked() {
    let hosted = strict().await;
    let (mut browser, _) = signed_in(&hosted).await;
    let browser = &mut browser;
    let got = hosted.open(browser, "/logout").await;
    asks(&got);
    assert!(got.body.contains("ana"), "{}", got.body);

    let mut foreign = browser.clone();
    foreign.cookies.retain(|(name, _)| name != "XSRF-TOKEN");
    let got = hosted.send(&mut foreign, "/logout", "step=sign_out&answer=yes").await;
    asks(&got);
    assert!(got.body.contains("This page has expired"), "{}", got.body);
    asks(&hosted.open(browser, "/logout?answer=yes").await);
    let got = hosted.send(browser, "/logout", "step=sign_out&answer=no").await.ok();
    assert!(got.body.contains("You’re still signed in"), "{}", got.body);
    assert!(is_in(&hosted, browser).await);

    let got = hosted.send(browser, "/logout", "step=sign_out&answer=yes").await.ok();
    assert!(got.body.contains(OUT), "{}", got.body);
    assert!(!is_in(&hosted, browser).await);
    // Nobody is there to be asked.
    assert!(hosted.open(browser, "/logout").await.ok().body.contains(OUT));
}

#[tokio::test]
async fn they_come_where_the_app_wants_them_when_they_have_answered() {
    for (name, uri) in [
        ("logout_uri", BYE),
        ("post_logout_redirect_uri", BYE),
        ("post_logout_redirect_uri", "myapp:/bye"),
    ] {
        let hosted = strict().await;
        let (mut browser, _) = signed_in(&hosted).await;
        let encoded = uri.replace(':', "%3A").replace('/', "%2F");
        let request = format!("client_id={}&{name}={encoded}&state=x", hosted.client);
        let asked = [
            hosted.open(&mut browser, &format!("/logout?{request}")).await,
            // By another site's form.
            hosted.post_as(&mut browser, "/logout", &request).await,
        ];
        for got in &asked {
            asks(got);
            for field in [("client_id", hosted.client.as_str()), (name, uri), ("state", "x")] {
                let input = format!("name=\"{}\" value=\"{}\"", field.0, field.1);
                assert!(got.body.replace("&#x2f;", "/").contains(&input), "{input} {}", got.body);
            }
            let is_apps = got.header("content-security-policy").contains(" myapp:;");
            assert_eq!(is_apps, uri.starts_with("myapp:"), "browsers let the form lead there");
        }
        let form = format!("step=sign_out&answer=yes&{request}");
        let got = hosted.send(&mut browser, "/logout", &form).await;
        assert!(got.header("location").starts_with(uri), "{} {}", got.status, got.body);
        assert!(!is_in(&hosted, &browser).await);
        // What is not the app's is no question.
        let other = request.replace("bye", "other");
        assert_eq!(hosted.open(&mut browser, &format!("/logout?{other}")).await.status, 400);
    }
}

#[tokio::test]
async fn a_token_of_theirs_is_answer_enough() {
    let hosted = strict().await;
    let (mut browser, id) = signed_in(&hosted).await;
    let ben = json!({"UserPoolId": hosted.pool, "Username": "ben"});
    hosted.call("AdminCreateUser", ben).await;
    let password = json!({"UserPoolId": hosted.pool, "Username": "ben", "Password": "Passw0rd!", "Permanent": true});
    hosted.call("AdminSetUserPassword", password).await;
    let auth = json!({
        "ClientId": hosted.client, "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": {"USERNAME": "ben", "PASSWORD": "Passw0rd!"},
    });
    let bens = hosted.call("InitiateAuth", auth).await;
    let bens = bens["AuthenticationResult"]["IdToken"].as_str().unwrap().to_owned();
    let got = hosted
        .open(&mut browser, &format!("/logout?id_token_hint={bens}"))
        .await;
    asks(&got);
    let field = format!("name=\"client_id\" value=\"{}\"", hosted.client);
    assert!(got.body.contains(&field), "{}", got.body);
    assert!(!got.body.contains("name=\"id_token_hint\""));
    assert!(is_in(&hosted, &browser).await);
    let got = hosted
        .open(&mut browser, &format!("/logout?id_token_hint={id}"))
        .await
        .ok();
    assert!(got.body.contains(OUT), "{}", got.body);
    assert!(!is_in(&hosted, &browser).await);
}

#[tokio::test]
async fn a_token_of_another_session_is_none() {
    let hosted = strict().await;
    let name = format!("poolhouse:backchannel-logout:{}", hosted.client);
    hosted.tag(&name, "http://127.0.0.1:9/out").await.ok();
    let ((mut here, _), (mut there, id)) = (signed_in(&hosted).await, signed_in(&hosted).await);
    let path = format!("/logout?id_token_hint={id}");
    asks(&hosted.open(&mut here, &path).await);
    assert!(hosted.open(&mut there, &path).await.ok().body.contains(OUT));
}

#[tokio::test]
async fn on_cognito_nobody_is_asked() {
    let hosted = hosted(json!({})).await;
    let (mut browser, _) = signed_in(&hosted).await;
    let path = format!(
        "/logout?client_id={}&logout_uri=https%3A%2F%2Fapp.example.com%2Fbye",
        hosted.client
    );
    assert_eq!(hosted.open(&mut browser, &path).await.header("location"), BYE);
    assert!(!is_in(&hosted, &browser).await);
}
