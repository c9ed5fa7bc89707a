//! The role of SmsConfiguration. Reference: user-pools 2.6.

use serde_json::{Value, json};
use testkit::{Answer, merged};

use crate::tests::app::App;

const UNTRUSTING: (&str, &str) = (
    "InvalidSmsRoleTrustRelationshipException",
    "Role does not have a trust relationship allowing Cognito to assume the role",
);
const POWERLESS: (&str, &str) = (
    "InvalidSmsRoleAccessPolicyException",
    "Role does not have permission to publish with SNS",
);

fn role(name: &str) -> Value {
    let arn = format!("arn:aws:iam::123456789012:role/{name}");
    json!({"SmsConfiguration": {"SnsCallerArn": arn, "ExternalId": "x"}})
}

#[tokio::test]
async fn a_role_that_does_not_do_is_refused_wherever_it_is_named() {
    let app = App::new().await;
    let pool = app.pool(json!({})).await;
    let call = async |operation: &str, sms: Value| -> Answer {
        let input = match operation {
            "CreateUserPool" => merged(json!({"PoolName": "texts"}), sms),
            "UpdateUserPool" => merged(json!({"UserPoolId": pool}), sms),
            _ => json!({"UserPoolId": pool, "MfaConfiguration": "OPTIONAL", "SmsMfaConfiguration": sms}),
        };
        app.admin.call(operation, input).await
    };
    for operation in ["CreateUserPool", "UpdateUserPool", "SetUserPoolMfaConfig"] {
        call(operation, role("untrusting")).await.refused_as(UNTRUSTING);
        call(operation, role("powerless")).await.refused_as(POWERLESS);
        let described = app
            .admin
            .call("DescribeUserPool", json!({"UserPoolId": pool}))
            .await
            .ok();
        assert_eq!(described["UserPool"].get("SmsConfiguration"), None, "{operation}");
    }
    let pools = app.admin.call("ListUserPools", json!({"MaxResults": 9})).await.ok();
    assert_eq!(pools["UserPools"].as_array().unwrap().len(), 1);
    // One that is not known here is taken: nothing here is sent by it.
    for operation in ["CreateUserPool", "UpdateUserPool", "SetUserPoolMfaConfig"] {
        call(operation, role("fit")).await.ok();
        call(operation, role("unknown")).await.ok();
    }
    let described = app
        .admin
        .call("DescribeUserPool", json!({"UserPoolId": pool}))
        .await
        .ok();
    assert_eq!(
        described["UserPool"]["SmsConfiguration"],
        role("unknown")["SmsConfiguration"]
    );
}

#[tokio::test]
async fn what_is_not_named_anew_is_not_looked_at_again() {
    let app = App::new().await;
    let pool = app.pool(role("fit")).await;
    let block = json!({"UserPoolId": pool, "MfaConfiguration": "ON", "SmsMfaConfiguration": {}});
    app.admin.call("SetUserPoolMfaConfig", block).await.ok();
    // Neither a role: text messages another way.
    for sms in [json!({"SnsCallerArn": ""}), json!({"ExternalId": "x"})] {
        let input = json!({"PoolName": "texts", "SmsConfiguration": sms});
        let answer = app.admin.call("CreateUserPool", input).await;
        assert!(!answer.code().starts_with("InvalidSmsRole"), "{}", answer.sentence());
    }
}
