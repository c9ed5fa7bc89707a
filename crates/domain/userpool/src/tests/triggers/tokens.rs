//! PreTokenGeneration in its versions. Reference: user-pools 16.3.

use serde_json::{Value, json};
use testkit::text;

use super::{INVALID_RESPONSE, UNRECOGNIZABLE, all_flows};
use crate::tests::{
    functions::FUNCTION,
    people::{PASSWORD, People},
};

const SIGN_IN: &str = "TokenGeneration_Authentication";

async fn people(version: &str) -> People {
    let lambdas = match version {
        "V1_0" => json!({"PreTokenGeneration": FUNCTION}),
        _ => json!({"PreTokenGenerationConfig": {"LambdaVersion": version, "LambdaArn": FUNCTION}}),
    };
    let people = all_flows(&[], json!({"LambdaConfig": lambdas}), json!({})).await;
    people.member("ana", &[("email", "ana@example.com")]).await;
    for group in ["staff", "night"] {
        people.admin("CreateGroup", json!({"GroupName": group})).await.ok();
        let input = json!({"GroupName": group, "Username": "ana"});
        people.admin("AdminAddUserToGroup", input).await.ok();
    }
    people
}

/// What both tokens say.
async fn claims(people: &People, answer: &Value) -> (Value, Value) {
    let id = people.claims(&text(answer, "/AuthenticationResult/IdToken")).await;
    let access = people.claims(&text(answer, "/AuthenticationResult/AccessToken")).await;
    (Value::Object(id), Value::Object(access))
}

#[tokio::test]
async fn the_first_version_is_about_the_id_token() {
    let people = people("V1_0").await;
    let functions = people.app.functions.clone();
    let groups = json!({"groupsToOverride": ["day"]});
    let details = json!({
        "claimsToAddOrOverride": {"tenant": "t", "sub": "other"}, "claimsToSuppress": ["email"],
        "groupOverrideDetails": groups,
    });
    functions.respond(SIGN_IN, json!({ "claimsOverrideDetails": details }));
    let answer = people.sign_in("ana", PASSWORD).await.ok();
    let event = functions.heard().pop().unwrap();
    assert_eq!(event["version"], "1");
    let told = json!({"groupsToOverride": ["night", "staff"], "iamRolesToOverride": [], "preferredRole": null});
    assert_eq!(event["request"]["groupConfiguration"], told);
    assert_eq!(event["request"].get("scopes"), None);
    let (id, access) = claims(&people, &answer).await;
    assert_eq!((&id["tenant"], id.get("email")), (&json!("t"), None));
    assert_ne!(id["sub"], "other");
    let day = json!(["day"]);
    assert_eq!((&id["cognito:groups"], &access["cognito:groups"]), (&day, &day));
    assert_eq!(access.get("tenant"), None);
    people
        .get_user(&text(&answer, "/AuthenticationResult/AccessToken"))
        .await
        .ok();
}

#[tokio::test]
async fn the_second_version_is_about_both_and_their_scopes() {
    let people = people("V2_0").await;
    let functions = people.app.functions.clone();
    let details = json!({
        "idTokenGeneration": {"claimsToAddOrOverride": {"plan": {"seats": 3}}},
        "accessTokenGeneration": {
            "claimsToAddOrOverride": {"plan": [1, true]}, "scopesToAdd": ["photos/read"],
            "scopesToSuppress": ["aws.cognito.signin.user.admin"],
        },
    });
    functions.respond(SIGN_IN, json!({ "claimsAndScopeOverrideDetails": details }));
    let answer = people.sign_in("ana", PASSWORD).await.ok();
    let event = functions.heard().pop().unwrap();
    assert_eq!(event["version"], "2");
    assert_eq!(event["request"]["scopes"], json!(["aws.cognito.signin.user.admin"]));
    let (id, access) = claims(&people, &answer).await;
    assert_eq!(
        (&id["plan"], &access["plan"]),
        (&json!({"seats": 3}), &json!([1, true]))
    );
    assert_eq!(access["scope"], "photos/read");
    people
        .get_user(&text(&answer, "/AuthenticationResult/AccessToken"))
        .await
        .refused("NotAuthorizedException", "Access Token does not have required scopes");
}

#[tokio::test]
async fn each_way_to_tokens_has_its_source() {
    let people = people("V1_0").await;
    let functions = people.app.functions.clone();
    let answer = people.sign_in_by_srp("ana", PASSWORD).await.ok();
    assert_eq!(functions.sources(), [SIGN_IN]);
    let token = text(&answer, "/AuthenticationResult/RefreshToken");
    people.refresh(&token).await.ok();
    assert_eq!(functions.sources(), ["TokenGeneration_RefreshTokens"]);
    people.get_tokens(&token).await.ok();
    assert_eq!(functions.sources(), [SIGN_IN]);
    people.invited("bea", "Temp0rary!", &[]).await;
    let started = people.sign_in("bea", "Temp0rary!").await.ok();
    assert_eq!(functions.sources(), [""; 0]);
    let responses = json!({"USERNAME": "bea", "NEW_PASSWORD": PASSWORD});
    people
        .respond("NEW_PASSWORD_REQUIRED", Some(&text(&started, "/Session")), responses)
        .await
        .ok();
    assert_eq!(functions.sources(), ["TokenGeneration_NewPasswordChallenge"]);
}

#[tokio::test]
async fn what_is_garbled_gives_no_tokens_and_sets_no_password() {
    let people = people("V2_0").await;
    let functions = people.app.functions.clone();
    people.invited("bea", "Temp0rary!", &[]).await;
    let session = text(&people.sign_in("bea", "Temp0rary!").await.ok(), "/Session");
    let respond = || {
        let responses = json!({"USERNAME": "bea", "NEW_PASSWORD": PASSWORD});
        people.respond("NEW_PASSWORD_REQUIRED", Some(&session), responses)
    };
    let source = "TokenGeneration_NewPasswordChallenge";
    functions.respond(source, json!({"claimsAndScopeOverrideDetails": "all"}));
    respond().await.refused(INVALID_RESPONSE, UNRECOGNIZABLE);
    assert_eq!(people.status("bea").await, "FORCE_CHANGE_PASSWORD");
    functions.respond(source, json!({}));
    respond().await.ok();
    assert_eq!(people.status("bea").await, "CONFIRMED");
}
