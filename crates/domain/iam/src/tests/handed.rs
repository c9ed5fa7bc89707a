//! Roles that services are handed. Reference: user-pools 2.6.

use serde_json::{Value, json};

use super::app::App;
use crate::{Fitness, Handed};

const COGNITO: &str = "cognito-idp.amazonaws.com";
const POOL: &str = "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_abcDEF123";

fn trust(service: &str, condition: &Value) -> Value {
    json!({
        "Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole", "Condition": condition,
    })
}

fn may(action: &str, resource: &str) -> Value {
    json!({"Effect": "Allow", "Action": action, "Resource": resource})
}

async fn fitness(app: &App, role: &str) -> Fitness {
    let handed = Handed {
        service: COGNITO,
        role_arn: role,
        external_id: Some("harbour"),
        source_arn: POOL,
        action: "sns:Publish",
    };
    app.iam.fitness(&app.cx(), &handed).await.unwrap()
}

#[tokio::test]
async fn a_role_is_fit_if_the_service_may_take_it_and_it_suffices() {
    use Fitness::{Fit, Powerless, Untrusting};
    let app = App::new().await;
    let (all, deny) = (
        may("sns:*", "*"),
        json!({"Effect": "Deny", "Action": "sns:publish", "Resource": "*"}),
    );
    let id = |id: &str| json!({"StringEquals": {"sts:ExternalId": id}});
    let source = |arn: &str| json!({"ArnLike": {"aws:SourceArn": arn}});
    let account = |id: &str| json!({"StringEquals": {"aws:SourceAccount": id}});
    let mut number = 0;
    for (trusted, granted, expected) in [
        (trust(COGNITO, &json!({})), vec![may("sns:publish", "*")], Fit),
        (trust(COGNITO, &id("harbour")), vec![all.clone()], Fit),
        (
            trust(COGNITO, &source("arn:aws:cognito-idp:*:123456789012:userpool/*")),
            vec![all.clone()],
            Fit,
        ),
        (trust(COGNITO, &account("123456789012")), vec![may("*", "*")], Fit),
        (trust(COGNITO, &id("elsewhere")), vec![all.clone()], Untrusting),
        (
            trust(COGNITO, &source("arn:aws:cognito-idp:*:210987654321:userpool/*")),
            vec![all.clone()],
            Untrusting,
        ),
        (trust(COGNITO, &account("210987654321")), vec![all.clone()], Untrusting),
        (trust("sns.amazonaws.com", &json!({})), vec![all.clone()], Untrusting),
        (trust(COGNITO, &json!({})), vec![], Powerless),
        (
            trust(COGNITO, &json!({})),
            vec![may("sns:Subscribe", "*"), may("ses:*", "*")],
            Powerless,
        ),
        (
            trust(COGNITO, &json!({})),
            vec![may("sns:Publish", "arn:aws:sns:us-east-1:123456789012:news")],
            Powerless,
        ),
        (trust(COGNITO, &json!({})), vec![all.clone(), deny.clone()], Powerless),
        // Trust goes first.
        (trust(COGNITO, &id("elsewhere")), vec![], Untrusting),
    ] {
        number += 1;
        let granted = (!granted.is_empty()).then_some(json!(granted));
        let case = format!("{trusted} {granted:?}");
        let role = app.role(&format!("Role{number}"), json!([trusted]), granted).await;
        assert_eq!(fitness(&app, &role).await, expected, "{case}");
    }
    for absent in [
        "arn:aws:iam::123456789012:role/Absent",
        "arn:aws:iam::210987654321:role/Role1",
        "no ARN",
    ] {
        assert_eq!(fitness(&app, absent).await, Fitness::Unknown);
    }
}

#[tokio::test]
async fn without_an_external_id_none_is_matched() {
    let app = App::new().await;
    let condition = json!({"StringEquals": {"sts:ExternalId": "harbour"}});
    let role = app
        .role(
            "Texts",
            json!([trust(COGNITO, &condition)]),
            Some(json!([may("sns:Publish", "*")])),
        )
        .await;
    let handed = Handed {
        service: COGNITO,
        role_arn: &role,
        external_id: None,
        source_arn: POOL,
        action: "sns:Publish",
    };
    assert_eq!(app.iam.fitness(&app.cx(), &handed).await.unwrap(), Fitness::Untrusting);
}
