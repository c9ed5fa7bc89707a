//! UserMigration at sign-in. Reference: user-pools 16.3.

use serde_json::{Value, json};

use super::{INVALID_RESPONSE, UNRECOGNIZABLE, all_flows};
use crate::tests::{
    entry::{EXCEEDED, WRONG},
    people::{PASSWORD, People},
};

const SOURCE: &str = "UserMigration_Authentication";
const ANA: &str = "ana@example.com";

async fn people(client: Value) -> People {
    let people = all_flows(&["UserMigration"], json!({"UsernameAttributes": ["email"]}), client).await;
    let attributes = json!({"email": ANA, "email_verified": "true", "name": "Ana"});
    let response = json!({"userAttributes": attributes, "finalUserStatus": "CONFIRMED", "messageAction": "SUPPRESS"});
    people.app.functions.respond(SOURCE, response);
    people
}

#[tokio::test]
async fn who_was_elsewhere_signs_in_with_their_password() {
    let people = people(json!({})).await;
    let functions = people.app.functions.clone();
    // No policy here: it was theirs.
    people.sign_in(ANA, "short1").await.ok();
    let event = functions.heard().remove(0);
    assert_eq!(event["userName"], ANA);
    let request = json!({"password": "short1", "validationData": null, "clientMetadata": null, "userAttributes": null});
    assert_eq!(event["request"], request);
    assert_eq!(people.status(ANA).await, "CONFIRMED");
    assert_eq!(people.attribute(ANA, "name").await.as_deref(), Some("Ana"));
    people.sign_in(ANA, "short1").await.ok();
    people.sign_in(ANA, PASSWORD).await.refused_as(WRONG);
    people.sign_in_by_srp(ANA, "short1").await.ok();
    assert_eq!(functions.sources(), [""; 0]);
}

#[tokio::test]
async fn whom_the_function_refuses_is_nobody() {
    let told = people(json!({})).await;
    told.app.functions.raise(SOURCE, "Bad password");
    let sentence = format!("Exception migrating user in app client {}", told.client);
    told.sign_in(ANA, PASSWORD)
        .await
        .refused("UserNotFoundException", &sentence);
    let hidden = people(json!({"PreventUserExistenceErrors": "ENABLED"})).await;
    hidden.app.functions.raise(SOURCE, "Bad password");
    for _ in 0..5 {
        hidden.sign_in(ANA, PASSWORD).await.refused_as(WRONG);
    }
    // Guesses lock as they do of users, and the function hears no more of them.
    hidden.app.functions.heard();
    hidden.sign_in(ANA, PASSWORD).await.refused_as(EXCEEDED);
    assert_eq!(hidden.app.functions.sources(), [""; 0]);
}

#[tokio::test]
async fn whom_it_does_not_know_or_garbles_is_not_made() {
    let people = people(json!({})).await;
    let functions = people.app.functions.clone();
    let missing = ("UserNotFoundException", "User does not exist.");
    let mismatch = "Invalid user name. User name in Lambda mismatches the actual username.";
    for (attributes, refusal) in [
        (json!(null), missing),
        (json!({"email": 1}), (INVALID_RESPONSE, UNRECOGNIZABLE)),
        (json!({"username": "bob"}), (INVALID_RESPONSE, mismatch)),
    ] {
        functions.respond(SOURCE, json!({ "userAttributes": attributes }));
        people.sign_in(ANA, PASSWORD).await.refused_as(refusal);
    }
    people
        .admin("AdminGetUser", json!({"Username": ANA}))
        .await
        .refused_as(missing);
}

#[tokio::test]
async fn a_reset_is_the_default() {
    let people = people(json!({})).await;
    let attributes = json!({"email": ANA, "email_verified": "true"});
    let response = json!({"userAttributes": attributes, "finalUserStatus": null});
    people.app.functions.respond(SOURCE, response);
    people
        .sign_in(ANA, PASSWORD)
        .await
        .refused("PasswordResetRequiredException", "Password reset required for the user");
    assert_eq!(people.status(ANA).await, "RESET_REQUIRED");
}
