//! What policies are told of a request beside who makes it. Reference: identity-pools-iam 6.2.

use kernel::AccessKeyId;
use model::{COGNITO_IDENTITY, COGNITO_IDP};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::{Draft, Key, REGION, Rig};

fn document(statement: &Value) -> String {
    json!({"Version": "2012-10-17", "Statement": statement}).to_string()
}

/// A user who may do what the statement says.
async fn user(rig: &Rig, admin: &Key, statement: &Value) -> Key {
    let policy = utf8_percent_encode(&document(statement), NON_ALPHANUMERIC).to_string();
    rig.iam(admin, "CreateUser", &[("UserName", "ana")]).await.ok();
    let parameters = [("UserName", "ana"), ("PolicyName", "p"), ("PolicyDocument", &policy)];
    rig.iam(admin, "PutUserPolicy", &parameters).await.ok();
    let made = rig.iam(admin, "CreateAccessKey", &[("UserName", "ana")]).await.ok();
    Key {
        id: AccessKeyId::new(made.element("AccessKeyId")),
        secret: made.element("SecretAccessKey"),
        region: REGION,
    }
}

/// The guides' way to keep other sites from showing one's pictures.
#[tokio::test]
async fn a_bucket_knows_the_page_that_a_browser_comes_from() {
    let rig = Rig::serve().await;
    let admin = rig.admin().await;
    rig.send(Draft::make_bucket("photos").signed(&admin, "s3")).await.ok();
    let put = |target: &str, text: &str| {
        let draft = Draft::new("PUT", target).header("content-length", &text.len().to_string());
        rig.send(draft.with_body(text).signed(&admin, "s3"))
    };
    put("/photos/k", "text").await.ok();
    let open = Draft::new("DELETE", "/photos?publicAccessBlock=").signed(&admin, "s3");
    assert_eq!(rig.send(open).await.status, 204);
    let policy = document(&json!({
        "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::photos/*",
        "Condition": {"StringLike": {"aws:Referer": "https://www.example.com/*"}},
    }));
    assert_eq!(put("/photos?policy=", &policy).await.status, 204);
    for (page, status) in [
        (Some("https://www.example.com/album"), 200),
        (Some("https://www.example.org/album"), 403),
        (None, 403),
    ] {
        let mut draft = Draft::get("/photos/k");
        if let Some(page) = page {
            draft = draft.header("referer", page);
        }
        assert_eq!(rig.send(draft).await.status, status, "{page:?}");
    }
}

#[tokio::test]
async fn pools_are_guarded_by_their_tags() {
    let rig = Rig::serve().await;
    let admin = rig.admin().await;
    let tagged = json!({"StringEquals": {"aws:ResourceTag/team": "red"}});
    let statement = json!({"Effect": "Allow", "Action": ["cognito-idp:*", "cognito-identity:*"], "Resource": "*",
        "Condition": tagged});
    let ana = user(&rig, &admin, &statement).await;
    for (service, create, mut settings, tags, id, describe) in [
        (
            &COGNITO_IDP,
            "CreateUserPool",
            json!({"PoolName": "staff"}),
            "UserPoolTags",
            "/UserPool/Id",
            ("DescribeUserPool", "UserPoolId"),
        ),
        (
            &COGNITO_IDENTITY,
            "CreateIdentityPool",
            json!({"IdentityPoolName": "staff", "AllowUnauthenticatedIdentities": false}),
            "IdentityPoolTags",
            "/IdentityPoolId",
            ("DescribeIdentityPool", "IdentityPoolId"),
        ),
    ] {
        for (team, status) in [("red", 200), ("blue", 400)] {
            settings[tags] = json!({"team": team});
            let made = Draft::json(service, create, &settings).signed(&admin, service.signing_name);
            let pool = rig.send(made).await.ok().text(id);
            let (operation, member) = describe;
            let described = Draft::json(service, operation, &json!({member: pool}));
            let got = rig.send(described.signed(&ana, service.signing_name)).await;
            assert_eq!(got.status, status, "{operation} {team}: {}", got.body);
        }
    }
    // What is not there has no tags.
    let absent = Draft::json(
        &COGNITO_IDP,
        "DescribeUserPool",
        &json!({"UserPoolId": "eu-west-1_absent"}),
    );
    let got = rig.send(absent.signed(&ana, "cognito-idp")).await;
    assert_eq!(got.text("/__type"), "AccessDeniedException");
}
