//! Buckets and their settings.

use super::*;
use crate::{BucketPolicy, DeleteConditions, Ownership};

const POLICY: &str =
    r#"{"Statement":{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::photos/*"}}"#;

#[tokio::test]
async fn buckets_have_one_owner_and_must_be_empty_to_go() {
    let rig = Rig::new().await;
    assert_eq!(refused(rig.create("photos").await), "BucketAlreadyOwnedByYou");
    let us = Region::new("us-east-1");
    for _ in 0..2 {
        let made = rig
            .objects
            .create_bucket(&rig.cx, "legacy", &us, &Settings::of_new_bucket())
            .await;
        assert_eq!(refused(made), "ok");
    }
    let stranger = rig.cx_of_account("111111111111");
    for (name, region) in [("photos", &us), ("legacy", &Region::new("eu-west-1"))] {
        let made = rig
            .objects
            .create_bucket(&rig.cx, name, region, &Settings::of_new_bucket())
            .await;
        assert_eq!(refused(made), "BucketAlreadyOwnedByYou", "{name} in another region");
    }
    let taken = rig
        .objects
        .create_bucket(&stranger, "photos", &us, &Settings::of_new_bucket())
        .await;
    assert_eq!(refused(taken), "BucketAlreadyExists");

    rig.put("k", b"x").await;
    assert_eq!(refused(rig.objects.delete_bucket("photos").await), "BucketNotEmpty");
    let deleted = rig
        .objects
        .delete_many(
            "photos",
            ["k", "none"]
                .map(|key| (key.to_owned(), DeleteConditions::default()))
                .into(),
        )
        .await;
    assert!(deleted.iter().all(|(_, result)| result.is_ok()));
    let upload = rig
        .objects
        .begin_upload(&rig.cx, "photos", "u", crate::NewUpload::default())
        .await
        .unwrap();
    rig.objects.delete_bucket("photos").await.unwrap();
    assert_eq!(refused(rig.objects.bucket("photos").await), "NoSuchBucket");
    assert_eq!(
        refused(rig.objects.abort_upload("photos", "u", &upload.id).await),
        "NoSuchUpload"
    );
    assert_eq!(
        refused(
            rig.objects
                .put(&rig.cx, ("photos", "k"), NewObject::default(), whole(b"x"))
                .await
        ),
        "NoSuchBucket"
    );
    assert_eq!(rig.contents().await.len(), 0);

    assert_eq!(bucket_names(&rig, "", 10).await, (vec!["legacy".to_owned()], None));
    assert!(rig.create("photos").await.is_ok(), "the name is free again");
    let next = Some("photos".to_owned());
    assert_eq!(bucket_names(&rig, "", 1).await, (vec!["legacy".to_owned()], next));
    assert_eq!(
        bucket_names(&rig, "eu-west-1", 1).await,
        (vec!["photos".to_owned()], None)
    );
}

/// Names of a page, and where the next begins.
async fn bucket_names(rig: &Rig, region: &str, max: usize) -> (Vec<String>, Option<String>) {
    let request = crate::BucketListRequest {
        region,
        max,
        ..crate::BucketListRequest::default()
    };
    let page = rig.objects.buckets(rig.cx.account(), request).await.unwrap();
    (page.buckets.into_iter().map(|b| b.name).collect(), page.next)
}

#[test]
fn acls_work_unless_the_owner_enforces() {
    for (ownership, are_off) in [
        (None, false),
        (Some(Ownership::ObjectWriter), false),
        (Some(Ownership::BucketOwnerPreferred), false),
        (Some(Ownership::BucketOwnerEnforced), true),
    ] {
        let settings = Settings {
            ownership,
            ..Settings::of_new_bucket()
        };
        assert_eq!(settings.acls_are_off(), are_off, "{ownership:?}");
    }
}

#[tokio::test]
async fn settings_change_together() {
    let rig = Rig::new().await;
    let settings = rig.objects.bucket("photos").await.unwrap().settings.clone();
    assert!(settings.blocks_public_policy() && settings.acls_are_off());
    rig.objects
        .change_settings("photos", |s| {
            s.policy = Some(BucketPolicy::parse(POLICY.to_owned()).unwrap());
        })
        .await
        .unwrap();
    rig.objects
        .change_settings("photos", |s| s.public_access_block = None)
        .await
        .unwrap();
    let settings = rig.objects.bucket("photos").await.unwrap().settings.clone();
    assert_eq!(settings.policy.as_ref().map(BucketPolicy::text), Some(POLICY));
    assert!(!settings.blocks_public_policy());
    assert_eq!(
        refused(rig.objects.change_settings("nowhere", |_| ()).await),
        "NoSuchBucket"
    );
}

/// What other nodes make of it within a second, this one knows at once.
#[tokio::test]
async fn a_change_is_seen_at_once() {
    let rig = Rig::new().await;
    let blocks = async || rig.objects.bucket("photos").await.unwrap().settings.acls_are_off();
    assert!(blocks().await);
    let change = rig.objects.change_settings("photos", |s| s.ownership = None);
    change.await.unwrap();
    assert!(!blocks().await);
    rig.objects.delete_bucket("photos").await.unwrap();
    assert_eq!(refused(rig.objects.bucket("photos").await), "NoSuchBucket");
    rig.create("photos").await.unwrap();
    assert!(blocks().await, "a namesake has settings of its own");
}

/// Another node may have cached a bucket that is gone: nothing that comes later may be its version.
#[tokio::test]
async fn a_version_goes_with_its_bucket_and_a_namesake_begins_above_it() {
    let rig = Rig::new().await;
    let version = async || {
        let scope = "bucket:photos";
        let read = move |r: &mut store::Reader<'_>| {
            store::Read::value::<i64>(r, "SELECT version FROM versions WHERE scope = $1", (scope,))
        };
        rig.store.read(read).await.unwrap()
    };
    let change = async || {
        rig.objects
            .change_settings("photos", |s| s.ownership = None)
            .await
            .unwrap();
    };
    let begun = version().await.unwrap();
    change().await;
    assert_eq!(version().await, Some(begun + 1));
    // Made when buckets began without a version, and never changed.
    rig.store
        .write(|tx| Ok(tx.exec("DELETE FROM versions WHERE scope = 'bucket:photos'", ())?))
        .await
        .unwrap();
    rig.objects.delete_bucket("photos").await.unwrap();
    assert_eq!(version().await, Some(1), "none at all may be what is cached");
    for _ in 0..2 {
        rig.advance(std::time::Duration::from_millis(1));
        rig.create("photos").await.unwrap();
        assert!(version().await > Some(begun));
        change().await;
        rig.objects.delete_bucket("photos").await.unwrap();
        assert_eq!(version().await, None);
    }
}
