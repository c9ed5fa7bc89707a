//! PreventUserExistenceErrors: who is not there is answered like who is. Reference: user-pools 17.2.

use serde_json::{Value, json};

use super::people::{PASSWORD, People, hours};

const MISMATCH: (&str, &str) = (
    "CodeMismatchException",
    "Invalid verification code provided, please try again.",
);
const LIMIT: (&str, &str) = (
    "LimitExceededException",
    "Attempt limit exceeded, please try after some time.",
);

async fn discreet(pool: Value) -> People {
    People::with(pool, json!({"PreventUserExistenceErrors": "ENABLED"})).await
}

#[tokio::test]
async fn simulated_answers() {
    let people = discreet(json!({"AutoVerifiedAttributes": ["email"]})).await;
    people.member("disabled", &[("email", "disabled@example.com")]).await;
    people.set("disabled", &[("email_verified", "true")]).await.ok();
    people
        .admin("AdminDisableUser", json!({"Username": "disabled"}))
        .await
        .ok();
    people.member("bare", &[]).await;
    let cases = [
        ("nobody", vec!["ForgotPassword", "ResendConfirmationCode"]),
        ("disabled", vec!["ForgotPassword", "ResendConfirmationCode"]),
        ("bare", vec!["ForgotPassword"]),
    ];
    for (name, operations) in cases {
        for operation in operations {
            let first = people.public(operation, json!({"Username": name})).await.ok();
            let details = &first["CodeDeliveryDetails"];
            assert_eq!(
                (&details["DeliveryMedium"], &details["AttributeName"]),
                (&json!("EMAIL"), &json!("email"))
            );
            let mask = details["Destination"].as_str().unwrap();
            let shape: String = mask
                .chars()
                .map(|c| if c.is_ascii_lowercase() { 'x' } else { c })
                .collect();
            assert_eq!(shape, "x***@x***");
            // The same each time, in whatever operation.
            let again = people.public(operation, json!({"Username": name})).await.ok();
            assert_eq!(first, again);
        }
    }
    assert!(
        people.app.inbox("disabled@example.com").await.len() == 1,
        "only the sign-up's mail"
    );
}

#[tokio::test]
async fn the_medium_is_guessed_from_name_and_settings() {
    let by_phone = json!({"AccountRecoverySetting": {"RecoveryMechanisms": [
        {"Name": "verified_phone_number", "Priority": 1}, {"Name": "verified_email", "Priority": 2},
    ]}});
    let cases = [
        (json!({}), "who@example.com", "w***@e***"),
        (json!({}), "+12065550199", "+*******0199"),
        (by_phone.clone(), "who@example.com", "w***@e***"),
    ];
    for (settings, name, mask) in cases {
        let people = discreet(settings).await;
        let answer = people.public("ForgotPassword", json!({"Username": name})).await.ok();
        assert_eq!(answer["CodeDeliveryDetails"]["Destination"], mask);
    }
    let people = discreet(by_phone).await;
    let answer = people
        .public("ForgotPassword", json!({"Username": "nobody"}))
        .await
        .ok();
    let details = &answer["CodeDeliveryDetails"];
    assert_eq!(details["DeliveryMedium"], "SMS");
    let mask = details["Destination"].as_str().unwrap();
    assert!(mask.starts_with("+*******") && mask.len() == 12, "{mask}");
}

#[tokio::test]
async fn a_wrong_code_is_wrong_for_everybody() {
    let people = discreet(json!({"AutoVerifiedAttributes": ["email"]})).await;
    people.member("ana", &[("email", "ana@example.com")]).await;
    people.set("ana", &[("email_verified", "true")]).await.ok();
    people.sign_up("new", &[("email", "new@example.com")]).await.ok();
    for name in ["ana", "nobody"] {
        people.public("ForgotPassword", json!({"Username": name})).await.ok();
        let input = json!({"Username": name, "ConfirmationCode": "000000", "Password": PASSWORD});
        people
            .public("ConfirmForgotPassword", input)
            .await
            .refused(MISMATCH.0, MISMATCH.1);
    }
    for name in ["new", "nobody"] {
        people.confirm(name, "000000").await.refused(MISMATCH.0, MISMATCH.1);
    }
    // The policy speaks before anybody is looked up.
    for name in ["ana", "nobody"] {
        let input = json!({"Username": name, "ConfirmationCode": "000000", "Password": "short!"});
        people.public("ConfirmForgotPassword", input).await.refused(
            "InvalidPasswordException",
            "Password did not conform with policy: Password not long enough",
        );
    }
    // What has always told: sign-up.
    people
        .sign_up("ana", &[])
        .await
        .refused("UsernameExistsException", "User already exists");
}

#[tokio::test]
async fn limits_are_the_same_for_everybody() {
    let people = discreet(json!({"AutoVerifiedAttributes": ["email"]})).await;
    people.member("ana", &[("email", "ana@example.com")]).await;
    people.set("ana", &[("email_verified", "true")]).await.ok();
    people.sign_up("new", &[("email", "new@example.com")]).await.ok();
    let cases = [
        ("ForgotPassword", ["ana", "nobody"], 10),
        ("ResendConfirmationCode", ["new", "nobody"], 5),
    ];
    for (operation, names, cap) in cases {
        for name in names {
            for _ in 0..cap {
                people.public(operation, json!({"Username": name})).await.ok();
            }
            people
                .public(operation, json!({"Username": name}))
                .await
                .refused(LIMIT.0, LIMIT.1);
        }
    }
    for name in ["new", "nobody"] {
        for _ in 0..15 {
            people.confirm(name, "000000").await.refused(MISMATCH.0, MISMATCH.1);
        }
        people.confirm(name, "000000").await.refused(LIMIT.0, LIMIT.1);
    }
    people.app.advance(hours(1));
    people.confirm("nobody", "000000").await.refused(MISMATCH.0, MISMATCH.1);
}

#[tokio::test]
async fn where_only_administrators_recover_everybody_is_told() {
    let settings = json!({"AccountRecoverySetting": {"RecoveryMechanisms": [{"Name": "admin_only", "Priority": 1}]}});
    let people = discreet(settings).await;
    people.member("ana", &[]).await;
    for name in ["ana", "nobody"] {
        let answer = people.public("ForgotPassword", json!({"Username": name})).await;
        answer.refused("NotAuthorizedException", "Contact administrator to reset password.");
    }
}
