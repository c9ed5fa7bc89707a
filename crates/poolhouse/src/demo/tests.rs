use std::{collections::BTreeMap, sync::Arc};

use iam::Caller;
use kernel::{Cx, Principal};
use objects::{Asked, Conditions, Intent, Manner, Operation, Select};
use serde_json::Value;
use server::Profile;
use testkit::Folder;

use super::*;
use crate::{
    deployment::Deployment,
    keyring::Absent,
    reset::{Fresh, Start},
    services::Services,
    settings::Sources,
    storage::Storage,
};

const URL: &str = "http://127.0.0.1:4566";

async fn started(folder: &Folder, database: Option<&str>) -> (Storage, Services) {
    let mut flags = BTreeMap::from([("data".to_owned(), folder.path().join("data").display().to_string())]);
    flags.extend(database.map(|url| ("database".to_owned(), url.to_owned())));
    let settings = Sources {
        flags,
        ..Sources::default()
    }
    .settings()
    .unwrap();
    let storage = Storage::open(&settings, Absent::Create).await.unwrap();
    let deployment = Deployment {
        settings: &settings,
        profile: Profile::Dev,
        public_url: None,
        alias: server::AliasHosts::default(),
    };
    let services = Services::new(&deployment, &storage).unwrap();
    let keys = testkit::signing_keys();
    services.tokens.add_spares(keys);
    (storage, services)
}

/// As anybody reads it.
async fn file(services: &Services, cx: &Cx, name: &str) -> Vec<u8> {
    let bucket = services.objects.bucket(BUCKET).await.unwrap();
    let manner = Manner {
        signature: None,
        content_sha256: None,
        endpoint: cx.region.clone(),
    };
    let asked = Asked {
        caller: &Caller::without_rights(Principal::anonymous(cx.account().clone())),
        intent: &Intent::plain(Operation::GetObject, BUCKET, name, manner),
        bucket: Some(&bucket),
    };
    let found = services.objects.judged(cx, asked).await.unwrap().unwrap();
    let any = Conditions::default();
    let opened = services.objects.open(cx, found, &any, Select::Whole);
    opened.await.unwrap().unwrap().into_bytes().await.unwrap()
}

async fn every_start_finds_what_the_first_made(database: Option<&str>) {
    let folder = Folder::new().unwrap();
    let (storage, services) = started(&folder, database).await;
    let first = seed(&services, &storage.env, URL).await.unwrap();
    let page = services.objects.object(BUCKET, "index.html").await.unwrap().unwrap();
    assert_eq!(seed(&services, &storage.env, URL).await.unwrap(), first);
    drop(services);
    storage.store.close().await;

    let (storage, services) = started(&folder, database).await;
    assert_eq!(seed(&services, &storage.env, URL).await.unwrap(), first);
    let again = services.objects.object(BUCKET, "index.html").await.unwrap().unwrap();
    assert_eq!(
        again.modified_at, page.modified_at,
        "the same bytes are not written again"
    );
}

#[tokio::test]
async fn the_page_is_told_what_was_made() {
    let folder = Folder::new().unwrap();
    let (storage, services) = started(&folder, None).await;
    let demo = seed(&services, &storage.env, URL).await.unwrap();
    let config: Value =
        serde_json::from_slice(&file(&services, &Cx::internal(&storage.env, URL), "config.json").await).unwrap();
    assert_eq!(config["userPoolId"], demo.pool.as_str());
    assert_eq!(config["clientId"], demo.client.as_str());
    assert_eq!(config["identityPoolId"], demo.identity_pool.as_str());
    assert_eq!(config["bucket"], BUCKET);
    assert_eq!(config["inbox"], "/_poolhouse/inbox");
    for page in pages::demo::FILES {
        assert_eq!(
            file(&services, &Cx::internal(&storage.env, URL), page.name).await,
            page.bytes,
            "{}",
            page.name
        );
    }
}

async fn what_somebody_changed_stays_and_a_reset_brings_it_back(database: Option<&str>) {
    let folder = Folder::new().unwrap();
    let (storage, services) = started(&folder, database).await;
    let demo = seed(&services, &storage.env, URL).await.unwrap();
    let cx = Cx::internal(&storage.env, URL);
    let website = async || services.objects.bucket(BUCKET).await.unwrap().settings.website.clone();
    services
        .objects
        .change_settings(BUCKET, |settings| settings.website = None)
        .await
        .unwrap();
    services
        .objects
        .create_bucket(&cx, "another", &cx.region, &objects::Settings::of_new_bucket())
        .await
        .unwrap();
    seed(&services, &storage.env, URL).await.unwrap();
    assert!(website().await.is_none());

    storage.clock.advance(std::time::Duration::from_secs(3600));
    let fresh = Fresh {
        services: services.clone(),
        env: Arc::clone(&storage.env),
        clock: Arc::clone(&storage.clock),
        start: Start::Demo,
        base_url: URL.to_owned(),
    };
    fresh.reset().await.unwrap();
    assert!(website().await.is_some());
    assert!(services.objects.bucket("another").await.is_err());
    assert!(cx.now().since(cx.wall()).as_secs() < 60);
    assert_eq!(
        file(&services, &Cx::internal(&storage.env, URL), "index.html").await,
        pages::demo::FILES[5].bytes
    );
    assert_eq!(seed(&services, &storage.env, URL).await.unwrap(), demo);

    Fresh {
        start: Start::Empty,
        ..fresh
    }
    .reset()
    .await
    .unwrap();
    assert!(services.objects.bucket(BUCKET).await.is_err());
}

#[test]
fn the_screen_names_everything_and_fits() {
    let demo = Demo {
        region: kernel::Region::new("us-east-1"),
        account: "000000000000".to_owned(),
        pool: "us-east-1_PoolHouse".to_owned(),
        client: "client".to_owned(),
        identity_pool: "us-east-1:1".to_owned(),
        bucket: BUCKET.to_owned(),
    };
    let screen = screen(&demo, URL);
    for part in [
        "http://127.0.0.1:4566/_website/poolhouse-demo/",
        "http://127.0.0.1:4566/_poolhouse/inbox",
        "arn:aws:iam::000000000000:role/poolhouse-demo-authenticated",
        "arn:aws:iam::000000000000:role/poolhouse-demo-guest",
        "AWS_ENDPOINT_URL=http://127.0.0.1:4566",
        "userPoolEndpoint: 'http://127.0.0.1:4566'",
    ] {
        assert!(screen.contains(part), "{part}");
    }
    assert!(screen.lines().count() <= 30 && screen.lines().all(|line| line.len() <= 120));
}

/// Cases that run on each engine.
macro_rules! on_both {
    ($($case:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test]
            async fn $case() {
                super::$case(None).await;
            })+
        }
        mod postgres {
            $(#[tokio::test]
            async fn $case() {
                if let Some(url) = testkit::postgres::database() {
                    super::$case(Some(&url)).await;
                }
            })+
        }
    };
}

on_both!(
    every_start_finds_what_the_first_made,
    what_somebody_changed_stays_and_a_reset_brings_it_back
);
