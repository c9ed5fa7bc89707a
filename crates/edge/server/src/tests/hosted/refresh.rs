//! Refresh tokens: whose they are, and what ends them. Reference: 17.2.

use std::{sync::Arc, time::Duration};

use serde_json::json;

use super::{Got, Site, site::refused};

async fn revoke(site: &Site, app: &super::App, token: &str) -> Got {
    let pairs = [("client_id", app.id.as_str()), ("token", token)];
    site.form(&site.at, "/oauth2/revoke", None, &pairs).await
}

#[tokio::test]
async fn a_refresh_token_is_its_clients() {
    let site = Site::new().await;
    let other = site.app_of(&site.at, json!({})).await;
    let elsewhere = site.tenant("elsewhere", json!({})).await;
    let there = site.app_of(&elsewhere, json!({})).await;
    let tokens = site.tokens().await;
    let token = tokens["refresh_token"].as_str().unwrap();
    refused(&site.refresh(&site.at, &other, token).await, 400, "invalid_grant");
    refused(&site.refresh(&elsewhere, &there, token).await, 400, "invalid_grant");
    refused(&site.refresh(&elsewhere, &site.app, token).await, 400, "invalid_client");
    // Nor does another client end it.
    assert_eq!(revoke(&site, &other, token).await.status, 200);
    site.refresh(&site.at, &site.app, token).await.ok();
    for not_one in ["id_token", "access_token"] {
        let text = tokens[not_one].as_str().unwrap();
        refused(&site.refresh(&site.at, &site.app, text).await, 400, "invalid_grant");
        refused(&revoke(&site, &site.app, text).await, 400, "unsupported_token_type");
    }
    // A letter more, less or other is no token.
    let (head, tail) = token.split_at(token.len() / 2);
    let swapped = if tail.starts_with('A') { "B" } else { "A" };
    for text in [
        format!("{token}A"),
        head.to_owned(),
        format!("{head}{swapped}{}", &tail[1..]),
        token.replace('.', ""),
    ] {
        refused(&site.refresh(&site.at, &site.app, &text).await, 400, "invalid_grant");
    }
}

#[tokio::test]
async fn what_ends_a_refresh_token() {
    for operation in [
        "revoke",
        "AdminUserGlobalSignOut",
        "AdminDisableUser",
        "AdminDeleteUser",
        "AdminResetUserPassword",
    ] {
        let site = Site::new().await;
        let tokens = site.tokens().await;
        let (access, refresh) = (
            tokens["access_token"].as_str().unwrap(),
            tokens["refresh_token"].as_str().unwrap(),
        );
        site.user_info(&site.at, access).await.ok();
        if operation == "revoke" {
            revoke(&site, &site.app, refresh).await.ok();
            revoke(&site, &site.app, refresh).await.ok();
        } else {
            site.on_user(&site.at, operation, "ana").await;
        }
        refused(&site.refresh(&site.at, &site.app, refresh).await, 400, "invalid_grant");
        let told = site.user_info(&site.at, access).await;
        assert_eq!(
            (told.status, told.text("/error").as_str()),
            (401, "invalid_token"),
            "{operation}"
        );
    }
}

#[tokio::test]
async fn a_rotated_token_lives_on_for_its_grace_alone() {
    let rotation = json!({
        "RefreshTokenRotation": {"Feature": "ENABLED", "RetryGracePeriodSeconds": 10},
        "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH"],
    });
    let site = Site::with(json!({}), rotation).await;
    let first = site.tokens().await["refresh_token"].as_str().unwrap().to_owned();
    let second = site
        .refresh(&site.at, &site.app, &first)
        .await
        .ok()
        .text("/refresh_token");
    assert_ne!(first, second);
    site.advance(Duration::from_secs(9));
    assert_eq!(
        site.refresh(&site.at, &site.app, &first)
            .await
            .ok()
            .text("/refresh_token"),
        second
    );
    site.advance(Duration::from_secs(1));
    refused(&site.refresh(&site.at, &site.app, &first).await, 400, "invalid_grant");
    // Somebody has a copy: nobody goes on.
    refused(&site.refresh(&site.at, &site.app, &second).await, 400, "invalid_grant");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn refreshed_at_once_all_get_the_same_successor() {
    let rotation = json!({
        "RefreshTokenRotation": {"Feature": "ENABLED", "RetryGracePeriodSeconds": 10},
        "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH"],
    });
    let site = Arc::new(Site::with(json!({}), rotation).await);
    let first = site.tokens().await["refresh_token"].as_str().unwrap().to_owned();
    let mut all = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let (site, token) = (Arc::clone(&site), first.clone());
        all.spawn(async move {
            let got = site.refresh(&site.at, &site.app, &token).await;
            (got.status, got.json()["refresh_token"].clone())
        });
    }
    let answers: Vec<_> = all
        .join_all()
        .await
        .into_iter()
        .filter(|(status, _)| *status != 429)
        .collect();
    assert!(
        answers.len() > 1 && answers.iter().all(|(status, _)| *status == 200),
        "{answers:?}"
    );
    assert!(answers.iter().all(|(_, token)| *token == answers[0].1), "{answers:?}");
}
