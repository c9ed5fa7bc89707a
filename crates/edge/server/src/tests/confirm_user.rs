//! The page that the link of a sign-up mail leads to.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{Draft, Key, Rig};

/// A server where Ana has signed up in a pool that confirms by link: its key, her pool, and the link as the mail holds it, without
/// the server.
async fn with_link(rig: &Rig, client: Value) -> (Key, String, String) {
    let key = match rig.app.doors {
        Some(_) => Key::unknown(),
        None => rig.admin().await,
    };
    let pool = json!({
        "PoolName": "people", "AutoVerifiedAttributes": ["email"],
        "VerificationMessageTemplate": {"DefaultEmailOption": "CONFIRM_WITH_LINK"},
    });
    let answer = rig.idp(&key, "CreateUserPool", pool).await.ok().json();
    let pool = answer["UserPool"]["Id"].as_str().unwrap().to_owned();
    let mut input = json!({"UserPoolId": pool, "ClientName": "web"});
    input
        .as_object_mut()
        .unwrap()
        .extend(client.as_object().unwrap().clone());
    let answer = rig.idp(&key, "CreateUserPoolClient", input).await.ok().json();
    let client = answer["UserPoolClient"]["ClientId"].as_str().unwrap();
    rig.sign_up(client, "ana@example.com").await;
    let kept = rig.app.delivery.inbox(Some("ana@example.com")).await.unwrap();
    let link = kept[0].message.link.clone().unwrap();
    (key, pool, link)
}

fn path_of(link: &str) -> &str {
    let rest = link.split_once("://").unwrap().1;
    &rest[rest.find('/').unwrap()..]
}

async fn status(rig: &Rig, key: &Key, pool: &str) -> Value {
    let user = json!({"UserPoolId": pool, "Username": "ana@example.com"});
    rig.idp(key, "AdminGetUser", user).await.ok().json()["UserStatus"].clone()
}

#[tokio::test]
async fn opening_the_link_confirms_and_opening_it_again_says_so() {
    let mut bodies = Vec::new();
    for rig in [Rig::dev().await, Rig::serve().await] {
        let (key, pool, link) = with_link(&rig, json!({})).await;
        let base = if rig.app.doors.is_some() {
            format!("http://{}", super::HOST)
        } else {
            super::PUBLIC_URL.to_owned()
        };
        assert!(link.starts_with(&format!("{base}/confirmUser?client_id=")), "{link}");
        let path = path_of(&link);

        let looked = rig.send(Draft::new("HEAD", path)).await;
        assert_eq!((looked.status, looked.body.as_str()), (200, ""));
        assert_eq!(status(&rig, &key, &pool).await, "UNCONFIRMED", "a look has no effect");

        let page = rig.send(Draft::get(path)).await.ok();
        assert_eq!(status(&rig, &key, &pool).await, "CONFIRMED");
        for (name, value) in [
            ("content-type", "text/html; charset=utf-8"),
            ("cache-control", "no-store"),
            ("referrer-policy", "no-referrer"),
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            (
                "content-security-policy",
                "default-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
            ),
            ("set-cookie", ""),
        ] {
            assert_eq!(page.header(name), value, "{name}");
        }
        bodies.push(page.body);
        for spelling in ["/confirmUser/?", "/confirmuser?", "/CONFIRMUSER/?"] {
            let path = path.replace("/confirmUser?", spelling);
            let page = rig.send(Draft::get(&path)).await.ok();
            assert!(page.body.contains("was confirmed before"), "{path}: {}", page.body);
        }
    }
    assert_snapshot!(bodies[0], @r#"
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="robots" content="noindex">
    <title>Confirmed</title>
    </head>
    <body>
    <main>
      <h1>Confirmed</h1>
      <p>Your account is confirmed. You can sign in now.</p>
    </main>
    </body>
    </html>
    "#);
    assert_eq!(bodies[0], bodies[1]);
}

#[tokio::test]
async fn what_is_wrong_is_a_plain_page() {
    let rig = Rig::dev().await;
    let (key, pool, link) = with_link(&rig, json!({})).await;
    let path = path_of(&link);
    let (before, code) = path.rsplit_once('=').unwrap();
    let digits: u32 = code.parse().unwrap();
    let wrong = format!("{before}={:06}", (digits + 1) % 1_000_000);
    let client = path.split(['=', '&']).nth(1).unwrap();
    for (path, sentence) in [
        (wrong.as_str(), "Invalid verification code provided, please try again."),
        (before, "Invalid verification code provided, please try again."),
        ("/confirmUser", "User pool client  does not exist."),
        (
            &path.replace(client, "%3Cb%3E"),
            "User pool client &#60;b&#62; does not exist.",
        ),
        (
            &path.replace("ana", "%3Cscript%3E"),
            "Username/client id combination not found.",
        ),
        (
            &path.replace("ana", "%00"),
            "Invalid verification code provided, please try again.",
        ),
        (&path.replace("ana", "%ff"), "Username/client id combination not found."),
    ] {
        let got = rig.send(Draft::get(path)).await;
        assert_eq!(got.status, 400, "{path}");
        assert!(got.body.contains(sentence), "{path}: {}", got.body);
        assert!(
            !got.body.contains("<script>") && !got.body.contains("<b>"),
            "{path}: {}",
            got.body
        );
        assert_eq!(
            (got.header("cache-control"), got.header("referrer-policy")),
            ("no-store", "no-referrer")
        );
    }
    let post = rig.send(Draft::new("POST", path)).await;
    assert_eq!((post.status, post.header("allow")), (405, "GET, HEAD"));
    for _ in 0..15 {
        rig.send(Draft::get(&wrong)).await;
    }
    let late = rig.send(Draft::get(path)).await;
    assert_eq!(late.status, 429);
    assert!(late.body.contains("Attempt limit exceeded"), "{}", late.body);
    assert_eq!(status(&rig, &key, &pool).await, "UNCONFIRMED");
}

/// Names of buckets have no capitals: what could be one is one, unless it carries a code.
#[tokio::test]
async fn a_bucket_may_have_its_name() {
    let rig = Rig::dev().await;
    let key = Key::unknown();
    rig.send(Draft::make_bucket("confirmuser").signed(&key, "s3"))
        .await
        .ok();
    let list = rig
        .send(Draft::get("/confirmuser?list-type=2").signed(&key, "s3"))
        .await
        .ok();
    assert!(list.body.contains("<Name>confirmuser</Name>"), "{}", list.body);
}

/// Under a name that could be a custom domain's and is none, as behind a proxy that nobody told us of.
#[tokio::test]
async fn a_link_under_another_name_confirms_too() {
    let rig = Rig::dev().await;
    let (key, pool, link) = with_link(&rig, json!({})).await;
    let opened = Draft::get(path_of(&link)).header("host", "proxied.example.net");
    rig.send(opened).await.ok();
    assert_eq!(status(&rig, &key, &pool).await, "CONFIRMED");
}
