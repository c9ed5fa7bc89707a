//! CUSTOM_AUTH. Reference: user-pools 5.9, 16.3.

use kernel::SystemRng;
use serde_json::{Value, json};
use testkit::{Answer, text};
use vault::srp::Client;

use super::{INVALID_RESPONSE, UNRECOGNIZABLE, all_flows};
use crate::tests::{
    entry::{EXCEEDED, INVALID_SESSION, USED_SESSION, WRONG},
    people::{PASSWORD, People},
};

const ALL: [&str; 3] = [
    "DefineAuthChallenge",
    "CreateAuthChallenge",
    "VerifyAuthChallengeResponse",
];
const DEFINE: &str = "DefineAuthChallenge_Authentication";
const CREATE: &str = "CreateAuthChallenge_Authentication";
const VERIFY: &str = "VerifyAuthChallengeResponse_Authentication";

async fn people(client: Value) -> People {
    let people = all_flows(&ALL, json!({}), client).await;
    people.member("ana", &[]).await;
    let functions = &people.app.functions;
    functions.respond(DEFINE, json!({"challengeName": "CUSTOM_CHALLENGE"}));
    let riddle = json!({
        "publicChallengeParameters": {"riddle": "what has an eye"}, "privateChallengeParameters": {"answer": "a needle"},
        "challengeMetadata": "RIDDLE",
    });
    functions.respond(CREATE, riddle);
    functions.respond(VERIFY, json!({"answerCorrect": true}));
    people
}

async fn begin(people: &People, name: &str) -> Answer {
    people.initiate("CUSTOM_AUTH", json!({"USERNAME": name})).await
}

async fn answer(people: &People, session: &str, name: &str) -> Answer {
    let responses = json!({"USERNAME": name, "ANSWER": "a needle"});
    people.respond("CUSTOM_CHALLENGE", Some(session), responses).await
}

#[tokio::test]
async fn wrong_passwords_lock_no_custom_challenge() {
    let people = people(json!({})).await;
    let started = begin(&people, "ana").await.ok();
    for _ in 0..5 {
        people.sign_in("ana", "Wr0ng-word").await.refused_as(WRONG);
    }
    people.sign_in("ana", PASSWORD).await.refused_as(EXCEEDED);
    people.app.functions.respond(DEFINE, json!({"issueTokens": true}));
    answer(&people, &text(&started, "/Session"), "ana").await.ok();
    // Nor those that begin with a password's proof, but for the proof.
    people
        .app
        .functions
        .respond(DEFINE, json!({"challengeName": "PASSWORD_VERIFIER"}));
    let parameters = json!({"USERNAME": "ana", "CHALLENGE_NAME": "SRP_A", "SRP_A": "2"});
    people.initiate("CUSTOM_AUTH", parameters).await.refused_as(EXCEEDED);
}

#[tokio::test]
async fn functions_ask_and_judge() {
    let people = people(json!({})).await;
    let functions = people.app.functions.clone();
    let started = begin(&people, "ana").await.ok();
    assert_eq!(started["ChallengeName"], "CUSTOM_CHALLENGE");
    let shown = json!({"riddle": "what has an eye", "USERNAME": "ana"});
    assert_eq!(started["ChallengeParameters"], shown);
    let heard = functions.heard();
    assert_eq!(heard[0]["request"]["session"], json!([]));
    assert_eq!(heard[1]["request"]["challengeName"], "CUSTOM_CHALLENGE");

    functions.respond(DEFINE, json!({"issueTokens": true}));
    let session = text(&started, "/Session");
    let done = answer(&people, &session, "ana").await.ok();
    assert!(done["AuthenticationResult"]["RefreshToken"].is_string());
    let heard = functions.heard();
    let asked = &heard[0]["request"];
    assert_eq!(asked["privateChallengeParameters"], json!({"answer": "a needle"}));
    assert_eq!(asked["challengeAnswer"], "a needle");
    let round = json!([{"challengeName": "CUSTOM_CHALLENGE", "challengeResult": true, "challengeMetadata": "RIDDLE"}]);
    assert_eq!(heard[1]["request"]["session"], round);
    answer(&people, &session, "ana").await.refused_as(USED_SESSION);
    let claims = people.claims(&text(&done, "/AuthenticationResult/IdToken")).await;
    assert_eq!(claims.get("amr"), None);
}

#[tokio::test]
async fn a_wrong_answer_goes_into_the_next_round() {
    let people = people(json!({})).await;
    let functions = people.app.functions.clone();
    let first = text(&begin(&people, "ana").await.ok(), "/Session");
    functions.respond(VERIFY, json!({"answerCorrect": false}));
    functions.heard();
    let again = answer(&people, &first, "ana").await.ok();
    assert_eq!(again["ChallengeName"], "CUSTOM_CHALLENGE");
    assert_eq!(functions.heard()[1]["request"]["session"][0]["challengeResult"], false);
    // An answer counts once, a wrong one too.
    answer(&people, &first, "ana").await.refused_as(USED_SESSION);
    functions.respond(DEFINE, json!({"failAuthentication": true}));
    let second = text(&again, "/Session");
    answer(&people, &second, "ana").await.refused_as(WRONG);
    functions.respond(DEFINE, json!({"issueTokens": true}));
    answer(&people, &second, "ana").await.refused_as(USED_SESSION);
}

#[tokio::test]
async fn srp_comes_first_where_it_is_begun() {
    let people = people(json!({})).await;
    let functions = people.app.functions.clone();
    functions.respond(DEFINE, json!({"challengeName": "PASSWORD_VERIFIER"}));
    let client = Client::new(&SystemRng);
    let parameters = json!({"USERNAME": "ana", "CHALLENGE_NAME": "SRP_A", "SRP_A": client.public_hex()});
    let started = people.initiate("CUSTOM_AUTH", parameters).await.ok();
    let told = functions.heard()[0]["request"]["session"].clone();
    let round = json!([{"challengeName": "SRP_A", "challengeResult": true, "challengeMetadata": null}]);
    assert_eq!(told, round);
    assert!(started["Session"].is_string());
    let wrong = people.proof(&client, started.clone(), "Wr0ng-word");
    people.prove(&wrong).await.refused_as(WRONG);
    functions.respond(DEFINE, json!({"challengeName": "CUSTOM_CHALLENGE"}));
    let proof = people.proof(&client, started, PASSWORD);
    let asked = people.prove(&proof).await.ok();
    assert_eq!(asked["ChallengeName"], "CUSTOM_CHALLENGE");
    people.prove(&proof).await.refused_as(USED_SESSION);
    functions.respond(DEFINE, json!({"issueTokens": true}));
    functions.heard();
    let done = answer(&people, &text(&asked, "/Session"), "ana").await.ok();
    let rounds = functions.heard()[1]["request"]["session"].clone();
    let names: Vec<Value> = rounds
        .as_array()
        .unwrap()
        .iter()
        .map(|r| r["challengeName"].clone())
        .collect();
    assert_eq!(names, ["SRP_A", "PASSWORD_VERIFIER", "CUSTOM_CHALLENGE"]);
    let claims = people.claims(&text(&done, "/AuthenticationResult/IdToken")).await;
    assert_eq!(claims["amr"], json!(["pwd"]));
}

#[tokio::test]
async fn a_function_that_fails_leaves_the_session_as_it_was() {
    let people = people(json!({})).await;
    let functions = people.app.functions.clone();
    let session = text(&begin(&people, "ana").await.ok(), "/Session");
    functions.raise(VERIFY, "no");
    answer(&people, &session, "ana").await.refused(
        "UserLambdaValidationException",
        "VerifyAuthChallengeResponse failed with error no.",
    );
    functions.respond(VERIFY, json!({"answerCorrect": true}));
    for said in [json!({}), json!({"issueTokens": 1}), json!({"challengeName": "TEA"})] {
        functions.respond(DEFINE, said);
        answer(&people, &session, "ana")
            .await
            .refused(INVALID_RESPONSE, UNRECOGNIZABLE);
    }
    functions.respond(DEFINE, json!({"challengeName": "NEW_PASSWORD_REQUIRED"}));
    answer(&people, &session, "ana")
        .await
        .refused("NotAuthorizedException", "Invalid session provided for the user.");
    functions.respond(DEFINE, json!({"challengeName": "CUSTOM_CHALLENGE"}));
    functions.respond(
        CREATE,
        json!({"privateChallengeParameters": {"long": "x".repeat(5000)}}),
    );
    answer(&people, &session, "ana")
        .await
        .refused(INVALID_RESPONSE, UNRECOGNIZABLE);
    functions.respond(DEFINE, json!({"issueTokens": true}));
    answer(&people, &session, "ana").await.ok();
}

#[tokio::test]
async fn nobody_is_asked_as_a_user_is_and_gets_no_tokens() {
    let people = people(json!({"PreventUserExistenceErrors": "ENABLED"})).await;
    let functions = people.app.functions.clone();
    let started = begin(&people, "nobody").await.ok();
    assert_eq!(functions.heard()[0]["request"]["userNotFound"], true);
    assert_eq!(started["ChallengeParameters"]["USERNAME"], "nobody");
    functions.respond(DEFINE, json!({"issueTokens": true}));
    answer(&people, &text(&started, "/Session"), "nobody")
        .await
        .refused_as(WRONG);
    // Ana's session is of no use to somebody else, nor for something else.
    functions.respond(DEFINE, json!({"challengeName": "CUSTOM_CHALLENGE"}));
    people.member("bea", &[]).await;
    let session = text(&begin(&people, "ana").await.ok(), "/Session");
    let responses = json!({"USERNAME": "ana", "PASSWORD": PASSWORD});
    people
        .respond("PASSWORD", Some(&session), responses)
        .await
        .refused_as(INVALID_SESSION);
    functions.respond(DEFINE, json!({"issueTokens": true}));
    answer(&people, &session, "bea").await.refused_as(INVALID_SESSION);
}

#[tokio::test]
async fn the_three_functions_are_needed() {
    let people = all_flows(&ALL[..2], json!({}), json!({})).await;
    people.member("ana", &[]).await;
    begin(&people, "ana").await.refused(
        "InvalidParameterException",
        "Custom auth lambda trigger is not configured for the user pool.",
    );
}

/// Reference: user-pools 5.6, B.1 (a Session has 4,096 characters at the most): a challenge that no answer could be sent to is none.
#[tokio::test]
async fn no_session_is_longer_than_its_model() {
    let triggers = [
        "DefineAuthChallenge",
        "CreateAuthChallenge",
        "VerifyAuthChallengeResponse",
    ];
    let role = "arn:aws:iam::000000000000:role/texts";
    let sms = json!({"SmsConfiguration": {"SnsCallerArn": role, "ExternalId": "x"}});
    let people = super::all_flows(&triggers, sms, json!({})).await;
    let functions = people.app.functions.clone();
    let right = json!({"answerCorrect": true});
    functions.respond("VerifyAuthChallengeResponse_Authentication", right);
    for (n, length) in (2400..3000).step_by(40).enumerate() {
        let (name, phone) = (format!("kim{n}"), format!("+1555000{n:04}"));
        people.member(&name, &[("phone_number", &phone)]).await;
        let define =
            |name: &str| functions.respond("DefineAuthChallenge_Authentication", json!({ "challengeName": name }));
        define("CUSTOM_CHALLENGE");
        let metadata = json!({"challengeMetadata": "m".repeat(length)});
        functions.respond("CreateAuthChallenge_Authentication", metadata);
        let started = people.initiate("CUSTOM_AUTH", json!({"USERNAME": name})).await;
        if !started.code().is_empty() {
            started.refused(super::INVALID_RESPONSE, super::UNRECOGNIZABLE);
            continue;
        }
        let session = testkit::text(&started.ok(), "/Session");
        define("SMS_MFA");
        let responses = json!({"USERNAME": name, "ANSWER": "x"});
        let next = people.respond("CUSTOM_CHALLENGE", Some(&session), responses).await;
        if !next.code().is_empty() {
            next.refused(super::INVALID_RESPONSE, super::UNRECOGNIZABLE);
            continue;
        }
        let session = testkit::text(&next.ok(), "/Session");
        assert!(session.len() <= 4096, "{} of metadata of {length}", session.len());
    }
}

/// Reference: user-pools 5.6: a session for another user is `Invalid session for the user.`, and no function hears of an answer to it.
#[tokio::test]
async fn a_custom_challenge_is_its_own_users() {
    let people = people(json!({})).await;
    people.member("bea", &[]).await;
    let functions = people.app.functions.clone();
    let session = text(&begin(&people, "ana").await.ok(), "/Session");
    functions.heard();
    let answered = answer(&people, &session, "bea").await;
    let heard = functions.heard();
    let named: Vec<&Value> = heard.iter().map(|event| &event["userName"]).collect();
    assert!(named.is_empty(), "functions heard of {named:?}");
    answered.refused_as(INVALID_SESSION);
}

/// Whoever is not there answers under the name they began with, or the one that they were shown in its place.
#[tokio::test]
async fn nobodys_custom_challenge_is_nobodys_own() {
    let by_mail = json!({"UsernameAttributes": ["email"], "UsernameConfiguration": {"CaseSensitive": false}});
    let people = all_flows(&ALL, by_mail, json!({"PreventUserExistenceErrors": "ENABLED"})).await;
    let functions = people.app.functions.clone();
    functions.respond(VERIFY, json!({"answerCorrect": true}));
    let begun = async || {
        functions.respond(DEFINE, json!({"challengeName": "CUSTOM_CHALLENGE"}));
        let started = begin(&people, "nobody@example.com").await.ok();
        functions.respond(DEFINE, json!({"issueTokens": true}));
        functions.heard();
        (
            text(&started, "/Session"),
            text(&started, "/ChallengeParameters/USERNAME"),
        )
    };
    let (session, shown) = begun().await;
    answer(&people, &session, "somebody@example.com")
        .await
        .refused_as(INVALID_SESSION);
    assert!(functions.heard().is_empty());
    answer(&people, &session, &shown).await.refused_as(WRONG);
    let (session, _) = begun().await;
    answer(&people, &session, "Nobody@example.com").await.refused_as(WRONG);
}

/// docs/security.md (a pool that keeps argon2id forbids SRP); reference: user-pools 5.2: the same as of USER_SRP_AUTH.
#[tokio::test]
async fn a_pool_that_forbids_srp_begins_no_custom_challenge_by_it() {
    let tags = json!({"UserPoolTags": {"poolhouse:password-store": "argon2id"}});
    let flows =
        json!({"ExplicitAuthFlows": ["ALLOW_CUSTOM_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]});
    let people = all_flows(&ALL, tags, flows).await;
    people.member("ana", &[]).await;
    people.sign_in("ana", PASSWORD).await.ok();
    let client = Client::new(&SystemRng);
    people
        .app
        .functions
        .respond(DEFINE, json!({"challengeName": "PASSWORD_VERIFIER"}));
    let parameters = json!({"USERNAME": "ana", "CHALLENGE_NAME": "SRP_A", "SRP_A": client.public_hex()});
    let custom = people.initiate("CUSTOM_AUTH", parameters).await;
    // Else a right password is refused as a wrong one, counted, and locks.
    assert_eq!(custom.code(), "InvalidParameterException");
}

/// Reference: user-pools 5.2.
#[tokio::test]
async fn srp_that_is_begun_has_its_public_value() {
    let people = people(json!({})).await;
    let parameters = json!({"USERNAME": "ana", "CHALLENGE_NAME": "SRP_A"});
    people
        .initiate("CUSTOM_AUTH", parameters)
        .await
        .refused("InvalidParameterException", "Missing required parameter SRP_A");
}

/// Reference: user-pools 5.9. Custom challenges do without a password, a temporary one too: the tokens they lead to are good.
#[tokio::test]
async fn whom_functions_let_in_beside_a_temporary_password_has_tokens() {
    let people = people(json!({})).await;
    people.invited("bea", "Temp0rary!", &[]).await;
    people.app.advance(std::time::Duration::from_secs(1));
    people.app.functions.respond(DEFINE, json!({"issueTokens": true}));
    let done = begin(&people, "bea").await.ok();
    let token = |name: &str| text(&done, &format!("/AuthenticationResult/{name}"));
    people.get_user(&token("AccessToken")).await.ok();
    people.refresh(&token("RefreshToken")).await.ok();
}
