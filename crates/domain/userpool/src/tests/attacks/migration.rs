//! By those who say that they were elsewhere before.

use std::time::Duration;

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

fn settings() -> Value {
    json!({"UsernameAttributes": ["email"], "LambdaConfig": {"UserMigration": FUNCTION}})
}

async fn hidden() -> People {
    People::with_all_flows(settings(), json!({"PreventUserExistenceErrors": "ENABLED"})).await
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

/// Reference: user-pools 5.10: during a lock `Password attempts exceeded`, of guesses in parallel too. The one that the function thinks
/// of counts with them: five are asked at once, then one a lock.
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
        for _ in 0..4 {
            people.sign_in(MAIL, "Wr0ng-word").await.refused_as(WRONG);
        }
        people.sign_in(MAIL, "Wr0ng-word").await.refused_as(EXCEEDED);
        people.app.advance(Duration::from_secs(1));
        people.sign_in(MAIL, "Wr0ng-word").await.refused_as(WRONG);
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

/// Four were wrong: of a user four have no consequence either.
#[tokio::test]
async fn a_right_password_is_not_stopped_by_the_lock_that_it_counted_for() {
    let people = hidden().await;
    for locks in [&[0, 0, 0, 0][..], &[0, 0, 0, 0, 1, 2, 4]] {
        people.app.functions.raise(SOURCE, "Bad password");
        for seconds in locks {
            people.sign_in(MAIL, "Wr0ng-word").await.refused_as(WRONG);
            people.app.advance(Duration::from_secs(*seconds));
        }
        people.app.functions.respond(SOURCE, known());
        people.sign_in(MAIL, PASSWORD).await.ok();
        people.admin("AdminDeleteUser", json!({"Username": MAIL})).await.ok();
    }
}

/// What guesses are answered, with pauses between.
async fn guesses(people: &People, who: &str) -> Vec<(String, String)> {
    let mut answers = Vec::new();
    for (count, seconds) in [(7, 1), (2, 1), (1, 1), (2, 4), (2, 900), (5, 0)] {
        for _ in 0..count {
            let answer = people.sign_in(who, "Wr0ng-word").await;
            answers.push((answer.code().to_owned(), answer.sentence().to_owned()));
        }
        people.app.advance(Duration::from_secs(seconds));
    }
    answers
}

/// Reference: user-pools 5.10, 17.2.
#[tokio::test]
async fn whatever_the_function_says_guesses_lock_as_at_a_user() {
    for client in [json!({"PreventUserExistenceErrors": "ENABLED"}), json!({})] {
        let people = People::with_all_flows(settings(), client.clone()).await;
        people.member("ana@example.com", &[]).await;
        let functions = people.app.functions.clone();
        let expected = guesses(&people, "ana@example.com").await;
        let locked = |answers: &[(String, String)]| -> Vec<bool> {
            let told = answers.iter();
            told.map(|(_, sentence)| sentence == EXCEEDED.1).collect()
        };
        let asked = locked(&expected).into_iter().filter(|locked| !locked).count();
        let (other, nothing) = (json!({"email": "bea@example.com"}), json!(null));
        let ways = ["raise", "garble", "null", "nobody", "another", "a number"];
        for (n, way) in ways.into_iter().enumerate() {
            match way {
                "raise" => functions.raise(SOURCE, "Bad password"),
                "garble" => functions.garble(SOURCE, "no json"),
                "null" => functions.garble(SOURCE, "null"),
                "nobody" => functions.respond(SOURCE, json!({ "userAttributes": nothing })),
                "another" => functions.respond(SOURCE, merged(known(), json!({ "userAttributes": other }))),
                _ => functions.respond(SOURCE, json!({"userAttributes": {"email": 1}})),
            }
            functions.heard();
            let answers = guesses(&people, &format!("{n}@example.com")).await;
            assert_eq!(locked(&answers), locked(&expected), "{way} {client}");
            assert_eq!(functions.heard().len(), asked, "{way} {client}");
            if client != json!({}) {
                assert_eq!(answers, expected, "{way}");
            }
        }
    }
}

/// Reference: user-pools 16.3, 17.2.
#[tokio::test]
async fn who_is_not_migrated_is_shown_to_pre_authentication_as_a_user_is() {
    let pool = merged(
        settings(),
        json!({"LambdaConfig": {"UserMigration": FUNCTION, "PreAuthentication": FUNCTION}}),
    );
    let people = People::with_all_flows(pool, json!({"PreventUserExistenceErrors": "ENABLED"})).await;
    people.member("ana@example.com", &[]).await;
    let pre = "PreAuthentication_Authentication";
    let functions = people.app.functions.clone();
    functions.raise(SOURCE, "Bad password");
    functions.raise(pre, "closed");
    let known = people.sign_in("ana@example.com", "Wr0ng-word").await;
    let unknown = people.sign_in(MAIL, "Wr0ng-word").await;
    assert_eq!((known.code(), known.sentence()), (unknown.code(), unknown.sentence()));
    assert_eq!(functions.sources(), [pre, SOURCE, pre]);
}

/// Reference: user-pools 2.9, 4.5: each spelling would have guesses of its own.
#[tokio::test]
async fn names_that_nobody_could_have_are_nobodys_without_asking() {
    let long = "z".repeat(129);
    let odd = [
        "zoe@example.com ",
        " zoe@example.com",
        "zoe@ example.com",
        "zoe\u{200b}",
        "zoe\n",
        &long,
    ];
    let by_mail = json!({"UsernameAttributes": ["email"]});
    let alias = json!({"AliasAttributes": ["email"]});
    let of_kind: [(Value, &[&str]); 3] = [(by_mail, &["zoe", "+15551234567"]), (alias, &[MAIL]), (json!({}), &[])];
    for (kind, more) in of_kind {
        let pool = merged(kind, json!({"LambdaConfig": {"UserMigration": FUNCTION}}));
        let people = People::with_all_flows(pool, json!({})).await;
        for name in odd.iter().chain(more) {
            people
                .sign_in(name, PASSWORD)
                .await
                .refused("UserNotFoundException", "User does not exist.");
        }
        for name in more {
            people
                .public("ForgotPassword", json!({"Username": name}))
                .await
                .refused("UserNotFoundException", "Username/client id combination not found.");
        }
        assert_eq!(people.app.functions.sources(), [""; 0]);
    }
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

/// Reference: user-pools 4.7, 17.2: nobody's requests are as many as a user's, sent at once too.
#[tokio::test]
async fn codes_of_nobody_run_out_as_a_users_do() {
    let people = hidden().await;
    people.member("ana@example.com", &[]).await;
    people.set("ana@example.com", &[("email_verified", "true")]).await.ok();
    people.app.functions.raise("UserMigration_ForgotPassword", "nobody");
    for who in ["ana@example.com", MAIL] {
        let asked = async || {
            let answer = people.public("ForgotPassword", json!({"Username": who})).await;
            usize::from(answer.code() == "LimitExceededException")
        };
        let four = || async {
            let (a, b, c, d) = tokio::join!(asked(), asked(), asked(), asked());
            a + b + c + d
        };
        let (a, b, c) = tokio::join!(four(), four(), four());
        assert_eq!(a + b + c, 2, "{who}");
    }
    assert_eq!(people.app.functions.heard().len(), 10);
    // Nor does it hear of anybody where no code could be sent.
    let mute = people.app.mute_neighbour();
    for who in ["bea@example.com", "ana@example.com"] {
        let input = json!({"ClientId": people.client, "Username": who});
        let answer = Call::of(&ops::TABLE, "ForgotPassword", input)
            .on(&mute, &people.app.cx())
            .await;
        assert_eq!(answer.code(), "CodeDeliveryFailureException", "{who}");
    }
    assert!(people.app.functions.heard().is_empty());
}

/// However many are sent at once.
#[tokio::test]
async fn guesses_in_parallel_are_as_many_as_one_after_the_other() {
    let people = hidden().await;
    people.app.functions.raise(SOURCE, "Bad password");
    let five = || async {
        let guess = || people.sign_in(MAIL, "Wr0ng-word");
        tokio::join!(guess(), guess(), guess(), guess(), guess())
    };
    tokio::join!(five(), five(), five());
    let heard = people.app.functions.heard().len();
    assert!(heard <= 5, "{heard} guesses");
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
