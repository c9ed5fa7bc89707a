//! What can only be seen between the steps. The rest of sign-in is tested from outside, in `crate::tests`.

use std::sync::Arc;

use kernel::{AccountId, ClientId, PoolId, Region, SystemRng, Timestamp};
use serde_json::json;
use store::records::{clients, pools, sessions};
use testkit::merged;
use vault::Keyring;

use super::{
    Door, Method, SignedIn, Visit,
    attempt::Attempt,
    first_sign_in_session,
    protocol::{Reply, Start},
    state::{Asked, State},
};
use crate::{
    client::Client,
    pool::{Pool, Rows},
    session::{
        Grant,
        issue::{self, Subject},
        rotation::Rotation,
    },
    tests::{
        entry::{EXCEEDED, WRONG},
        people::{PASSWORD, People},
    },
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
    let (pool, client) = people.app.pools.client(&people.client).await.unwrap();
    at(pool, client)
}

fn at(pool: Arc<Pool>, client: Arc<Client>) -> Visit {
    Visit::new((pool, client), Door::Public)
}

/// A visit to a pool of defaults that is stored nowhere.
pub(super) fn nowhere() -> Visit {
    somewhere(&[])
}

/// The same of a pool with these settings.
pub(super) fn somewhere(settings: &[&str]) -> Visit {
    let mut doc = json!({});
    for text in settings {
        doc = merged(doc, serde_json::from_str(text).unwrap());
    }
    let keyring = Keyring::generate(&SystemRng);
    let (id, client) = (PoolId::new("us-east-1_abcDEF123"), ClientId::new("web"));
    let row = clients::Client {
        pool: id.clone(),
        client: client.clone(),
        created: Timestamp::default(),
        modified: Timestamp::default(),
        version: 1,
        doc: "{}".to_owned(),
    };
    let pool = pools::Pool {
        pool: id,
        account: AccountId::new("123456789012"),
        region: Region::new("us-east-1"),
        created: Timestamp::default(),
        modified: Timestamp::default(),
        version: 1,
        doc: doc.to_string(),
        issuer: None,
        issuer_updated: false,
    };
    let rows = Rows {
        clients: vec![row],
        ..Rows::alone(pool)
    };
    let pool = Pool::load(rows, &keyring).unwrap();
    let client = Arc::clone(pool.client(client.as_str()).unwrap());
    at(Arc::new(pool), client)
}

/// Signs in with the right password, when `meanwhile` is done.
async fn signed_in_after(people: &People, meanwhile: impl Future<Output = ()>) -> kernel::Result<Reply> {
    let (cx, visit) = (people.app.cx(), visit(people).await);
    let candidate = people.app.pools.candidates(&cx, &visit).named("ana").await.unwrap();
    meanwhile.await;
    let state = State::new(visit, candidate.owner.sub.clone(), Asked::FirstFactor, None);
    let attempt = Attempt { state, candidate };
    people.app.pools.try_password(&cx, attempt, PASSWORD.to_owned()).await
}

#[track_caller]
fn done(reply: Reply) -> SignedIn {
    match reply {
        Reply::SignedIn(signed_in) => *signed_in,
        Reply::LoggedIn(_) => panic!("nobody came by hosted login"),
        Reply::Challenge(challenge) => panic!("a confirmed user is signed in, not asked {challenge:?}"),
    }
}

#[tokio::test]
async fn a_right_guess_that_a_wrong_one_overtakes_is_refused_like_it() {
    let people = locked_soon().await;
    let overtaken = signed_in_after(&people, async {
        people.sign_in("ana", BAD).await.refused_as(WRONG);
    });
    assert_eq!(overtaken.await.unwrap_err().message(), EXCEEDED.1);
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

#[tokio::test]
async fn who_leaves_a_group_during_a_sign_in_gets_no_token_with_it() {
    let people = staff().await;
    let (cx, visit) = (people.app.cx(), visit(&people).await);
    let pools = &people.app.pools;

    let leaving = membership(&people, "AdminRemoveUserFromGroup");
    let first = done(signed_in_after(&people, leaving).await.unwrap());
    assert!(first.groups.is_empty(), "{:?}", first.groups);
    let grant = Grant::of_session(&visit.client, &first.session.row);
    let subject = Subject {
        user: &first.user,
        groups: &first.groups,
        session: &first.session.row,
        overrides: &first.overrides,
        nonce: None,
        key: None,
    };
    let tokens = &pools.tokens;
    let issued = issue::granted(tokens, &cx, &grant, &subject, first.turn).await.unwrap();
    without_groups(&people, [issued.id.as_ref().unwrap(), &issued.access]).await;

    membership(&people, "AdminAddUserToGroup").await;
    let refresh = pools
        .refresh_token(&visit, &first.session.refresh_token, Rotation::AsConfigured)
        .await
        .unwrap();
    membership(&people, "AdminRemoveUserFromGroup").await;
    let second = pools
        .refresh(&cx, &visit, refresh, Rotation::AsConfigured)
        .await
        .unwrap();
    let tokens = [&second.id_token, &second.access_token];
    without_groups(&people, tokens.map(|token| token.as_ref().unwrap())).await;

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

async fn without_groups(people: &People, tokens: [&String; 2]) {
    for token in tokens {
        let claims = people.claims(token).await;
        assert_eq!(claims.get("cognito:groups"), None);
    }
}

#[tokio::test]
async fn who_is_disabled_or_enabled_during_a_sign_in_is_refused() {
    let people = staff().await;
    let named = || json!({"Username": "ana"});
    let disabling = async {
        people.admin("AdminDisableUser", named()).await.ok();
    };
    let refused = signed_in_after(&people, disabling).await.unwrap_err();
    assert_eq!(refused.message(), "User is disabled.");
    // What was read decides: triggers may have been told so.
    let enabling = async {
        people.admin("AdminEnableUser", named()).await.ok();
    };
    let refused = signed_in_after(&people, enabling).await.unwrap_err();
    assert_eq!(refused.message(), "User is disabled.");
    people.sign_in("ana", PASSWORD).await.ok();
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
        let ana = people.app.pools.candidates(&cx, &visit).named("ana").await.unwrap();
        let session =
            first_sign_in_session(&people.app.keyring, &cx, visit.clone(), (ana.owner.sub, None), method).unwrap();
        let start = Start::SignedUp {
            username: "ana".to_owned(),
            session,
        };
        let reply = people.app.pools.begin_sign_in(&cx, visit, start).await.unwrap();
        assert_eq!(done(reply).session.row.doc.amr, [amr]);
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
