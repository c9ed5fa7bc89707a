//! What can only be seen between the steps. The rest of sign-in is tested from outside, in `crate::tests`.

use api::cognito_idp::AuthenticationResultType;
use serde_json::json;
use store::records::sessions;

use super::{Door, Method, Rotation, Step, Visit};
use crate::tests::{
    entry::{EXCEEDED, WRONG},
    people::{PASSWORD, People},
};

const BAD: &str = "Wr0ng-word";

/// Ana, whom one more wrong password locks.
async fn locked_soon() -> People {
    let people = People::with_all_flows(json!({}), json!({})).await;
    people.member("ana", &[]).await;
    for _ in 0..4 {
        people.sign_in("ana", BAD).await.refused_as(WRONG);
    }
    people
}

async fn visit(people: &People) -> Visit {
    let (pool, client) = people.app.pools.client(&people.app.cx(), &people.client).await.unwrap();
    Visit {
        pool,
        client,
        door: Door::Public,
    }
}

#[tokio::test]
async fn a_right_guess_that_a_wrong_one_overtakes_is_refused_like_it() {
    let people = locked_soon().await;
    let (cx, visit) = (people.app.cx(), visit(&people).await);
    let candidate = people.app.pools.candidate(&cx, &visit, "ana").await.unwrap();
    people.sign_in("ana", BAD).await.refused_as(WRONG);
    let overtaken = people
        .app
        .pools
        .try_password(&cx, &visit, candidate, PASSWORD.to_owned(), None)
        .await;
    assert_eq!(overtaken.unwrap_err().message(), EXCEEDED.1);
}

/// Ana of the staff, at a client that rotates refresh tokens.
async fn staff() -> People {
    let people = People::with(
        json!({}),
        json!({
            "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_AUTH"],
            "RefreshTokenRotation": {"Feature": "ENABLED", "RetryGracePeriodSeconds": 10},
        }),
    )
    .await;
    people.member("ana", &[]).await;
    people.admin("CreateGroup", json!({"GroupName": "staff"})).await.ok();
    membership(&people, "AdminAddUserToGroup").await;
    people
}

async fn membership(people: &People, operation: &str) {
    let input = json!({"GroupName": "staff", "Username": "ana"});
    people.admin(operation, input).await.ok();
}

async fn assert_no_group(people: &People, tokens: &AuthenticationResultType) {
    for token in [&tokens.id_token, &tokens.access_token] {
        let claims = people.claims(token.as_deref().unwrap()).await;
        assert_eq!(claims.get("cognito:groups"), None);
    }
}

#[tokio::test]
async fn who_leaves_a_group_during_a_sign_in_gets_no_token_with_it() {
    let people = staff().await;
    let (cx, visit) = (people.app.cx(), visit(&people).await);
    let pools = &people.app.pools;

    let candidate = pools.candidate(&cx, &visit, "ana").await.unwrap();
    membership(&people, "AdminRemoveUserFromGroup").await;
    let step = pools
        .try_password(&cx, &visit, candidate, PASSWORD.to_owned(), None)
        .await;
    let Step::Done(first) = step.unwrap() else {
        panic!("a confirmed user is signed in")
    };
    assert_no_group(&people, &first).await;

    membership(&people, "AdminAddUserToGroup").await;
    let refresh = pools
        .refresh_token(&visit, first.refresh_token.as_deref().unwrap(), Rotation::AsConfigured)
        .await
        .unwrap();
    membership(&people, "AdminRemoveUserFromGroup").await;
    let second = pools
        .refresh(&cx, &visit, refresh, Rotation::AsConfigured)
        .await
        .unwrap();
    assert_no_group(&people, &second).await;

    let refresh = pools
        .refresh_token(&visit, second.refresh_token.as_deref().unwrap(), Rotation::AsConfigured)
        .await
        .unwrap();
    people.admin("AdminDisableUser", json!({"Username": "ana"})).await.ok();
    let refused = pools
        .refresh(&cx, &visit, refresh, Rotation::AsConfigured)
        .await
        .unwrap_err();
    assert_eq!(refused.message(), "User is disabled.");
}

#[tokio::test]
async fn a_sign_in_remembers_how_the_user_proved_who_they_are() {
    for (method, amr) in [
        (Method::Password, "pwd"),
        (Method::EmailCode, "email_otp"),
        (Method::SmsCode, "sms"),
    ] {
        let people = staff().await;
        let (cx, visit) = (people.app.cx(), visit(&people).await);
        let candidate = people.app.pools.candidate(&cx, &visit, "ana").await.unwrap();
        let sub = candidate.owner.sub.clone();
        let session = people
            .app
            .pools
            .first_sign_in_session(&cx, &visit, &sub, method)
            .unwrap();
        let step = people.app.pools.first_sign_in(&cx, &visit, "ana", &session).await;
        let Step::Done(tokens) = step.unwrap() else {
            panic!("a confirmed user is signed in")
        };
        assert_eq!(recorded(&people, tokens.access_token.as_deref().unwrap()).await, [amr]);
    }
}

#[tokio::test]
async fn a_code_at_sign_up_is_recorded_as_what_it_was() {
    let address = [("email", "ana@example.com")];
    let people = People::with(
        json!({"AutoVerifiedAttributes": ["email"]}),
        json!({"ExplicitAuthFlows": ["ALLOW_USER_AUTH"]}),
    )
    .await;
    people.sign_up("ana", &address).await.ok();
    let code = people.app.code_for("ana@example.com").await;
    let confirmed = people.confirm("ana", &code).await.ok();
    let answer = people
        .public(
            "InitiateAuth",
            json!({"AuthFlow": "USER_AUTH", "AuthParameters": {"USERNAME": "ana"}, "Session": confirmed["Session"]}),
        )
        .await
        .ok();
    let token = answer["AuthenticationResult"]["AccessToken"].as_str().unwrap();
    assert_eq!(recorded(&people, token).await, ["email_otp"]);
}

/// The methods of the sign-in that a token comes from.
async fn recorded(people: &People, token: &str) -> Vec<String> {
    let family = people.claims(token).await["origin_jti"].as_str().unwrap().to_owned();
    let pool = kernel::PoolId::new(people.pool.as_str());
    let session = people
        .app
        .store
        .read(move |r| sessions::by_family(r, &pool, &family))
        .await;
    session.unwrap().unwrap().doc.amr
}
