//! The JSON endpoints, asked as nobody should. Reference: oauth-and-federation 17.2; oauth-and-federation 1.3.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde_json::json;

use super::{App, CALLBACK, Draft, Got, Site, encoded, site::refused};

const FORM: &str = "application/x-www-form-urlencoded";

async fn raw(site: &Site, path: &str, kind: &str, body: &str) -> Got {
    let draft = Draft::new("POST", path)
        .header("host", &site.at.host)
        .header("content-type", kind);
    site.send(draft.with_body(body)).await
}

fn basic(pair: impl AsRef<[u8]>) -> String {
    format!("Basic {}", BASE64_STANDARD.encode(pair))
}

/// A body, its headers, and the status and error that are answered.
type Case<'a> = (String, Vec<(&'a str, &'a str)>, u16, &'a str);

#[tokio::test]
async fn a_header_that_is_no_credentials() {
    let site = Site::with(json!({}), json!({"GenerateSecret": true})).await;
    let public = site.app_of(&site.at, json!({})).await;
    let secret = site.app.secret.clone().unwrap();
    let refresh = site.tokens().await["refresh_token"].as_str().unwrap().to_owned();
    let App { id, .. } = &site.app;
    let right = basic(format!("{id}:{secret}"));
    let grant = [("grant_type", "refresh_token"), ("refresh_token", refresh.as_str())];
    let cases: Vec<Case<'_>> = vec![
        ("Basic".to_owned(), vec![], 400, "invalid_client"),
        ("Basic ".to_owned(), vec![], 400, "invalid_client"),
        ("Basic !!!".to_owned(), vec![], 400, "invalid_client"),
        ("Basic ====".to_owned(), vec![], 400, "invalid_client"),
        (basic(""), vec![], 400, "invalid_client"),
        (basic(":"), vec![], 400, "invalid_client"),
        (basic(id), vec![], 400, "invalid_client"),
        (basic(format!("{id}:")), vec![], 400, "invalid_client"),
        (basic(format!(":{secret}")), vec![], 400, "invalid_client"),
        (basic(format!("{id}:{secret}:")), vec![], 400, "invalid_client"),
        (basic(format!("{id}:{secret} ")), vec![], 400, "invalid_client"),
        (basic(format!("{id}:{secret}\0")), vec![], 400, "invalid_client"),
        (basic(format!("{id}:%00")), vec![], 400, "invalid_client"),
        (basic(format!("{id}:%zz")), vec![], 400, "invalid_client"),
        (basic([0xff, b':', 0xff]), vec![], 400, "invalid_client"),
        (basic(format!("nobody:{secret}")), vec![], 400, "invalid_client"),
        (basic(format!("{}:", public.id)), vec![], 400, "invalid_grant"),
        (basic(format!("{}:{secret}", public.id)), vec![], 400, "invalid_client"),
        (right.replace("Basic", "Bearer"), vec![], 400, "invalid_client"),
        (right.clone(), vec![("client_id", &public.id)], 400, "invalid_request"),
        (right.clone(), vec![("client_secret", &secret)], 400, "invalid_request"),
        (right.replace("Basic", "bASIC"), vec![], 200, ""),
        (right.clone(), vec![("client_id", id)], 200, ""),
    ];
    for (header, more, status, error) in cases {
        let pairs: Vec<_> = grant.into_iter().chain(more).collect();
        let got = site.form(&site.at, "/oauth2/token", Some(&header), &pairs).await;
        let told = if status == 200 {
            String::new()
        } else {
            got.text("/error")
        };
        assert_eq!((got.status, told.as_str()), (status, error), "{header} {}", got.body);
    }
}

#[tokio::test]
async fn what_comes_twice_or_as_a_list() {
    let site = Site::new().await;
    let code = site.code().await;
    let id = site.app.id.as_str();
    let usual = [
        ("grant_type", "authorization_code"),
        ("client_id", id),
        ("code", &code),
        ("redirect_uri", CALLBACK),
    ];
    for (name, value) in usual.into_iter().chain([
        ("client_secret", ""),
        ("code_verifier", "x"),
        ("scope", "openid"),
        ("unheard-of", "1"),
    ]) {
        let mut pairs = usual.to_vec();
        pairs.extend([(name, value), (name, value)]);
        refused(
            &site.form(&site.at, "/oauth2/token", None, &pairs).await,
            400,
            "invalid_request",
        );
        let revoked = site.form(&site.at, "/oauth2/revoke", None, &pairs).await;
        refused(&revoked, 400, "invalid_request");
    }
    for name in ["code[]", "code[0]", "code.0", "CODE", "code\0"] {
        let pairs = usual.map(|(known, value)| if known == "code" { (name, value) } else { (known, value) });
        refused(
            &site.form(&site.at, "/oauth2/token", None, &pairs).await,
            400,
            "invalid_request",
        );
    }
    // None of it has burnt the code.
    site.trade(&site.at, &site.app, &code).await.ok();
}

#[tokio::test]
async fn bodies_that_are_no_forms() {
    let site = Site::new().await;
    let code = site.code().await;
    let id = site.app.id.as_str();
    let pairs = [
        ("grant_type", "authorization_code"),
        ("client_id", id),
        ("code", &code),
        ("redirect_uri", CALLBACK),
    ];
    let form = encoded(&pairs);
    let document = json!({"grant_type": "authorization_code", "client_id": id, "code": code, "redirect_uri": CALLBACK})
        .to_string();
    let large = format!("{form}&x={}", "a".repeat(16 * 1024));
    for (kind, body, status) in [
        ("application/json", document.as_str(), 400),
        ("application/json", &form, 400),
        ("text/plain", &form, 400),
        ("multipart/form-data; boundary=x", &form, 400),
        ("application/x-www-form-urlencodedx", &form, 400),
        ("", &form, 400),
        (FORM, &document, 400),
        (FORM, "%", 400),
        (FORM, "code=%ff", 400),
        (FORM, "", 400),
        (FORM, &large, 413),
    ] {
        for path in ["/oauth2/token", "/oauth2/revoke"] {
            let got = raw(&site, path, kind, body).await;
            // Nobody says who they are: at one of the two that is another status.
            let status = if path == "/oauth2/revoke" && got.text("/error") == "invalid_client" {
                401
            } else {
                status
            };
            assert_eq!(got.status, status, "{path} {kind}: {}", got.body);
            assert!(
                got.text("/error").starts_with("invalid_"),
                "{path} {kind}: {}",
                got.body
            );
            assert_eq!(got.header("access-control-allow-origin"), "*", "{path} {kind}");
        }
    }
    let wide = format!("/oauth2/token?x={}", "a".repeat(16 * 1024));
    assert_eq!(raw(&site, &wide, FORM, &form).await.status, 413);
    let got = raw(
        &site,
        "/oauth2/token",
        "Application/X-WWW-Form-Urlencoded; charset=UTF-8",
        &form,
    )
    .await;
    got.ok();
}

/// Addresses are kept in logs: what they say is read by no endpoint.
#[tokio::test]
async fn nothing_secret_is_read_in_an_address() {
    let site = Site::with(json!({}), json!({"GenerateSecret": true})).await;
    let secret = site.app.secret.clone().unwrap();
    let tokens = site.tokens().await;
    let refresh = tokens["refresh_token"].as_str().unwrap();
    let who = [("client_id", site.app.id.as_str()), ("client_secret", secret.as_str())];
    let grant = [("grant_type", "refresh_token"), ("refresh_token", refresh)];
    let all: Vec<_> = who.into_iter().chain(grant).collect();
    for (query, body) in [
        (encoded(&who), encoded(&grant)),
        (encoded(&grant), encoded(&who)),
        (encoded(&all), String::new()),
    ] {
        let got = raw(&site, &format!("/oauth2/token?{query}"), FORM, &body).await;
        assert_eq!(got.status, 400, "{query}: {}", got.body);
    }
    let access = tokens["access_token"].as_str().unwrap();
    let draft = Draft::get(&format!("/oauth2/userInfo?access_token={access}")).header("host", &site.at.host);
    assert_eq!(site.send(draft).await.status, 400);
    let revoked = raw(
        &site,
        &format!("/oauth2/revoke?{}&token={refresh}", encoded(&who)),
        FORM,
        "",
    )
    .await;
    assert_eq!(revoked.status, 401);
    site.refresh(&site.at, &site.app, refresh).await.ok();
}

#[tokio::test]
async fn methods_that_an_endpoint_does_not_have() {
    let site = Site::new().await;
    let request = site.app.request(&[]);
    let pages = [
        "/oauth2/authorize",
        "/login",
        "/signup",
        "/confirm",
        "/forgotPassword",
        "/confirmforgotPassword",
        "/logout",
        "/error",
    ];
    let open = ["/oauth2/token", "/oauth2/revoke", "/oauth2/userInfo"];
    for path in pages.into_iter().chain(open) {
        for method in ["PUT", "DELETE", "PATCH", "TRACE", "CONNECTX", "PROPFIND"] {
            let draft = Draft::new(method, &format!("{path}?{request}")).header("host", &site.at.host);
            let got = site.send(draft.header("x-secret", "echoed")).await;
            assert_eq!(
                (got.status, got.body.as_str(), got.header("location")),
                (405, "", ""),
                "{method} {path}"
            );
        }
    }
    for path in ["/oauth2/token", "/oauth2/revoke"] {
        for method in ["GET", "HEAD"] {
            let draft = Draft::new(method, path).header("host", &site.at.host);
            assert_eq!(site.send(draft).await.status, 405, "{method} {path}");
        }
    }
    // The method is what it is, whatever a header says.
    for name in ["x-http-method-override", "x-http-method", "x-method-override"] {
        let draft = Draft::get("/oauth2/token")
            .header("host", &site.at.host)
            .header(name, "POST");
        assert_eq!(site.send(draft).await.status, 405, "{name}");
    }
    for path in pages {
        let draft = Draft::new("HEAD", &format!("{path}?{request}")).header("host", &site.at.host);
        let got = site.send(draft).await;
        assert!(got.body.is_empty() && got.status < 500, "{path}");
    }
}

#[tokio::test]
async fn pages_elsewhere_read_the_open_endpoints_without_cookies() {
    let site = Site::new().await;
    let from = |method, path: &str| {
        let draft = Draft::new(method, path).header("host", &site.at.host);
        draft
            .header("origin", "https://evil.example")
            .header("cookie", "cognito=x")
    };
    for path in ["/oauth2/token", "/oauth2/revoke", "/oauth2/userInfo"] {
        let asks = from("OPTIONS", path).header("access-control-request-method", "POST");
        let asked = site
            .send(asks.header("access-control-request-headers", "authorization, x-amz-user-agent"))
            .await;
        assert_eq!(asked.status, 200, "{path}");
        assert_eq!(
            asked.header("access-control-allow-headers"),
            "authorization, x-amz-user-agent"
        );
        let refused = site.send(from("POST", path).header("content-type", FORM)).await;
        assert_eq!(refused.status / 100, 4, "{path}");
        for got in [&asked, &refused] {
            assert_eq!(got.header("access-control-allow-origin"), "*", "{path}");
            assert_eq!(got.header("access-control-allow-credentials"), "", "{path}");
        }
    }
    let request = site.app.request(&[]);
    for path in [
        "/oauth2/authorize",
        "/login",
        "/signup",
        "/forgotPassword",
        "/logout",
        "/error",
        "/nothing",
    ] {
        for method in ["GET", "OPTIONS", "POST"] {
            let got = site.send(from(method, &format!("{path}?{request}"))).await;
            assert_eq!(got.header("access-control-allow-origin"), "", "{method} {path}");
        }
    }
}

/// Many parameters are read in as many steps.
#[tokio::test]
async fn as_many_parameters_as_fit() {
    let site = Site::new().await;
    let letters: Vec<char> = ('a'..='z').chain('A'..='Z').collect();
    let names = letters
        .iter()
        .flat_map(|a| letters.iter().map(move |b| format!("{a}{b}&")));
    let body: String = names
        .flat_map(|name| [name.clone(), format!("0{name}"), format!("1{name}")])
        .collect();
    let began = std::time::Instant::now();
    for _ in 0..8 {
        refused(
            &raw(&site, "/oauth2/token", FORM, &body[..body.len().min(16 * 1024)]).await,
            400,
            "invalid_request",
        );
    }
    assert!(began.elapsed().as_secs() < 1, "{:?}", began.elapsed());
}
