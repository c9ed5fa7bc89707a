//! Clients behind a proxy, and clients that don't finish.

use std::{io, net::IpAddr, sync::Arc};

use futures_util::stream;
use http::{HeaderMap, HeaderValue};
use model::{COGNITO_IDP, IAM};
use serde_json::json;

use super::{Draft, Rig};
use crate::{App, body::Body, peer::Peer};

fn said(lines: &[(&'static str, &'static str)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in lines {
        headers.append(*name, HeaderValue::from_static(value));
    }
    headers
}

#[tokio::test]
async fn a_proxy_is_believed_where_it_was_announced_and_is_near() {
    let mut rig = Rig::serve().await;
    let forged = said(&[
        ("x-forwarded-for", "198.51.100.1"),
        ("x-forwarded-for", "198.51.100.2, 203.0.113.7"),
        ("x-forwarded-proto", "http, https"),
    ]);
    let client = |app: &App, from: &str, headers: &HeaderMap| {
        let peer = Peer {
            ip: Some(from.parse().unwrap()),
            secure: false,
        };
        let found = peer.behind_proxy(app, headers);
        (found.ip.unwrap(), found.secure)
    };
    let ip = |text: &str| text.parse::<IpAddr>().unwrap();
    assert_eq!(
        client(&rig.app, "10.0.0.2", &forged),
        (ip("10.0.0.2"), false),
        "not announced"
    );
    Arc::get_mut(&mut rig.app).unwrap().behind_proxy = true;
    assert_eq!(client(&rig.app, "10.0.0.2", &forged), (ip("203.0.113.7"), true));
    assert_eq!(client(&rig.app, "127.0.0.1", &forged), (ip("203.0.113.7"), true));
    assert_eq!(
        client(&rig.app, "203.0.113.9", &forged),
        (ip("203.0.113.9"), false),
        "not near"
    );
    assert_eq!(client(&rig.app, "10.0.0.2", &said(&[])), (ip("10.0.0.2"), false));
    let odd = said(&[
        ("x-forwarded-for", "203.0.113.7, unknown"),
        ("x-forwarded-proto", "https, http"),
    ]);
    assert_eq!(client(&rig.app, "10.0.0.2", &odd), (ip("10.0.0.2"), false));
}

/// The policies see the client, not the proxy.
#[tokio::test]
async fn policies_see_the_proxys_client() {
    let mut rig = Rig::serve().await;
    Arc::get_mut(&mut rig.app).unwrap().behind_proxy = true;
    let root = rig.admin().await;
    let deny = json!({"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "cognito-idp:*", "Resource": "*",
        "Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}}});
    let document =
        percent_encoding::utf8_percent_encode(&deny.to_string(), percent_encoding::NON_ALPHANUMERIC).to_string();
    let parameters = [
        ("UserName", "root"),
        ("PolicyName", "net"),
        ("PolicyDocument", &document),
    ];
    rig.iam(&root, "PutUserPolicy", &parameters).await.ok();
    let list = |from: &str| {
        let draft = Draft::json(&COGNITO_IDP, "ListUserPools", &json!({"MaxResults": 1}));
        rig.send(draft.signed(&root, "cognito-idp").header("x-forwarded-for", from))
    };
    list("198.51.100.4").await.ok();
    assert_eq!(list("203.0.113.4").await.text("/__type"), "AccessDeniedException");
}

#[tokio::test]
async fn a_client_that_breaks_off_is_no_fault_of_ours() {
    let rig = Rig::dev().await;
    let peer = Peer {
        ip: None,
        secure: false,
    };
    let sign_up = Draft::json(&COGNITO_IDP, "SignUp", &json!({}));
    let list = Draft::query(&IAM, "ListUsers", &[]);
    let clock = Draft::new("POST", "/_poolhouse/clock");
    for draft in [sign_up, list, clock] {
        let what = draft.target.clone();
        let broken = stream::iter([Ok("{"), Err(io::Error::from(io::ErrorKind::UnexpectedEof))]);
        let request = draft.request().map(|_| Body::from_stream(broken));
        let got = crate::handle(Arc::clone(&rig.app), peer, request).await;
        assert_eq!(got.status(), 400, "{what}");
    }
}
