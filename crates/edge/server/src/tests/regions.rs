//! Which region a policy sees (`aws:RequestedRegion`): where the bucket or pool is, whatever its client signs for; where there
//! is none yet, the one that is signed for. Reference: identity-pools-iam 6.1.

use model::COGNITO_IDP;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::json;

use super::{Draft, Key, Rig};

const HERE: &str = "eu-west-1";
const ELSEWHERE: &str = "us-east-1";

impl Key {
    fn at(&self, region: &'static str) -> Self {
        Self { region, ..self.clone() }
    }
}

fn put(target: &str, text: &str) -> Draft {
    let draft = Draft::new("PUT", target).header("content-length", &text.len().to_string());
    draft.with_body(text)
}

/// Somebody who may do everything, in one region alone.
async fn confined(rig: &Rig, admin: &Key) -> Key {
    let policy = json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "*", "Resource": "*"},
        {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"StringNotEquals": {"aws:RequestedRegion": HERE}}},
    ]});
    let policy = utf8_percent_encode(&policy.to_string(), NON_ALPHANUMERIC).to_string();
    rig.iam(admin, "CreateUser", &[("UserName", "ana")]).await.ok();
    let parameters = [("UserName", "ana"), ("PolicyName", "here"), ("PolicyDocument", &policy)];
    rig.iam(admin, "PutUserPolicy", &parameters).await.ok();
    let made = rig.iam(admin, "CreateAccessKey", &[("UserName", "ana")]).await.ok();
    Key {
        id: kernel::AccessKeyId::new(made.element("AccessKeyId").as_str()),
        secret: made.element("SecretAccessKey"),
        region: HERE,
    }
}

#[tokio::test]
async fn a_bucket_is_called_where_it_is() {
    let rig = Rig::serve().await;
    let admin = rig.admin().await;
    let away = admin.at(ELSEWHERE);
    let ana = confined(&rig, &admin).await;
    rig.send(Draft::make_bucket("here").signed(&admin, "s3")).await.ok();
    rig.send(Draft::new("PUT", "/elsewhere").signed(&away, "s3")).await.ok();
    for bucket in ["here", "elsewhere"] {
        rig.send(put(&format!("/{bucket}/k"), "text").signed(&admin, "s3"))
            .await
            .ok();
    }
    for signed_for in [HERE, ELSEWHERE] {
        let key = ana.at(signed_for);
        for (bucket, status) in [("here", 200), ("elsewhere", 403)] {
            let at = |target: &str| target.replace("BUCKET", bucket);
            let copied = put("/here/copy", "").header("x-amz-copy-source", &at("/BUCKET/k"));
            for draft in [
                Draft::get(&at("/BUCKET/k")).signed(&key, "s3"),
                key.presign(&Draft::get(&at("/BUCKET/k")), "s3"),
                put(&at("/BUCKET/k"), "text").signed(&key, "s3"),
                copied.signed(&key, "s3"),
                Draft::get(&at("/BUCKET?list-type=2")).signed(&key, "s3"),
                Draft::get(&at("/BUCKET?location=")).signed(&key, "s3"),
            ] {
                let asked = format!("{} {} for {signed_for}", draft.method, draft.target);
                let got = rig.send(draft).await;
                assert_eq!(got.status, status, "{asked}: {}", got.body);
            }
        }
        // What is nowhere yet is where the client says.
        let status = if signed_for == HERE { 200 } else { 403 };
        for draft in [Draft::get("/"), Draft::make_bucket("another")] {
            let got = rig.send(draft.signed(&key, "s3")).await;
            assert_eq!(got.status, status, "for {signed_for}: {}", got.body);
        }
    }
}

/// Nobody signs; neither the server's own region nor what a client says of itself counts.
#[tokio::test]
async fn nobody_calls_a_bucket_where_it_is_too() {
    let rig = Rig::serve().await;
    let away = rig.admin().await.at(ELSEWHERE);
    let send = async |draft: Draft| {
        let got = rig.send(draft.signed(&away, "s3")).await;
        assert!(got.status < 300, "{}", got.body);
    };
    send(Draft::new("PUT", "/elsewhere")).await;
    send(put("/elsewhere/k", "text")).await;
    send(Draft::new("DELETE", "/elsewhere?publicAccessBlock=")).await;
    for (region, status) in [(ELSEWHERE, 200), (HERE, 403)] {
        let policy = json!({"Version": "2012-10-17", "Statement": [{
            "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::elsewhere/*",
            "Condition": {"StringEquals": {"aws:RequestedRegion": region}},
        }]});
        send(put("/elsewhere?policy=", &policy.to_string())).await;
        for agent in ["curl/8", "aws-sdk-js/3 region/eu-west-1"] {
            let got = rig.send(Draft::get("/elsewhere/k").header("user-agent", agent)).await;
            assert_eq!(got.status, status, "{region} {agent}");
        }
    }
}

#[tokio::test]
async fn a_pool_is_called_where_it_is() {
    let rig = Rig::serve().await;
    let admin = rig.admin().await;
    let ana = confined(&rig, &admin).await;
    let (here, _) = rig.pool(&admin, None).await;
    let (elsewhere, _) = rig.pool(&admin.at(ELSEWHERE), None).await;
    for signed_for in [HERE, ELSEWHERE] {
        for (pool, status) in [(&here, 200), (&elsewhere, 400)] {
            let describe = Draft::json(&COGNITO_IDP, "DescribeUserPool", &json!({"UserPoolId": pool}));
            let got = rig.send(describe.signed(&ana.at(signed_for), "cognito-idp")).await;
            assert_eq!(got.status, status, "{pool} for {signed_for}: {}", got.body);
            if status == 400 {
                assert_eq!(got.text("/__type"), "AccessDeniedException");
            }
        }
    }
}
