//! Who signed, and what a signature is worth in either profile. Reference: identity-pools-iam 10.5, 5.5; decision 14.

use std::time::Duration;

use kernel::AccessKeyId;
use model::{COGNITO_IDP, STS};
use serde_json::json;

use super::{Draft, Key, Profile, REGION, Rig};
use tokens::IssuerMode;

const INVALID: &str = "The security token included in the request is invalid.";
const MISMATCH: &str = "The request signature we calculated does not match the signature you provided. Check your AWS \
                        Secret Access Key and signing method. Consult the service documentation for details.";

fn list() -> Draft {
    Draft::json(&COGNITO_IDP, "ListUserPools", &json!({"MaxResults": 1}))
}

fn who_am_i() -> Draft {
    Draft::query(&STS, "GetCallerIdentity", &[])
}

#[tokio::test]
async fn an_unsigned_call_to_a_signed_operation() {
    for rig in [Rig::dev().await, Rig::serve().await] {
        rig.send(list()).await.refused(
            400,
            "MissingAuthenticationTokenException",
            "Missing Authentication Token",
        );
        rig.send(who_am_i()).await.refused(
            403,
            "MissingAuthenticationToken",
            "Request is missing Authentication Token",
        );
    }
}

/// The model wants a signature of these, and the live service looks at none: not at a wrong one either.
#[tokio::test]
async fn a_client_that_proves_its_secret_signs_nothing() {
    for rig in [Rig::dev().await, Rig::serve().await] {
        let nobody = Key {
            secret: "x".repeat(40),
            ..rig.admin().await
        };
        for (operation, input) in [
            ("GetClientToken", json!({"ClientId": "none", "Secret": "x".repeat(52)})),
            (
                "GetDerivedToken",
                json!({"ClientId": "none", "SubjectToken": "x", "SubjectTokenType": "ACCESS_TOKEN"}),
            ),
        ] {
            let unsigned = Draft::json(&COGNITO_IDP, operation, &input);
            for draft in [unsigned.clone(), unsigned.signed(&nobody, "cognito-idp")] {
                let sentence = "User pool client none does not exist.";
                rig.send(draft)
                    .await
                    .refused(400, "ResourceNotFoundException", sentence);
            }
        }
    }
}

#[tokio::test]
async fn an_issued_key_signs_in_both_profiles() {
    for rig in [Rig::dev().await, Rig::serve().await] {
        let key = rig.admin().await;
        rig.send(list().signed(&key, "cognito-idp")).await.ok();
        let me = rig.send(who_am_i().signed(&key, "sts")).await.ok();
        assert_eq!(me.element("Arn"), "arn:aws:iam::123456789012:user/root");
        let presigned = key.presign(&Draft::get("/?Action=GetCallerIdentity&Version=2011-06-15"), "sts");
        assert_eq!(
            rig.send(presigned.clone()).await.ok().element("Arn"),
            "arn:aws:iam::123456789012:user/root"
        );
        rig.advance(Duration::from_secs(61));
        let late = rig.send(presigned).await;
        assert_eq!(
            (late.status, late.element("Code").as_str()),
            (403, "SignatureDoesNotMatch"),
            "{}",
            late.body
        );
    }
}

#[tokio::test]
async fn what_was_signed_is_what_counts() {
    let rig = Rig::dev().await;
    let key = rig.admin().await;
    let good = list().signed(&key, "cognito-idp");
    let wrong_secret = Key {
        secret: "x".repeat(40),
        ..key.clone()
    };
    let cases = [
        ("another secret", list().signed(&wrong_secret, "cognito-idp")),
        ("another body", good.clone().with_body("{\"MaxResults\":2}")),
        (
            "another target",
            good.clone()
                .header("x-amz-target", "AWSCognitoIdentityProviderService.ListUsers"),
        ),
        ("another host", good.clone().header("host", "127.0.0.1:4566")),
        (
            "another path",
            Draft {
                target: "/other".to_owned(),
                ..good.clone()
            },
        ),
        (
            "a query beside it",
            Draft {
                target: "/?a=b".to_owned(),
                ..good.clone()
            },
        ),
    ];
    for (what, draft) in cases {
        let got = rig.send(draft).await;
        assert_eq!(got.text("/message"), MISMATCH, "{what}");
        got.refused(400, "InvalidSignatureException", MISMATCH);
    }
    rig.send(good).await.ok();
    let wrong = who_am_i().signed(&wrong_secret, "sts");
    rig.send(wrong).await.refused(403, "SignatureDoesNotMatch", MISMATCH);
    let other_service = rig.send(list().signed(&key, "sts")).await;
    other_service.refused(
        400,
        "InvalidSignatureException",
        "Credential should be scoped to correct service: 'cognito-idp'.",
    );
}

#[tokio::test]
async fn clocks_may_differ_by_five_minutes() {
    let rig = Rig::dev().await;
    let key = rig.admin().await;
    for seconds in [-300, 300] {
        rig.send(key.sign(list(), "cognito-idp", seconds)).await.ok();
    }
    rig.send(key.sign(list(), "cognito-idp", -360)).await.refused(
        400,
        "InvalidSignatureException",
        "Signature expired: 20260115T115400Z is now earlier than 20260115T115500Z (20260115T120000Z - 5 min.)",
    );
    rig.send(key.sign(list(), "cognito-idp", 360)).await.refused(
        400,
        "InvalidSignatureException",
        "Signature not yet current: 20260115T120600Z is still later than 20260115T120500Z (20260115T120000Z + 5 min.)",
    );
}

#[tokio::test]
async fn a_broken_signature_is_described() {
    let rig = Rig::dev().await;
    let key = rig.admin().await;
    let without = |name: &str| {
        let mut draft = list().signed(&key, "cognito-idp");
        draft.headers.remove(name);
        draft
    };
    let sentence = "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. \
                    Authorization=AWS4-HMAC-SHA256";
    rig.send(without("x-amz-date"))
        .await
        .refused(400, "IncompleteSignatureException", sentence);
    let odd = list().header(
        "authorization",
        "AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host, Signature=0",
    );
    let got = rig.send(odd.header("x-amz-date", "20260115T120000Z")).await;
    assert_eq!(
        (got.status, got.text("/__type").as_str()),
        (400, "IncompleteSignatureException"),
        "{}",
        got.body
    );
}

#[tokio::test]
async fn a_key_of_nobody_is_the_administrators_in_dev_alone() {
    let dev = Rig::dev().await;
    let key = Key::unknown();
    let me = dev.send(who_am_i().signed(&key, "sts")).await.ok();
    assert_eq!(me.element("Arn"), "arn:aws:iam::123456789012:user/poolhouse-dev");
    let serve = Rig::serve().await;
    serve
        .send(list().signed(&key, "cognito-idp"))
        .await
        .refused(400, "UnrecognizedClientException", INVALID);
    serve
        .send(who_am_i().signed(&key, "sts"))
        .await
        .refused(403, "InvalidClientTokenId", INVALID);
    // Temporary keys are never of nobody.
    let temporary = Key {
        id: AccessKeyId::new("ASIAABCDEFGHIJKLMNOP"),
        ..key
    };
    for rig in [dev, serve] {
        let got = rig.send(list().signed(&temporary, "cognito-idp")).await;
        got.refused(400, "UnrecognizedClientException", INVALID);
    }
}

/// A page elsewhere must not reach a developer's server through their browser.
#[tokio::test]
async fn a_key_of_nobody_is_worth_nothing_from_another_page() {
    let rig = Rig::new(Profile::Dev, IssuerMode::Request, &["dev.example.com"]).await;
    let signed = |host: &str, origin: Option<&str>| {
        let draft = list().header("host", host);
        let draft = origin
            .into_iter()
            .fold(draft, |draft, origin| draft.header("origin", origin));
        draft.signed(&Key::unknown(), "cognito-idp")
    };
    for (host, origin) in [
        ("localhost:4566", None),
        ("127.0.0.1:4566", Some("http://localhost:3000")),
        ("[::1]:4566", Some("https://[::1]:3000")),
        ("photos.s3.localhost:4566", None),
        ("DEV.example.com", Some("https://dev.example.com")),
    ] {
        rig.send(signed(host, origin)).await.ok();
    }
    for (host, origin) in [
        ("localhost:4566", Some("https://evil.example.com")),
        ("localhost:4566", Some("null")),
        ("localhost:4566", Some("https://localhost.evil.example.com")),
        ("evil.example.com:4566", None),
        ("evil.example.com", Some("http://localhost:4566")),
    ] {
        rig.send(signed(host, origin))
            .await
            .refused(400, "UnrecognizedClientException", INVALID);
    }
    // A key that was issued is the same from everywhere: whoever holds it holds the secret.
    let key = rig.admin().await;
    let draft = list()
        .header("host", "evil.example.com")
        .header("origin", "https://evil.example.com");
    rig.send(draft.signed(&key, "cognito-idp")).await.ok();
}

#[tokio::test]
async fn a_deleted_key_is_never_of_nobody() {
    let rig = Rig::dev().await;
    let root = Key::unknown();
    rig.iam(&root, "CreateUser", &[("UserName", "ana")]).await.ok();
    let made = rig.iam(&root, "CreateAccessKey", &[("UserName", "ana")]).await.ok();
    let key = Key {
        id: AccessKeyId::new(made.element("AccessKeyId")),
        secret: made.element("SecretAccessKey"),
        region: REGION,
    };
    let me = rig.send(who_am_i().signed(&key, "sts")).await.ok();
    assert_eq!(me.element("Arn"), "arn:aws:iam::123456789012:user/ana");
    let id = key.id.as_str();
    let inactive = [("UserName", "ana"), ("AccessKeyId", id), ("Status", "Inactive")];
    rig.iam(&root, "UpdateAccessKey", &inactive).await.ok();
    rig.send(who_am_i().signed(&key, "sts"))
        .await
        .refused(403, "InvalidClientTokenId", INVALID);
    rig.iam(&root, "DeleteAccessKey", &[("UserName", "ana"), ("AccessKeyId", id)])
        .await
        .ok();
    rig.send(who_am_i().signed(&key, "sts"))
        .await
        .refused(403, "InvalidClientTokenId", INVALID);
    rig.send(list().signed(&key, "cognito-idp"))
        .await
        .refused(400, "UnrecognizedClientException", INVALID);
}

#[tokio::test]
async fn policies_decide_what_a_user_may() {
    let rig = Rig::dev().await;
    let root = Key::unknown();
    let (pool, _) = rig.pool(&root, None).await;
    rig.iam(&root, "CreateUser", &[("UserName", "ana")]).await.ok();
    let made = rig.iam(&root, "CreateAccessKey", &[("UserName", "ana")]).await.ok();
    let ana = Key {
        id: AccessKeyId::new(made.element("AccessKeyId")),
        secret: made.element("SecretAccessKey"),
        region: REGION,
    };
    let describe = || rig.idp(&ana, "DescribeUserPool", json!({"UserPoolId": pool}));
    let arn = format!("arn:aws:cognito-idp:{REGION}:123456789012:userpool/{pool}");
    let denied = |action: &str, resource: &str, why: &str| {
        format!(
            "User: arn:aws:iam::123456789012:user/ana is not authorized to perform: {action} on resource: {resource} {why}"
        )
    };
    let sentence = denied(
        "cognito-idp:DescribeUserPool",
        &arn,
        "because no identity-based policy allows the cognito-idp:DescribeUserPool action",
    );
    describe().await.refused(400, "AccessDeniedException", &sentence);

    let put = |name: &'static str, effect: &str, action: &str, resource: &str| {
        let statement = json!({"Effect": effect, "Action": action, "Resource": resource});
        let document = json!({"Version": "2012-10-17", "Statement": statement}).to_string();
        let document = percent_encoding::utf8_percent_encode(&document, percent_encoding::NON_ALPHANUMERIC).to_string();
        let (rig, root) = (&rig, &root);
        async move {
            let parameters = [
                ("UserName", "ana"),
                ("PolicyName", name),
                ("PolicyDocument", document.as_str()),
            ];
            rig.iam(root, "PutUserPolicy", &parameters).await.ok();
        }
    };
    put("read", "Allow", "cognito-idp:Describe*", &arn).await;
    describe().await.ok();
    let other = rig
        .idp(&ana, "DescribeUserPool", json!({"UserPoolId": "eu-west-1_Other1234"}))
        .await;
    let elsewhere = denied(
        "cognito-idp:DescribeUserPool",
        "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_Other1234",
        "because no identity-based policy allows the cognito-idp:DescribeUserPool action",
    );
    other.refused(400, "AccessDeniedException", &elsewhere);
    let iam = rig.iam(&ana, "ListRoles", &[]).await;
    assert_eq!(
        (iam.status, iam.element("Code").as_str()),
        (403, "AccessDenied"),
        "{}",
        iam.body
    );
    put("stop", "Deny", "*", "*").await;
    let stopped = denied(
        "cognito-idp:DescribeUserPool",
        &arn,
        "with an explicit deny in an identity-based policy",
    );
    describe().await.refused(400, "AccessDeniedException", &stopped);
    rig.send(who_am_i().signed(&ana, "sts")).await.ok();
}
