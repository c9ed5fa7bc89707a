//! By those who say that they were elsewhere before.

use serde_json::{Value, json};
use testkit::{Call, merged};

use super::slow_saying;
use crate::{
    ops,
    tests::{
        entry::{EXCEEDED, WRONG},
        functions::FUNCTION,
        people::{PASSWORD, People},
    },
};

const SOURCE: &str = "UserMigration_Authentication";
const MAIL: &str = "zoe@example.com";

async fn hidden() -> People {
    let pool = json!({"UsernameAttributes": ["email"], "LambdaConfig": {"UserMigration": FUNCTION}});
    People::with_all_flows(pool, json!({"PreventUserExistenceErrors": "ENABLED"})).await
}

fn known() -> Value {
    json!({
        "userAttributes": {"email": MAIL, "email_verified": "true"}, "finalUserStatus": "CONFIRMED",
        "messageAction": "SUPPRESS",
    })
}

/// Reference: user-pools 5.10 (five failures are free), 17.2 (nobody is answered as somebody is).
#[tokio::test]
async fn whom_the_function_does_not_know_locks_as_a_user_does() {
    let people = hidden().await;
    people.member("ana@example.com", &[]).await;
    people.app.functions.respond(SOURCE, json!({"userAttributes": null}));
    for who in ["ana@example.com", MAIL] {
        for guess in 1..=5 {
            let answer = people.sign_in(who, "Wr0ng-word").await;
            assert_eq!((answer.code(), answer.sentence()), WRONG, "guess {guess} at {who}");
        }
        people.sign_in(who, "Wr0ng-word").await.refused_as(EXCEEDED);
    }
}

/// Reference: user-pools 5.10: during a lock `Password attempts exceeded`, of guesses in parallel too.
#[tokio::test]
async fn a_right_password_that_comes_back_during_a_lock_makes_nobody() {
    let people = hidden().await;
    let (pools, asked, go) = slow_saying(&people.app, known()).await;
    let cx = people.app.cx();
    let parameters = json!({"USERNAME": MAIL, "PASSWORD": PASSWORD});
    let begin = json!({"AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": parameters});
    let input = merged(json!({"ClientId": people.client}), begin);
    let right = Call::of(&ops::TABLE, "InitiateAuth", input).on(&pools, &cx);
    people.app.functions.raise(SOURCE, "Bad password");
    let meanwhile = async {
        asked.notified().await;
        for _ in 0..5 {
            people.sign_in(MAIL, "Wr0ng-word").await.refused_as(WRONG);
        }
        people.sign_in(MAIL, "Wr0ng-word").await.refused_as(EXCEEDED);
        go.notify_one();
    };
    let (answer, ()) = tokio::join!(right, meanwhile);
    assert_eq!(
        (answer.code(), answer.sentence()),
        EXCEEDED,
        "a right password during a lock"
    );
    people
        .admin("AdminGetUser", json!({"Username": MAIL}))
        .await
        .refused("UserNotFoundException", "User does not exist.");
}

/// Reference: user-pools 4.7 (5 to 20 an hour), 16.3: in parallel too, or the function's own directory is asked without end.
#[tokio::test]
async fn the_function_hears_of_a_name_as_often_as_it_may_ask_for_codes() {
    let people = hidden().await;
    people.app.functions.raise("UserMigration_ForgotPassword", "nobody");
    let asked = || people.public("ForgotPassword", json!({"Username": MAIL}));
    let ten = || async {
        tokio::join!(
            asked(),
            asked(),
            asked(),
            asked(),
            asked(),
            asked(),
            asked(),
            asked(),
            asked(),
            asked()
        )
    };
    tokio::join!(ten(), ten(), ten());
    let heard = people.app.functions.heard().len();
    assert!(heard <= 20, "{heard} times within the hour");
}

/// Reference: user-pools 5.10: a handler that answers nothing to a wrong password is guessed at no further either.
#[tokio::test]
async fn guesses_that_the_function_garbles_lock() {
    let people = hidden().await;
    people.app.functions.garble(SOURCE, "null");
    for _ in 0..20 {
        people.sign_in(MAIL, "Wr0ng-word").await;
    }
    let heard = people.app.functions.heard().len();
    assert!(heard <= 5, "{heard} guesses");
}
