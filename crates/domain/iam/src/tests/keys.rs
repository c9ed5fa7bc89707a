//! Access keys. Reference: identity-pools-iam 3.2, 7.

use std::sync::Arc;

use serde_json::json;
use testkit::text;

use super::app::App;

#[tokio::test]
async fn a_key_is_made_listed_changed_and_deleted() {
    let app = App::new().await;
    app.iam("CreateUser", json!({"UserName": "Ana"})).await.ok();
    let made = app.iam("CreateAccessKey", json!({"UserName": "ana"})).await.ok();
    assert_eq!(made["AccessKey"]["UserName"], "Ana");
    assert_eq!(made["AccessKey"]["Status"], "Active");
    let id = text(&made, "/AccessKey/AccessKeyId");
    let listed = app.iam("ListAccessKeys", json!({"UserName": "Ana"})).await.ok();
    assert_eq!(listed["AccessKeyMetadata"][0]["AccessKeyId"], id.as_str());
    assert!(
        !listed.to_string().contains(&text(&made, "/AccessKey/SecretAccessKey")),
        "the secret is shown once"
    );

    let of = |user: &str| json!({"UserName": user, "AccessKeyId": id, "Status": "Inactive"});
    app.iam("UpdateAccessKey", of("Ana")).await.ok();
    let listed = app.iam("ListAccessKeys", json!({"UserName": "Ana"})).await.ok();
    assert_eq!(listed["AccessKeyMetadata"][0]["Status"], "Inactive");

    app.iam("CreateUser", json!({"UserName": "Eve"})).await.ok();
    let sentence = format!("The Access Key with id {id} cannot be found.");
    app.iam("UpdateAccessKey", of("Eve"))
        .await
        .refused("NoSuchEntity", &sentence);
    let of = |user: &str| json!({"UserName": user, "AccessKeyId": id});
    app.iam("DeleteAccessKey", of("Eve"))
        .await
        .refused("NoSuchEntity", &sentence);
    app.iam("DeleteAccessKey", of("Ana")).await.ok();
    app.iam("DeleteAccessKey", of("Ana"))
        .await
        .refused("NoSuchEntity", &sentence);
    let nobody = app.iam("CreateAccessKey", json!({"UserName": "Nobody"})).await;
    nobody.refused("NoSuchEntity", "The user with name Nobody cannot be found.");
}

#[tokio::test]
async fn the_secret_is_sealed_in_the_store() {
    let app = App::new().await;
    let (ana, credentials) = app.user("Ana").await;
    let id = kernel::AccessKeyId::new(credentials.key.as_str());
    let row = app
        .store
        .read(move |r| store::records::iam_keys::find(r, &ana.principal.account, &ana.principal.user_id, &id))
        .await
        .unwrap()
        .unwrap();
    let needle = credentials.secret.as_bytes();
    assert!(!row.secret.windows(needle.len()).any(|window| window == needle));
    let opened = app
        .keyring
        .open(vault::Purpose::SecretKey, &[&credentials.key], &row.secret)
        .unwrap();
    assert_eq!(opened.as_bytes(), needle);
    assert!(
        app.keyring
            .open(vault::Purpose::SecretKey, &["AKIAOTHER"], &row.secret)
            .is_err(),
        "bound to its id"
    );
}

/// Whoever is quicker: of many that ask at once, two get a key.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_keys_at_most_even_in_a_race() {
    let app = Arc::new(App::new().await);
    app.iam("CreateUser", json!({"UserName": "Ana"})).await.ok();
    let calls: Vec<_> = (0..16)
        .map(|_| {
            let app = Arc::clone(&app);
            tokio::spawn(async move { app.iam("CreateAccessKey", json!({"UserName": "Ana"})).await })
        })
        .collect();
    let mut made = 0;
    for call in calls {
        match call.await.unwrap().result {
            Ok(_) => made += 1,
            Err(error) => assert_eq!(error.message(), "Cannot exceed quota for AccessKeysPerUser: 2"),
        }
    }
    assert_eq!(made, 2);
    // And one of many that make the same user.
    let calls: Vec<_> = (0..8)
        .map(|n| {
            let app = Arc::clone(&app);
            let name = if n % 2 == 0 { "Eve" } else { "EVE" };
            tokio::spawn(async move { app.iam("CreateUser", json!({"UserName": name})).await.result.is_ok() })
        })
        .collect();
    let mut made = 0;
    for call in calls {
        made += usize::from(call.await.unwrap());
    }
    assert_eq!(made, 1);
}
