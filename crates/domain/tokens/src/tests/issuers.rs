//! What `iss` is, and what it may be. decision 12.

use super::*;
use crate::{Refusal, Unverified};

const POOL: &str = "eu-west-1_abcDEF123";
const AWS: &str = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_abcDEF123";
const UPDATED: &str = "https://issuer-cognito-idp.eu-west-1.amazonaws.com/eu-west-1_abcDEF123";

#[tokio::test]
async fn a_pool_chooses_and_its_tokens_say_so() {
    let here = format!("{BASE_URL}/{POOL}");
    let cases = [
        (None, here.as_str()),
        (Some("request"), &here),
        (Some("public"), "https://id.example.com/eu-west-1_abcDEF123"),
        (Some("aws"), AWS),
        (Some("aws-updated"), UPDATED),
        (Some("https://login.example.com"), "https://login.example.com"),
    ];
    for (choice, expected) in cases {
        let public_url = Some("https://id.example.com".to_owned());
        let bed = Bed::with(Issuers { public_url, ..dev() }).await;
        let pool = bed.pool(POOL, choice).await;
        let cx = bed.cx();
        let token = bed.sign(&cx, POOL, Role::Id).await;
        let verified = bed.tokens.verify_id(&cx, &token).await.unwrap();
        assert_eq!(verified.claims.text("iss"), Some(expected), "{choice:?}");
        assert_eq!(bed.tokens.issuer(&cx, &pool).await.unwrap().as_deref(), Some(expected));
        assert_eq!(read_by_library(&bed, POOL, &token).await.unwrap()["iss"], expected);
    }
}

#[test]
fn settings_and_server_decide_together() {
    let with = |default: IssuerMode, request_allowed| Issuers {
        default,
        public_url: None,
        request_allowed,
    };
    assert_eq!(with(IssuerMode::Aws, true).mode(None, false), IssuerMode::Aws);
    assert_eq!(with(IssuerMode::Aws, true).mode(None, true), IssuerMode::AwsUpdated);
    assert_eq!(with(IssuerMode::Public, true).mode(None, true), IssuerMode::Public);
    // Whoever asks would choose the issuer.
    assert_eq!(with(IssuerMode::Request, false).mode(None, false), IssuerMode::Public);
    assert_eq!(
        with(IssuerMode::Aws, false).mode(Some("request"), false),
        IssuerMode::Public
    );
    assert_eq!(
        with(IssuerMode::Aws, false).mode(Some("aws-updated"), false),
        IssuerMode::AwsUpdated
    );
}

#[tokio::test]
async fn in_mode_request_all_our_addresses_are_one() {
    let bed = Bed::new().await;
    bed.pool(POOL, None).await;
    let other = bed.cx_at("https://127.0.0.1:4566");
    let token = bed.sign(&other, POOL, Role::Id).await;
    let verified = bed.tokens.verify_id(&bed.cx(), &token).await.unwrap();
    assert_eq!(
        verified.claims.text("iss"),
        Some("https://127.0.0.1:4566/eu-west-1_abcDEF123")
    );
}

#[tokio::test]
async fn changing_the_issuer_ends_the_tokens_of_the_old_one() {
    let bed = Bed::new().await;
    let pool = bed.pool(POOL, None).await;
    let token = bed.sign(&bed.cx(), POOL, Role::Access).await;
    bed.change_issuer(&pool, "aws").await;
    let refused = bed.tokens.verify_access(&bed.cx(), &token).await.unwrap_err();
    assert!(
        matches!(refused, Unverified::Refused(Refusal::WrongIssuer)),
        "{refused:?}"
    );
    let token = bed.sign(&bed.cx(), POOL, Role::Access).await;
    bed.tokens.verify_access(&bed.cx(), &token).await.unwrap();
}
