//! Roles that services take. Reference: identity-pools-iam 2.5.

use serde_json::{Value, json};

use super::app::{App, trusts_pool};
use crate::AssumeRefusal;

const LAMBDA: &str = "lambda.amazonaws.com";

fn trusts(service: &str) -> Value {
    json!({"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"})
}

#[tokio::test]
async fn a_service_takes_the_roles_that_trust_it() {
    let app = App::new().await;
    let may = json!([{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]);
    for (number, (trust, expected)) in [
        (trusts(LAMBDA), true),
        (trusts("ec2.amazonaws.com"), false),
        (trusts_pool(), false),
    ]
    .into_iter()
    .enumerate()
    {
        let role = app
            .role(&format!("Role{number}"), json!([trust]), Some(may.clone()))
            .await;
        let assumed = app.iam.assume_as_service(&app.cx(), LAMBDA, &role, "check").await;
        assert_eq!(assumed.is_ok(), expected, "{trust}");
        match assumed {
            Ok(assumed) => {
                assert!(assumed.access_key.is_temporary());
                assert!(
                    assumed
                        .arn
                        .as_str()
                        .ends_with(&format!("assumed-role/Role{number}/check"))
                );
            }
            Err(refusal) => assert!(matches!(refusal, AssumeRefusal::NotAuthorized)),
        }
    }
    let absent = "arn:aws:iam::123456789012:role/Absent";
    let refused = app.iam.assume_as_service(&app.cx(), LAMBDA, absent, "check").await;
    assert!(matches!(refused, Err(AssumeRefusal::NotAuthorized)));
}
