//! What apps are told when a provider says no, or nothing, or nonsense. Reference: oauth-and-federation 3.6.

use serde_json::json;
use upstream::{Reach, Upstream};

use super::{HERE, NOW, Op, Zeros, map};
use crate::{Answer, Federation, Kind, Places, Provider, Url};

#[tokio::test]
async fn a_providers_error_goes_on_to_the_app() {
    let op = Op::new().await;
    let long = "x".repeat(900);
    let cut = "x".repeat(500);
    for (error, description, expected) in [
        (
            "access_denied",
            Some("The user said no"),
            ("access_denied", "The user said no"),
        ),
        ("login_required", None, ("login_required", "login_required")),
        ("a b", Some("x"), ("invalid_request", "x")),
        ("<script>\"", None, ("invalid_request", "invalid_request")),
        ("x", Some("two\r\nlines \u{7f}"), ("x", "two  lines")),
        ("x", Some(long.as_str()), ("x", cut.as_str())),
    ] {
        let answer = Answer {
            code: Some("c"),
            error: Some(error),
            error_description: description,
            ..Answer::default()
        };
        let refusal = op.comes_with(answer).await.err().unwrap();
        assert_eq!((refusal.error.as_ref(), refusal.description.as_str()), expected);
    }
    for code in [None, Some("")] {
        let answer = Answer {
            code,
            ..Answer::default()
        };
        assert_eq!(
            op.comes_with(answer).await.err().unwrap().description,
            "Missing authorization code"
        );
    }
    assert_eq!(op.site.asked("POST /token ").len(), 0);
    let (provider, visit) = (op.provider(), op.set_out().await);
    assert!(provider.saml_response(&visit, "PHNhbWw+", NOW).is_err());
}

/// What an app is told where a token endpoint answers so: `error` and `error_description`.
async fn told(kind: Kind, status: &str, body: &str) -> String {
    let op = Op::new().await;
    op.site.answers("/token", status, "application/json", body);
    let mut places = Places::default();
    let token_url = Some(Url::of_operator(&op.site.url("/token")).unwrap());
    for place in [&mut places.google, &mut places.amazon, &mut places.facebook] {
        place.token_url.clone_from(&token_url);
    }
    let name = if kind == Kind::OpenId { "Corp" } else { kind.as_str() };
    let provider = Provider::read(name, kind, &op.details, &map(&[])).unwrap();
    let federation = Federation::new(Upstream::new(Reach::Anywhere).unwrap(), places);
    let visit = federation.set_out(&provider, HERE, &Zeros, NOW).await.unwrap();
    let answer = Answer {
        code: Some("c"),
        ..Answer::default()
    };
    let refusal = federation.back(&provider, &visit, answer, NOW).await.err().unwrap();
    assert!(!refusal.because.contains("A text"), "{}", refusal.because);
    format!("{} {}", refusal.error, refusal.description)
}

#[tokio::test]
async fn an_openid_providers_no_is_told_in_its_words_where_it_has_some() {
    let no = r#"{"error":"invalid_client","error_description":"A text\nof two lines"}"#;
    let spent = r#"{"error":"invalid_grant","error_description":"A text"}"#;
    let html = "<html><h1>A text</h1></html>";
    let got_none = "invalid_request Corp Error - 200 error getting token";
    for (status, body, expected) in [
        (
            "401 No",
            no,
            "invalid_request Corp Error - 401 invalid_client A text of two lines",
        ),
        ("400 No", r#"{"error":"x"}"#, "invalid_request Corp Error - 400 x"),
        ("400 No", spent, "server_error Exception processing authorization code"),
        ("200 OK", spent, "server_error Exception processing authorization code"),
        ("500 No", html, "invalid_request Corp Error - 500 error getting token"),
        (
            "400 No",
            r#"{"error":"<b>"}"#,
            "invalid_request Corp Error - 400 error getting token",
        ),
        ("200 OK", html, got_none),
        ("200 OK", "{}", got_none),
        ("200 OK", r#"{"access_token":"a"}"#, got_none),
        ("200 OK", r#"{"access_token":1,"id_token":"a"}"#, got_none),
    ] {
        assert_eq!(told(Kind::OpenId, status, body).await, expected, "{body}");
    }
}

#[tokio::test]
async fn a_social_providers_no_is_told_in_its_own_form() {
    let amazon = r#"{"error":"invalid_request","error_description":"The request is missing a required parameter : client_secret"}"#;
    let facebook = r#"{"error":{"message":"A text","type":"OAuthException","code":100}}"#;
    let google = r#"{"error":"invalid_grant","error_description":"A text"}"#;
    for (kind, body, expected) in [
        (
            Kind::Amazon,
            amazon,
            "LoginWithAmazon Error - 400 invalid_request The request is missing a required parameter : client_secret",
        ),
        (Kind::Facebook, facebook, "Facebook Error - 400 OAuthException A text"),
        (Kind::Google, google, "Google Error - 400 invalid_grant"),
    ] {
        assert_eq!(told(kind, "400 No", body).await, format!("invalid_request {expected}"));
    }
}

#[tokio::test]
async fn what_is_huge_or_leads_elsewhere_is_refused() {
    let huge = format!(r#"{{"x":"{}"}}"#, "x".repeat(200_000));
    for (path, too_large, led_on) in [
        ("/token", "Connection reset", "Corp Error - 302 error getting token"),
        ("/user", "Connection reset", "Corp Error - 302 error getting user info"),
        ("/keys", "Timeout in calling jwks uri", "Timeout in calling jwks uri"),
        (
            "/.well-known/openid-configuration",
            "Unable to contact well-known endpoint",
            "Unable to contact well-known endpoint",
        ),
    ] {
        let op = Op::new().await;
        let visit = op.set_out().await;
        let provider = op.provider();
        let refused = async || {
            let answer = Answer {
                code: Some("c"),
                ..Answer::default()
            };
            let back = super::federation().back(&provider, &visit, answer, NOW).await;
            back.err().unwrap().description
        };
        op.site.answers(path, "200 OK", "application/json", &huge);
        assert_eq!(refused().await, too_large, "{path}");
        op.site.leads(path, path);
        assert_eq!(refused().await, led_on, "{path}");
    }
}

#[tokio::test]
async fn whoever_drips_is_not_waited_for() {
    let waited = |path: &'static str, expected: &'static str| async move {
        let op = Op::new().await;
        let (provider, visit) = (op.provider(), op.set_out().await);
        op.site.drips(path);
        let answer = Answer {
            code: Some("c"),
            ..Answer::default()
        };
        let back = super::federation().back(&provider, &visit, answer, NOW).await;
        assert_eq!(back.err().unwrap().description, expected, "{path}");
    };
    let begun = tokio::time::Instant::now();
    tokio::join!(
        waited("/token", "Timeout occurred in calling IdP token endpoint"),
        waited("/user", "Read timed out"),
        waited("/keys", "Timeout in calling jwks uri"),
        waited(
            "/.well-known/openid-configuration",
            "Unable to contact well-known endpoint"
        ),
    );
    assert!(begun.elapsed().as_secs() < 9);
}

#[tokio::test]
async fn a_provider_that_is_not_there_is_told_so() {
    let op = Op::new().await;
    let closed = "http://127.0.0.1:9";
    op.discovers(&json!({"token_endpoint": format!("{closed}/token")}));
    let (description, because) = op.refusal().await;
    assert_eq!(description, "Connection reset");
    assert!(
        because.starts_with("Corp: the token endpoint: it can't be reached"),
        "{because}"
    );
}
