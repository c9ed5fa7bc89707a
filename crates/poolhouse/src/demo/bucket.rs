//! The demo's bucket: website hosting, CORS, and the page's files.

use std::convert::Infallible;

use base64::{Engine, prelude::BASE64_STANDARD};
use bytes::Bytes;
use futures_util::stream;
use kernel::{ApiError, Cx, Result};
use objects::{
    Algorithm, BucketPolicy, Cors, CorsRule, Headers, Integrity, NewObject, Objects, PublicAccessBlock, Settings,
    Website,
};
use pages::demo::{CONFIG, ERROR, FILES, INDEX};
use serde_json::json;

use super::{Demo, login::SCOPES, policies};

/// Makes the bucket if it is absent, and puts what is not there as this program has it.
pub async fn ensure(objects: &Objects, cx: &Cx, demo: &Demo) -> Result<()> {
    if objects.find_bucket(&demo.bucket).await?.is_none() {
        objects
            .create_bucket(cx, &demo.bucket, &demo.region, &settings(&demo.bucket)?)
            .await?;
    }
    for file in FILES {
        let object = Served {
            key: file.name,
            content_type: file.content_type,
            bytes: Bytes::from_static(file.bytes),
        };
        put(objects, cx, &demo.bucket, object).await?;
    }
    let object = Served {
        key: CONFIG,
        content_type: "application/json",
        bytes: config(demo).into(),
    };
    put(objects, cx, &demo.bucket, object).await
}

/// Errors: internal.
fn settings(bucket: &str) -> Result<Settings> {
    let mut page: Vec<&str> = FILES.iter().map(|file| file.name).collect();
    page.push(CONFIG);
    let list = |items: &[&str]| items.iter().map(|item| (*item).to_owned()).collect();
    let policy = BucketPolicy::parse(policies::public_page(bucket, &page).to_string()).map_err(ApiError::internal)?;
    Ok(Settings {
        // The policy is public on purpose; access lists stay off.
        public_access_block: Some(PublicAccessBlock {
            block_public_policy: false,
            restrict_public_buckets: false,
            ..PublicAccessBlock::all()
        }),
        policy: Some(policy),
        website: Some(Website {
            index_suffix: Some(INDEX.to_owned()),
            error_key: Some(ERROR.to_owned()),
            ..Website::default()
        }),
        cors: Some(Cors {
            rules: vec![CorsRule {
                allowed_origins: list(&["*"]),
                allowed_methods: list(&["GET", "HEAD", "PUT", "POST", "DELETE"]),
                allowed_headers: list(&["*"]),
                expose_headers: list(&["ETag", "x-amz-request-id", "x-amz-version-id"]),
                max_age_seconds: Some(3000),
                ..CorsRule::default()
            }],
        }),
        ..Settings::of_new_bucket()
    })
}

/// What the page reads to know whom to talk to: its own origin, by these names.
pub fn config(demo: &Demo) -> String {
    json!({
        "region": demo.region.as_str(),
        "userPoolId": demo.pool,
        "clientId": demo.client,
        "identityPoolId": demo.identity_pool,
        "bucket": demo.bucket,
        "endpoint": null,
        "inbox": "/_poolhouse/inbox",
        "login": demo.login_path(),
        "scopes": SCOPES,
    })
    .to_string()
}

/// An object that the website is made of.
struct Served {
    key: &'static str,
    content_type: &'static str,
    bytes: Bytes,
}

/// Puts it unless the same bytes are there.
async fn put(objects: &Objects, cx: &Cx, bucket: &str, object: Served) -> Result<()> {
    let Served {
        key,
        content_type,
        bytes,
    } = object;
    let digest = BASE64_STANDARD.encode(vault::sha256(&bytes));
    let there = objects.object(bucket, key).await?;
    let same = there
        .and_then(|object| object.checksum)
        .is_some_and(|sum| sum.algorithm == Algorithm::Sha256 && sum.value == digest);
    if same {
        return Ok(());
    }
    let new = NewObject {
        headers: Headers {
            content_type: Some(content_type.to_owned()),
            cache_control: Some("no-cache".to_owned()),
            ..Headers::default()
        },
        integrity: Integrity {
            size: Some(bytes.len() as u64),
            algorithm: Some(Algorithm::Sha256),
            ..Integrity::default()
        },
        ..NewObject::default()
    };
    let body = stream::iter([Ok::<_, Infallible>(bytes)]);
    let body = futures_util::StreamExt::map(body, |chunk| chunk.map_err(|never| match never {}));
    objects.put(cx, (bucket, key), new, body).await?;
    Ok(())
}
