//! How much is taken of one address, and who says which it is. Reference: oauth-and-federation 17.3, 17.6; docs/security.md.

use std::{net::IpAddr, sync::Arc, time::Duration};

use serde_json::json;

use super::{App, Draft, Got, Rig, Site, Tenant, encoded, site::refused};
use crate::{peer::Peer, tests::ATTEMPTS};

const STRANGER: &str = "203.0.113.7";

async fn from(rig: &Rig, ip: &str, at: &Tenant, draft: Draft) -> Got {
    let peer = Peer {
        ip: Some(ip.parse::<IpAddr>().unwrap()),
        secure: false,
    };
    rig.send_from(peer, draft.header("host", &at.host)).await
}

fn form(target: &str, pairs: &[(&str, &str)]) -> Draft {
    let draft = Draft::new("POST", target).header("content-type", "application/x-www-form-urlencoded");
    draft.with_body(&encoded(pairs))
}

fn login(app: &App) -> Draft {
    let typed = [("username", "nobody"), ("password", "wrong"), ("step", "password")];
    form(&format!("/login?{}", app.request(&[])), &typed)
}

/// Of a confidential client.
fn token(app: &App, secret: &str) -> Draft {
    let pairs = [
        ("grant_type", "client_credentials"),
        ("client_id", &app.id),
        ("client_secret", secret),
    ];
    form("/oauth2/token", &pairs)
}

#[track_caller]
fn stopped(got: &Got) {
    assert_eq!((got.status, got.header("retry-after")), (429, "60"), "{}", got.body);
}

#[tokio::test]
async fn an_address_fills_in_so_many_forms_a_minute() {
    let site = Site::new().await;
    for path in [
        "/login",
        "/signup",
        "/forgotPassword",
        "/confirm",
        "/confirmforgotPassword",
    ] {
        let draft = form(&format!("{path}?{}", site.app.request(&[])), &[("username", "nobody")]);
        assert!(from(&site, STRANGER, &site.at, draft).await.status < 400, "{path}");
    }
    let got = from(&site, STRANGER, &site.at, login(&site.app)).await;
    stopped(&got);
    assert!(got.body.contains("Too many attempts") && got.header("x-frame-options") == "DENY");
    // Pages are shown still, to others all is as before, and here, where other pools are concerned.
    let page = Draft::get(&format!("/login?{}", site.app.request(&[])));
    from(&site, STRANGER, &site.at, page).await.ok();
    from(&site, "203.0.113.8", &site.at, login(&site.app)).await.ok();
    let elsewhere = site.tenant("elsewhere", json!({})).await;
    let there = site.app_of(&elsewhere, json!({})).await;
    from(&site, STRANGER, &elsewhere, login(&there)).await.ok();
    site.advance(Duration::from_secs(60));
    from(&site, STRANGER, &site.at, login(&site.app)).await.ok();
}

/// Of a private network whole offices come by one address, and by proxies that do not say for whom they speak.
#[tokio::test]
async fn neighbours_are_not_counted() {
    let site = Site::new().await;
    for ip in ["127.0.0.1", "10.0.0.9", "192.168.1.1", "::1", "fd00::1"] {
        for _ in 0..=ATTEMPTS {
            from(&site, ip, &site.at, login(&site.app)).await.ok();
        }
    }
}

#[tokio::test]
async fn an_address_fails_to_prove_clients_so_often_a_minute() {
    let site = Site::new().await;
    let server = json!({
        "UserPoolId": site.at.pool, "Identifier": "photos", "Name": "photos",
        "Scopes": [{"ScopeName": "read", "ScopeDescription": "r"}],
    });
    site.call("CreateResourceServer", server).await;
    let settings = json!({
        "GenerateSecret": true, "AllowedOAuthFlows": ["client_credentials"], "AllowedOAuthScopes": ["photos/read"],
    });
    let machine = site.app_of(&site.at, settings).await;
    let secret = machine.secret.clone().unwrap();
    let nobody = App {
        id: "0nobody".to_owned(),
        secret: None,
    };
    for n in 0..ATTEMPTS {
        // What is right is not counted.
        from(&site, STRANGER, &site.at, token(&machine, &secret)).await.ok();
        let wrong = if n % 2 == 0 { &machine } else { &nobody };
        refused(
            &from(&site, STRANGER, &site.at, token(wrong, "wrong")).await,
            400,
            "invalid_client",
        );
    }
    for right in [secret.as_str(), "wrong"] {
        let got = from(&site, STRANGER, &site.at, token(&machine, right)).await;
        stopped(&got);
        assert_eq!(got.text("/error"), "temporarily_unavailable");
        assert_eq!(got.header("access-control-allow-origin"), "*");
    }
    let revoked = form("/oauth2/revoke", &[("client_id", &machine.id), ("token", "x")]);
    stopped(&from(&site, STRANGER, &site.at, revoked).await);
    from(&site, "203.0.113.8", &site.at, token(&machine, &secret))
        .await
        .ok();
    site.advance(Duration::from_secs(60));
    from(&site, STRANGER, &site.at, token(&machine, &secret)).await.ok();
}

/// Behind a proxy it is whom the proxy speaks for; else whoever connects, whatever the headers say.
#[tokio::test]
async fn a_proxy_says_who_tries() {
    let mut site = Site::new().await;
    for behind_proxy in [false, true] {
        Arc::get_mut(&mut site.rig.app).unwrap().behind_proxy = behind_proxy;
        let tried = |connected: &'static str, said: String| {
            let draft = login(&site.app).header("x-forwarded-for", &said);
            from(&site.rig, connected, &site.at, draft)
        };
        // Another each time, as whoever wants to be others would say.
        for n in 0..ATTEMPTS {
            tried(STRANGER, format!("198.51.100.{n}")).await.ok();
        }
        stopped(&tried(STRANGER, "198.51.100.99".to_owned()).await);
        for n in 0..ATTEMPTS {
            tried("10.0.0.2", format!("198.51.100.{n}, 198.51.100.200")).await.ok();
        }
        let got = tried("10.0.0.2", "198.51.100.200".to_owned()).await;
        assert_eq!(got.status == 429, behind_proxy);
        site.advance(Duration::from_secs(60));
    }
}

/// Behind a proxy too the host is what the request says, and links and cookies are of it.
#[tokio::test]
async fn a_proxy_does_not_say_whose_pages_they_are() {
    let mut site = Site::new().await;
    let elsewhere = site.tenant("elsewhere", json!({})).await;
    let there = site.app_of(&elsewhere, json!({})).await;
    for behind_proxy in [false, true] {
        Arc::get_mut(&mut site.rig.app).unwrap().behind_proxy = behind_proxy;
        for connected in ["10.0.0.2", STRANGER] {
            let asked = |app: &App| {
                let draft = Draft::get(&format!("/oauth2/authorize?{}", app.request(&[])))
                    .header("x-forwarded-host", &elsewhere.host)
                    .header("x-forwarded-server", &elsewhere.host)
                    .header("forwarded", &format!("host={};proto=https", elsewhere.host))
                    .header("x-forwarded-proto", "https");
                from(&site.rig, connected, &site.at, draft)
            };
            let got = asked(&there).await;
            assert!(
                got.header("location").starts_with("/error?"),
                "{}",
                got.header("location")
            );
            let got = asked(&site.app).await;
            assert!(
                got.header("location").starts_with("/login?"),
                "{}",
                got.header("location")
            );
            let is_believed = behind_proxy && connected == "10.0.0.2";
            assert_eq!(got.header("set-cookie").contains("Secure"), is_believed);
            assert_eq!(!got.header("strict-transport-security").is_empty(), is_believed);
        }
    }
}
