//! By what SAML identity providers know a pool's requests. Reference: user-pools 14.5, oauth-and-federation 11.2.

use std::time::Duration;

use base64::{Engine, prelude::BASE64_STANDARD};
use kernel::Timestamp;
use serde_json::{Value, json};
use testkit::{Call, text};
use x509_cert::{
    Certificate,
    der::{Decode, Encode},
};

use super::NOT_FOUND;
use crate::{UserPools, ops, tests::app::App};

const A_DAY: i64 = 24 * 3600;

async fn certificate_of(app: &App, node: &UserPools, pool: &str) -> String {
    let call = Call::of(&ops::TABLE, "GetSigningCertificate", json!({"UserPoolId": pool}));
    text(&call.on(node, &app.cx()).await.ok(), "/Certificate")
}

fn read(base64: &str) -> Certificate {
    Certificate::from_der(&BASE64_STANDARD.decode(base64).unwrap()).unwrap()
}

fn key(certificate: &Certificate) -> Vec<u8> {
    certificate.tbs_certificate.subject_public_key_info.to_der().unwrap()
}

fn ends(certificate: &Certificate) -> Timestamp {
    let end = certificate.tbs_certificate.validity.not_after.to_unix_duration();
    Timestamp::from_secs(i64::try_from(end.as_secs()).unwrap())
}

#[tokio::test]
async fn a_pool_has_one_certificate_a_year_over_one_key() {
    let app = App::new().await;
    let (pool, other) = (app.pool(json!({})).await, app.pool(json!({})).await);
    // Asked at two nodes at once.
    let neighbour = app.neighbour();
    let (here, there) = tokio::join!(
        certificate_of(&app, &app.pools, &pool),
        certificate_of(&app, &neighbour, &pool)
    );
    assert_eq!(here, there);
    let first = read(&here);
    assert_eq!(first.tbs_certificate.subject.to_string(), format!("CN={pool}"));
    let ten_years = 3_650 * A_DAY;
    assert!((0..A_DAY).contains(&(app.cx().wall().secs() + ten_years - ends(&first).secs())));
    assert_ne!(key(&first), key(&read(&certificate_of(&app, &app.pools, &other).await)));

    app.advance(Duration::from_secs(364 * 24 * 3600));
    let app = app.restarted_with_new_key().await;
    assert_eq!(certificate_of(&app, &app.pools, &pool).await, here);
    app.advance(Duration::from_secs(24 * 3600));
    let neighbour = app.neighbour();
    let (here, there) = tokio::join!(
        certificate_of(&app, &app.pools, &pool),
        certificate_of(&app, &neighbour, &pool)
    );
    assert_eq!(here, there);
    let second = read(&here);
    assert_eq!(key(&second), key(&first));
    assert_ne!(
        second.tbs_certificate.serial_number,
        first.tbs_certificate.serial_number
    );
    assert_eq!(certificate_of(&app, &app.pools, &pool).await, here);
}

/// Whoever could have a token signed by it would be anybody.
#[tokio::test]
async fn no_token_is_verified_by_the_key() {
    let app = App::new().await;
    let pool = app.pool(json!({})).await;
    let keys = || async {
        let keys = app.tokens.jwks(&pool).await.unwrap().unwrap();
        serde_json::from_str::<Value>(&keys).unwrap()
    };
    let before = keys().await;
    certificate_of(&app, &app.pools, &pool).await;
    app.tokens.forget();
    assert_eq!(keys().await, before);
    assert_eq!(before["keys"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_pool_that_is_gone_has_none() {
    let app = App::new().await;
    let pinned = json!({"UserPoolTags": {"_custom_id_": "us-east-1_Pinned01"}});
    let pool = app.pool(pinned.clone()).await;
    let first = certificate_of(&app, &app.pools, &pool).await;
    let named = json!({"UserPoolId": pool});
    app.admin.call("DeleteUserPool", named.clone()).await.ok();
    let gone = app.admin.call("GetSigningCertificate", named).await;
    gone.refused(NOT_FOUND, &format!("User pool {pool} does not exist."));
    app.pool(pinned).await;
    let heir = certificate_of(&app, &app.pools, &pool).await;
    assert_ne!(key(&read(&heir)), key(&read(&first)));
}
