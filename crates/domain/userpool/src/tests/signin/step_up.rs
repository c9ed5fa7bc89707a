//! TARGET_ACR_VALUES, ACCESS_TOKEN, MAX_AGE. Reference: user-pools 15.1.

use std::time::Duration;

use serde_json::{Value, json};
use testkit::{merged, text};

use crate::tests::people::{PASSWORD, People};

const MAIL: &str = "ana@example.com";
const PHONE: &str = "+15551234567";
const OUT_OF_REACH: (&str, &str) = (
    "InvalidParameterException",
    "The user can't reach any of the requested acr values.",
);

/// Second factors are by text message, for those who turned them on.
async fn people() -> People {
    let role = "arn:aws:iam::000000000000:role/texts";
    let pool = json!({
        "MfaConfiguration": "OPTIONAL", "SmsConfiguration": {"SnsCallerArn": role, "ExternalId": "x"},
        "Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"]}},
        "AcrConfiguration": {"Level3": {"AcrValue": "silver"}},
    });
    let people = People::with_all_flows(pool, json!({})).await;
    people.member("ana", &[("email", MAIL), ("phone_number", PHONE)]).await;
    people.member("bea", &[("email", "bea@example.com")]).await;
    people
}

fn asking(name: &str, parameters: Value) -> Value {
    merged(json!({"USERNAME": name}), parameters)
}

async fn with_password(people: &People, name: &str, parameters: Value) -> testkit::Answer {
    let wish = json!({"PREFERRED_CHALLENGE": "PASSWORD", "PASSWORD": PASSWORD});
    people
        .initiate("USER_AUTH", asking(name, merged(wish, parameters)))
        .await
}

async fn level(people: &People, result: &Value) -> (Value, Value) {
    let claims = people.claims(result["AccessToken"].as_str().unwrap()).await;
    (claims["acr"].clone(), claims["amr"].clone())
}

async fn by_text_message(people: &People, started: &Value) -> Value {
    assert_eq!(started["ChallengeName"], "SMS_MFA", "{started}");
    let responses = json!({"USERNAME": "ana", "SMS_MFA_CODE": people.app.code_for(PHONE).await});
    let answer = people
        .respond("SMS_MFA", Some(&text(started, "/Session")), responses)
        .await;
    answer.ok()["AuthenticationResult"].clone()
}

#[tokio::test]
async fn what_is_asked_for_is_shown() {
    let people = people().await;
    let plain = with_password(&people, "ana", json!({})).await.ok();
    let (acr, amr) = level(&people, &plain["AuthenticationResult"]).await;
    assert_eq!((acr, amr), (json!("urn:cognito:loa:1"), json!(["pwd"])));

    let started = with_password(&people, "ana", json!({"TARGET_ACR_VALUES": "gold silver"}))
        .await
        .ok();
    let (acr, amr) = level(&people, &by_text_message(&people, &started).await).await;
    assert_eq!((acr, amr), (json!("silver"), json!(["pwd", "sms", "mfa"])));

    // A code by mail is enough for the second level, not for the third.
    for (target, available) in [
        ("urn:cognito:loa:2", json!(["PASSWORD_SRP", "PASSWORD", "EMAIL_OTP"])),
        ("silver", json!(["PASSWORD_SRP", "PASSWORD"])),
    ] {
        let parameters = asking("ana", json!({"TARGET_ACR_VALUES": target}));
        let offered = people.initiate("USER_AUTH", parameters).await.ok();
        assert_eq!(offered["AvailableChallenges"], available, "{target}");
    }
}

#[tokio::test]
async fn the_first_level_within_reach_is_taken() {
    let people = people().await;
    // No authenticator app here: the next wish counts.
    let targets = json!({"TARGET_ACR_VALUES": "urn:cognito:loa:4 silver urn:cognito:loa:1"});
    let started = with_password(&people, "ana", targets.clone()).await.ok();
    by_text_message(&people, &started).await;
    // Bea has no phone.
    let answer = with_password(&people, "bea", targets).await.ok();
    let (acr, _) = level(&people, &answer["AuthenticationResult"]).await;
    assert_eq!(acr, "urn:cognito:loa:1");
    with_password(&people, "bea", json!({"TARGET_ACR_VALUES": "silver"}))
        .await
        .refused_as(OUT_OF_REACH);
}

#[tokio::test]
async fn a_token_earns_what_was_shown_before() {
    let people = people().await;
    let plain = with_password(&people, "ana", json!({})).await.ok();
    let token = text(&plain, "/AuthenticationResult/AccessToken");
    let up = |more: Value| {
        asking(
            "ana",
            merged(json!({"TARGET_ACR_VALUES": "silver", "ACCESS_TOKEN": token}), more),
        )
    };

    people.app.advance(Duration::from_secs(60));
    let started = people.initiate("USER_AUTH", up(json!({"MAX_AGE": "100"}))).await.ok();
    let result = by_text_message(&people, &started).await;
    let (acr, amr) = level(&people, &result).await;
    assert_eq!((acr, amr), (json!("silver"), json!(["pwd", "sms", "mfa"])));

    // Too long ago, or enough by itself: then all is shown anew.
    let strong = text(&result, "/AccessToken");
    for parameters in [up(json!({"MAX_AGE": "10"})), up(json!({"ACCESS_TOKEN": strong}))] {
        let answer = people.initiate("USER_AUTH", parameters).await.ok();
        assert_eq!(answer["ChallengeName"], "SELECT_CHALLENGE", "{answer}");
    }
    // Somebody else's.
    let parameters = merged(
        up(json!({})),
        json!({"USERNAME": "bea", "TARGET_ACR_VALUES": "urn:cognito:loa:1"}),
    );
    let answer = people.initiate("USER_AUTH", parameters).await.ok();
    assert_eq!(answer["ChallengeName"], "SELECT_CHALLENGE", "{answer}");
    // Of a password that is no more.
    people.app.advance(Duration::from_secs(1));
    let input = json!({"Username": "ana", "Password": "An0ther-word", "Permanent": true});
    people.admin("AdminSetUserPassword", input).await.ok();
    let answer = people.initiate("USER_AUTH", up(json!({}))).await.ok();
    assert_eq!(answer["ChallengeName"], "SELECT_CHALLENGE", "{answer}");
}

#[tokio::test]
async fn what_can_not_be_asked_for_is_refused() {
    let people = people().await;
    let invalid = "InvalidParameterException";
    for (parameters, sentence) in [
        (
            json!({"TARGET_ACR_VALUES": "gold"}),
            "None of the values in TARGET_ACR_VALUES is known.",
        ),
        (
            json!({"TARGET_ACR_VALUES": ""}),
            "None of the values in TARGET_ACR_VALUES is known.",
        ),
        (json!({"ACCESS_TOKEN": "x"}), "ACCESS_TOKEN requires TARGET_ACR_VALUES."),
        (
            json!({"TARGET_ACR_VALUES": "silver", "MAX_AGE": "-1"}),
            "MAX_AGE must be a number of seconds.",
        ),
    ] {
        people
            .initiate("USER_AUTH", asking("ana", parameters))
            .await
            .refused(invalid, sentence);
    }
    people
        .initiate(
            "USER_AUTH",
            asking("ana", json!({"TARGET_ACR_VALUES": "silver", "ACCESS_TOKEN": "x"})),
        )
        .await
        .refused("NotAuthorizedException", "Invalid Access Token");
}

#[tokio::test]
async fn refresh_keeps_the_level() {
    let people = people().await;
    let started = with_password(&people, "ana", json!({"TARGET_ACR_VALUES": "silver"}))
        .await
        .ok();
    let result = by_text_message(&people, &started).await;
    let fresh = people.refresh(&text(&result, "/RefreshToken")).await.ok();
    let (acr, amr) = level(&people, &fresh["AuthenticationResult"]).await;
    assert_eq!((acr, amr), (json!("silver"), json!(["pwd", "sms", "mfa"])));
}

/// A token tells when somebody signed in in true time, and passwords are set by the clock that moves: their ages are compared.
#[tokio::test]
async fn credit_counts_while_the_clock_is_ahead() {
    let people = people().await;
    let call = async |hours: u64, operation: &str, input: Value| {
        let (span, input) = (
            Duration::from_secs(hours * 3600),
            merged(json!({"ClientId": people.client}), input),
        );
        people.call_ahead(span, operation, input).await
    };
    let set = json!({"UserPoolId": people.pool, "Username": "ana", "Password": PASSWORD, "Permanent": true});
    call(24, "AdminSetUserPassword", set).await.ok();
    let sign_in =
        json!({"AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": {"USERNAME": "ana", "PASSWORD": PASSWORD}});
    let token = text(
        &call(24, "InitiateAuth", sign_in).await.ok(),
        "/AuthenticationResult/AccessToken",
    );
    let up = |max_age: &str| {
        let parameters = asking(
            "ana",
            json!({"TARGET_ACR_VALUES": "silver", "ACCESS_TOKEN": token, "MAX_AGE": max_age}),
        );
        json!({"AuthFlow": "USER_AUTH", "AuthParameters": parameters})
    };
    let asked = call(24, "InitiateAuth", up("600")).await.ok();
    assert_eq!(asked["ChallengeName"], "SMS_MFA");
}
