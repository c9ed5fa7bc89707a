//! The table of operations against the model.

use serde_json::json;

use super::app::App;
use crate::ops::TABLE;

#[test]
fn every_name_is_the_models() {
    testkit::table_is_modelled(&TABLE);
}

#[tokio::test]
async fn policies_are_asked_about_the_pool() {
    let cx = App::new().await.cx();
    let pool = "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_Abc123";
    let input = json!({"UserPoolId": "us-east-1_Abc123", "ResourceArn": pool, "PoolName": "staff"});
    for (operation, resource) in [
        ("CreateUserPool", "*"),
        ("ListUserPools", "*"),
        ("DescribeUserPool", pool),
        ("CreateUserPoolClient", pool),
        ("AdminAddUserToGroup", pool),
        ("TagResource", pool),
    ] {
        let entry = TABLE.entry(operation).unwrap();
        assert_eq!((entry.resource)(&cx, &input), resource, "{operation}");
    }
}
