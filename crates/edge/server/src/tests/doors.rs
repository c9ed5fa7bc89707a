//! Poolhouse's own paths: health in both profiles, the rest in dev alone and for its own pages.

use std::sync::atomic::Ordering;

use http_body_util::BodyExt;
use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{Draft, Key, Rig};
use crate::peer::Peer;

/// A server where ana and ben have signed up.
async fn with_mail() -> Rig {
    let rig = Rig::dev().await;
    let (_, client) = rig.pool(&Key::unknown(), None).await;
    for address in ["ana@example.com", "ben@example.com"] {
        rig.advance(std::time::Duration::from_secs(1));
        rig.sign_up(&client, address).await;
    }
    rig
}

#[tokio::test]
async fn health_says_whether_the_store_answers() {
    for rig in [Rig::dev().await, Rig::serve().await] {
        let got = rig.send(Draft::get("/_poolhouse/health")).await;
        assert_eq!(
            (got.status, got.json()),
            (200, json!({"status": "ok", "version": "1.2.3"}))
        );
        let far = Draft::get("/_poolhouse/health").header("host", "balancer.example.com");
        assert_eq!(rig.send(far).await.status, 200, "health is for everybody");
        rig.app.store.clone().close().await;
        let got = rig.send(Draft::get("/_poolhouse/health")).await;
        assert_eq!(
            (got.status, got.text("/status").as_str()),
            (503, "the database does not answer")
        );
    }
}

#[tokio::test]
async fn the_inbox_shows_what_was_sent() {
    let rig = with_mail().await;
    let list = rig.send(Draft::get("/_poolhouse/inbox.json")).await.ok();
    assert_eq!(
        (list.header("content-type"), list.header("cache-control")),
        ("application/json", "no-store")
    );
    let list = list.json();
    let newest = &list[0];
    assert_eq!(list.as_array().unwrap().len(), 2);
    assert_eq!(
        (newest["to"].as_str(), newest["channel"].as_str()),
        (Some("ben@example.com"), Some("email"))
    );
    assert_eq!(newest["at"], json!("2026-01-15T12:00:02Z"));
    let code = newest["code"].as_str().unwrap();
    assert!(
        code.len() == 6 && newest["body"].as_str().unwrap().contains(code),
        "{newest}"
    );
    assert!(newest["pool_id"].as_str().unwrap().starts_with("eu-west-1_"));
    let members: Vec<&String> = newest.as_object().unwrap().keys().collect();
    assert_eq!(
        members,
        [
            "at", "body", "channel", "code", "id", "link", "pool_id", "subject", "to"
        ]
    );

    let accepting = Draft::get("/_poolhouse/inbox").header("accept", "application/json");
    assert_eq!(rig.send(accepting).await.ok().json(), list);
    for (filter, count) in [
        ("ana%40example.com", 1),
        ("ana@example.com", 1),
        ("nobody@example.com", 0),
        ("", 2),
    ] {
        let found = rig
            .send(Draft::get(&format!("/_poolhouse/inbox.json?to={filter}")))
            .await
            .ok()
            .json();
        assert_eq!(found.as_array().unwrap().len(), count, "{filter}");
    }
}

#[tokio::test]
async fn the_inbox_is_a_page_too() {
    let rig = with_mail().await;
    let browser = |path: &str| Draft::get(path).header("accept", "text/html,application/xhtml+xml,*/*;q=0.8");
    let page = rig.send(browser("/_poolhouse/inbox")).await.ok();
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert!(
        page.header("content-security-policy")
            .starts_with("default-src 'none'; script-src 'self'")
    );
    assert_eq!(
        (page.header("cache-control"), page.header("x-content-type-options")),
        ("no-store", "nosniff")
    );
    assert!(page.body.contains("ana@example.com") && page.body.contains("ben@example.com"));
    let anas = rig.send(browser("/_poolhouse/inbox?to=ana@example.com")).await.ok();
    assert!(anas.body.contains("ana@example.com") && !anas.body.contains("ben@example.com"));
    let script = rig
        .send(browser("/_poolhouse/inbox?to=%3Cscript%3Ealert(1)%3C/script%3E"))
        .await
        .ok();
    assert!(!script.body.contains("<script>alert"), "{}", script.body);
    for (path, kind) in [
        ("inbox.js", "text/javascript; charset=utf-8"),
        ("inbox.css", "text/css; charset=utf-8"),
    ] {
        let asset = rig.send(Draft::get(&format!("/_poolhouse/{path}"))).await.ok();
        assert_eq!(asset.header("content-type"), kind);
        assert!(page.body.contains(path), "the page uses {path}");
    }
}

#[tokio::test]
async fn arrivals_are_events() {
    let rig = Rig::dev().await;
    let (_, client) = rig.pool(&Key::unknown(), None).await;
    let peer = Peer {
        ip: None,
        secure: false,
    };
    let answer = crate::handle(rig.app.clone(), peer, Draft::get("/_poolhouse/inbox/events").request()).await;
    assert_eq!(answer.headers()["content-type"], "text/event-stream");
    let mut body = answer.into_body();
    let mut next = async || {
        let frame = body.frame().await.unwrap().unwrap().into_data().unwrap();
        String::from_utf8(frame.to_vec()).unwrap()
    };
    assert_eq!(next().await, ": listening\n\n");
    rig.sign_up(&client, "ana@example.com").await;
    let event = next().await;
    let data: Value = serde_json::from_str(event.strip_prefix("data: ").unwrap()).unwrap();
    assert_eq!(data["to"], json!("ana@example.com"));
    let listed = rig.send(Draft::get("/_poolhouse/inbox.json")).await.ok().json();
    assert_eq!(data, listed[0]);
}

#[tokio::test]
async fn the_clock_moves_forward() {
    let rig = Rig::dev().await;
    let post = |body: &str| Draft::new("POST", "/_poolhouse/clock").with_body(body);
    let got = rig.send(post("{\"advance_seconds\": 3600}")).await;
    assert_eq!((got.status, got.json()), (200, json!({"now": "2026-01-15T13:00:00Z"})));
    for bad in [
        "",
        "{}",
        "{\"advance_seconds\": -1}",
        "{\"advance_seconds\": \"5\"}",
        "{\"advance_seconds\": 1e300}",
        "[1]",
    ] {
        assert_eq!(rig.send(post(bad)).await.status, 400, "{bad}");
    }
    assert_eq!(rig.send(post(&" ".repeat(5000))).await.status, 413);
    let still = rig.send(post("{\"advance_seconds\": 0}")).await;
    assert_eq!(still.json(), json!({"now": "2026-01-15T13:00:00Z"}));
}

#[tokio::test]
async fn triggers_are_listed_and_invoked_again() {
    let rig = Rig::dev().await;
    let (pool, client) = rig.pool(&Key::unknown(), None).await;
    let function = "arn:aws:lambda:eu-west-1:123456789012:function:nobody";
    let arn = function.replace("eu-west-1", testkit::REGION);
    let input = json!({"UserPoolId": pool, "LambdaConfig": {"PreSignUp": arn}});
    let updated = rig.idp(&Key::unknown(), "UpdateUserPool", input).await;
    assert_eq!(updated.status, 200, "{}", updated.body);
    let sign_up = json!({"ClientId": client, "Username": "ana@example.com", "Password": "Passw0rd!"});
    assert_eq!(rig.public("SignUp", sign_up).await.status, 400);
    let list = || rig.send(Draft::get("/_poolhouse/triggers.json"));
    let listed = list().await.json();
    assert_eq!(
        (&listed[0]["number"], &listed[0]["trigger"]),
        (&json!(1), &json!("PreSignUp"))
    );
    assert_eq!(listed[0]["event"]["triggerSource"], "PreSignUp_SignUp");
    assert_eq!(
        (&listed[0]["function"], &listed[0]["answer"]),
        (&json!(arn), &Value::Null)
    );
    assert_eq!(listed[0]["error"], "the invocation failed: ResourceNotFoundException");

    let replay = |body: &str| rig.send(Draft::new("POST", "/_poolhouse/triggers/replay").with_body(body));
    let again = replay(r#"{"number": 1}"#).await;
    assert_eq!((again.status, &again.json()["error"]), (200, &listed[0]["error"]));
    assert_eq!(list().await.json()[0]["event"], listed[0]["event"]);
    assert_eq!(list().await.json().as_array().unwrap().len(), 2);
    assert_eq!(replay(r#"{"number": 9}"#).await.status, 404);
    assert_eq!(replay("what").await.status, 400);
    let page = rig.send(Draft::get("/_poolhouse/triggers")).await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("PreSignUp_SignUp") && page.body.contains("data-replay=\"2\""));
    assert_eq!(rig.send(Draft::get("/_poolhouse/triggers.js")).await.status, 200);
}

#[tokio::test]
async fn reset_says_how_it_went() {
    let rig = Rig::dev().await;
    let reset = || rig.send(Draft::new("POST", "/_poolhouse/reset"));
    let got = reset().await;
    assert_eq!((got.status, got.json()), (200, json!({"status": "reset"})));
    let got = reset().await;
    assert_eq!(
        (got.status, got.body.as_str()),
        (500, "The reset failed; the log says why.")
    );
    assert_eq!(rig.resets.load(Ordering::Relaxed), 2);
}

#[tokio::test]
async fn doors_want_their_method_and_their_name() {
    let rig = Rig::dev().await;
    for (method, path, status) in [
        ("GET", "clock", 405),
        ("GET", "reset", 405),
        ("POST", "inbox", 405),
        ("DELETE", "inbox.json", 405),
        ("GET", "nowhere", 404),
        ("POST", "triggers", 405),
        ("GET", "triggers/replay", 405),
        ("POST", "health", 404),
        ("GET", "inbox/other", 404),
    ] {
        assert_eq!(
            rig.send(Draft::new(method, &format!("/_poolhouse/{path}")))
                .await
                .status,
            status,
            "{method} {path}"
        );
    }
    assert_eq!(rig.resets.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn doors_open_for_our_own_pages_alone() {
    let rig = Rig::dev().await;
    let post = || Draft::new("POST", "/_poolhouse/reset");
    let got = rig.send(post().header("origin", "https://evil.example.com")).await;
    assert_snapshot!(got.printed(), @"
    403
    content-type: text/plain; charset=utf-8

    This door opens for loopback names and configured hosts only, and not for pages of other origins.
    ");
    for draft in [
        post().header("host", "evil.example.com:4566"),
        post().header("origin", "null"),
        Draft::get("/_poolhouse/inbox.json").header("host", "evil.example.com"),
        Draft::get("/_poolhouse/inbox/events").header("origin", "http://evil.example.com"),
        Draft::get("/_poolhouse/triggers.json").header("host", "evil.example.com"),
        Draft::new("POST", "/_poolhouse/triggers/replay").header("origin", "https://evil.example.com"),
    ] {
        assert_eq!(rig.send(draft).await.status, 403);
    }
    let mut hostless = Draft::get("/_poolhouse/inbox.json");
    hostless.headers.remove("host");
    assert_eq!(rig.send(hostless).await.status, 403);
    assert_eq!(rig.resets.load(Ordering::Relaxed), 0);
    assert_eq!(
        rig.send(post().header("origin", "http://localhost:3000")).await.status,
        200
    );
}

#[tokio::test]
async fn serve_has_no_doors() {
    let rig = Rig::serve().await;
    for (method, path) in [
        ("GET", ""),
        ("GET", "inbox"),
        ("GET", "inbox.json"),
        ("GET", "inbox/events"),
        ("GET", "inbox.js"),
        ("GET", "triggers"),
        ("GET", "triggers.json"),
        ("POST", "triggers/replay"),
        ("POST", "clock"),
        ("POST", "reset"),
    ] {
        let got = rig.send(Draft::new(method, &format!("/_poolhouse/{path}"))).await;
        assert_eq!(
            (got.status, got.body.as_str()),
            (404, "There is no such door."),
            "{method} {path}"
        );
    }
}
