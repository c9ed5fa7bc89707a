use std::{collections::BTreeMap, sync::Arc};

use iam::Caller;
use kernel::{Cx, Principal};
use objects::{Asked, Conditions, Intent, Manner, Operation, Select};
use serde_json::{Value, json};
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
    assert_eq!(config["login"], "/_login/poolhouse-demo");
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

async fn asked(services: &Services, cx: &Cx, name: &str, input: Value) -> Value {
    let answer = calls::call(&userpool::ops::TABLE, &services.user_pools, cx, name, input);
    answer.await.unwrap()
}

/// What the app client is, as DescribeUserPoolClient has it.
async fn client(services: &Services, cx: &Cx, demo: &Demo) -> Value {
    let input = json!({ "UserPoolId": demo.pool, "ClientId": demo.client });
    asked(services, cx, "DescribeUserPoolClient", input).await["UserPoolClient"].take()
}

fn page_at(port: u16) -> Vec<String> {
    [
        "http://127.0.0.1",
        "https://127.0.0.1",
        "http://localhost",
        "https://localhost",
    ]
    .map(|origin| format!("{origin}:{port}/_website/poolhouse-demo/"))
    .to_vec()
}

async fn hosted_login_leads_back_to_the_page(database: Option<&str>) {
    let folder = Folder::new().unwrap();
    let (storage, services) = started(&folder, database).await;
    let demo = seed(&services, &storage.env, URL).await.unwrap();
    let cx = Cx::internal(&storage.env, URL);
    let domain = asked(
        &services,
        &cx,
        "DescribeUserPoolDomain",
        json!({ "Domain": demo.domain }),
    )
    .await;
    assert_eq!(domain["DomainDescription"]["UserPoolId"], demo.pool.as_str());
    assert_eq!(domain["DomainDescription"]["ManagedLoginVersion"], 2);
    let made = client(&services, &cx, &demo).await;
    let apps = ["http://localhost:3000/", "http://localhost:5173/"].map(str::to_owned);
    let listed = |port, more: &[String]| json!([&page_at(port), more].concat());
    assert_eq!(made["CallbackURLs"], listed(4566, &apps));
    assert_eq!(made["LogoutURLs"], listed(4566, &apps));
    assert_eq!(made["AllowedOAuthFlows"], json!(["code"]));
    assert_eq!(made["AllowedOAuthFlowsUserPoolClient"], true);
    assert_eq!(made["SupportedIdentityProviders"], json!(["COGNITO"]));

    storage.clock.advance(std::time::Duration::from_secs(60));
    seed(&services, &storage.env, URL).await.unwrap();
    assert_eq!(client(&services, &cx, &demo).await, made, "it is not written again");

    let mine = ["http://localhost:8080/".to_owned()];
    let input = json!({
        "UserPoolId": demo.pool, "ClientId": demo.client, "RefreshTokenValidity": 7,
        "AllowedOAuthFlowsUserPoolClient": true, "AllowedOAuthFlows": ["code"], "AllowedOAuthScopes": ["openid"],
        "SupportedIdentityProviders": ["COGNITO"], "DefaultRedirectURI": page_at(4566)[0],
        "CallbackURLs": listed(4566, &mine), "LogoutURLs": mine,
    });
    asked(&services, &cx, "UpdateUserPoolClient", input).await;
    seed(&services, &storage.env, "http://127.0.0.1:4600").await.unwrap();
    let moved = client(&services, &cx, &demo).await;
    let default = [page_at(4566)[0].clone(), mine[0].clone()];
    assert_eq!(moved["CallbackURLs"], listed(4600, &default));
    assert_eq!(moved["LogoutURLs"], listed(4600, &mine));
    assert_eq!(
        (&moved["AllowedOAuthScopes"], &moved["RefreshTokenValidity"]),
        (&json!(["openid"]), &json!(7))
    );
}

/// What an older program made had neither a domain nor OAuth's settings.
async fn an_older_folder_gains_hosted_login(database: Option<&str>) {
    let folder = Folder::new().unwrap();
    let (storage, services) = started(&folder, database).await;
    let demo = seed(&services, &storage.env, URL).await.unwrap();
    let cx = Cx::internal(&storage.env, URL);
    let whose = json!({ "UserPoolId": demo.pool, "Domain": demo.domain });
    asked(&services, &cx, "DeleteUserPoolDomain", whose).await;
    let input = json!({
        "UserPoolId": demo.pool, "ClientId": demo.client, "RefreshTokenValidity": 7,
        "ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
    });
    asked(&services, &cx, "UpdateUserPoolClient", input).await;
    assert!(client(&services, &cx, &demo).await.get("CallbackURLs").is_none());

    assert_eq!(seed(&services, &storage.env, URL).await.unwrap(), demo);
    let now = client(&services, &cx, &demo).await;
    assert_eq!(now["CallbackURLs"][0], page_at(4566)[0].as_str());
    assert_eq!(now["RefreshTokenValidity"], 7);
    let domain = asked(
        &services,
        &cx,
        "DescribeUserPoolDomain",
        json!({ "Domain": demo.domain }),
    )
    .await;
    assert_eq!(domain["DomainDescription"]["UserPoolId"], demo.pool.as_str());
}

#[test]
fn the_screen_names_everything_and_fits() {
    let demo = Demo {
        region: kernel::Region::new("us-east-1"),
        account: "000000000000".to_owned(),
        pool: "us-east-1_PoolHouse".to_owned(),
        client: "client".to_owned(),
        domain: "poolhouse-demo".to_owned(),
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
        "  Hosted login   http://127.0.0.1:4566/_website/poolhouse-demo/?hosted\n",
        "domain: '127.0.0.1:4566/_login/poolhouse-demo',",
        "scopes: ['openid', 'email', 'profile', 'aws.cognito.signin.user.admin'],",
        "redirectSignIn: ['http://localhost:3000/', 'http://localhost:5173/'],",
    ] {
        assert!(screen.contains(part), "{part}");
    }
    assert!(screen.lines().count() <= 40 && screen.lines().all(|line| line.len() <= 120));
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
    hosted_login_leads_back_to_the_page,
    an_older_folder_gains_hosted_login,
    what_somebody_changed_stays_and_a_reset_brings_it_back
);
