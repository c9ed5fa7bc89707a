//! Recovery codes. docs/second-factors.md

mod attacks;
mod life;

use std::time::Duration;

use kernel::{ApiError, Code, PoolId, Sub};
use serde_json::{Value, json};
use store::records::users;
use testkit::{merged, text};
use vault::totp::Seed;

use super::{oauth, place};
use crate::{
    UserPools,
    hosted::{Answer, Browser, Challenge, LoggedIn, Place, Reply, Start},
    pool::acr::Level,
    session::{Shown, login::NewLogin},
    signin::protocol::{Otherwise, StepUp},
    tests::people::{PASSWORD, People, value},
};

const PHONE: &str = "+15550100";
const WRONG: (Code, &str) = (Code::CodeMismatch, "Invalid code received for user");
const LOCKED: (Code, &str) = (Code::NotAuthorized, "Password attempts exceeded");
const NOT_HERE: (Code, &str) = (Code::NotAuthorized, "Invalid session for the user.");
const UNREADABLE: &str = "BCDF-GHJK-LMNP";

/// Ana and Ben in a pool with an authenticator app and text messages as second factors, which nobody must have.
async fn people() -> People {
    let sms = json!({"SmsConfiguration": {"SnsCallerArn": "arn:aws:iam::123456789012:role/sms", "ExternalId": "x"}});
    let policy = json!({"Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"]}}});
    let flows =
        json!({"ExplicitAuthFlows": ["ALLOW_USER_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]});
    let people = People::with(merged(sms.clone(), policy), merged(oauth(), flows)).await;
    let config = json!({
        "MfaConfiguration": "OPTIONAL", "SoftwareTokenMfaConfiguration": {"Enabled": true}, "SmsMfaConfiguration": sms,
    });
    people.admin("SetUserPoolMfaConfig", config).await.ok();
    for name in ["ana", "ben"] {
        let email = format!("{name}@example.com");
        people.member(name, &[("email", &email), ("phone_number", PHONE)]).await;
    }
    people
}

/// Turns an authenticator app on.
async fn with_app(people: &People, name: &str) -> Seed {
    let token = people.token(name).await;
    let answer = people
        .with_token(&token, "AssociateSoftwareToken", json!({}))
        .await
        .ok();
    let seed = Seed::parse(&text(&answer, "/SecretCode")).unwrap();
    let code = json!({"UserCode": seed.code(people.app.cx().now())});
    people.with_token(&token, "VerifySoftwareToken", code).await.ok();
    prefer(people, name, json!({"SoftwareTokenMfaSettings": {"Enabled": true}})).await;
    people.app.advance(Duration::from_secs(120));
    seed
}

async fn prefer(people: &People, name: &str, settings: Value) {
    let input = merged(json!({"Username": name}), settings);
    people.admin("AdminSetUserMFAPreference", input).await.ok();
}

/// As one who has signed in makes them; the browser is of whenever.
async fn made(people: &People, name: &str) -> Result<Vec<String>, ApiError> {
    let (place, cx) = (place(people).await, people.app.cx());
    people
        .app
        .pools
        .make_recovery_codes(&cx, &place, &browser(people, name).await)
        .await
}

async fn left(people: &People, name: &str) -> Option<u32> {
    let place = place(people).await;
    let browser = browser(people, name).await;
    people.app.pools.recovery_codes_left(&place, &browser).await.unwrap()
}

/// A browser's session that began before there was a second factor.
async fn browser(people: &People, name: &str) -> Browser {
    let of = people.user(name).await;
    let sub = value(&of["UserAttributes"], "sub").unwrap();
    let (pool, sub) = (PoolId::new(people.pool.as_str()), Sub::new(sub.as_str()));
    let user = people.app.store.look_up(move |r| users::by_sub(r, &pool, &sub));
    let user = user.await.unwrap().unwrap();
    let visit = place(people).await.visit();
    let login = NewLogin::begin(&people.app.cx(), &visit, &user.sub, shown());
    Browser::of(&LoggedIn {
        user,
        login,
        recovery_codes_left: None,
    })
}

fn shown() -> Shown {
    Shown {
        acr: String::new(),
        amr: Vec::new(),
        since: None,
    }
}

async fn begun(people: &People, place: &Place, name: &str, target: Option<Level>) -> Challenge {
    people.app.advance(Duration::from_millis(1));
    let start = Start::Password {
        username: name.to_owned(),
        password: PASSWORD.to_owned(),
        step_up: target.map(|target| StepUp {
            targets: vec![target],
            credit: None,
            otherwise: Otherwise::Refused,
        }),
    };
    let reply = Box::pin(people.app.pools.begin_at(&people.app.cx(), place, start)).await;
    match reply.unwrap() {
        Reply::Challenge(challenge) => challenge,
        other => panic!("{name} is asked for nothing: {other:?}"),
    }
}

/// The session in which a second factor is asked for, and whether a recovery code would do.
fn asked(challenge: Challenge) -> (String, bool) {
    match challenge {
        Challenge::Totp { session, recovery, .. } | Challenge::Code { session, recovery, .. } => (session, recovery),
        other => panic!("{other:?}"),
    }
}

async fn session(people: &People, name: &str) -> String {
    asked(begun(people, &place(people).await, name, None).await).0
}

async fn answered(people: &People, node: &UserPools, name: &str, answer: Answer) -> Result<LoggedIn, ApiError> {
    let (place, cx) = (place(people).await, people.app.cx());
    match Box::pin(node.answer_at(&cx, &place, name, answer)).await? {
        Reply::LoggedIn(signed_in) => Ok(*signed_in),
        other => panic!("more is asked: {other:?}"),
    }
}

async fn typed(people: &People, session: String, code: &str) -> Result<LoggedIn, ApiError> {
    let code = code.to_owned();
    answered(people, &people.app.pools, "ana", Answer::RecoveryCode { session, code }).await
}

async fn tried(people: &People, code: &str) -> Result<LoggedIn, ApiError> {
    typed(people, session(people, "ana").await, code).await
}

async fn by_app(people: &People, seed: &Seed) -> Result<LoggedIn, ApiError> {
    let answer = Answer::Totp {
        session: session(people, "ana").await,
        digits: seed.code(people.app.cx().now()),
    };
    answered(people, &people.app.pools, "ana", answer).await
}

#[track_caller]
fn refused(answer: Result<LoggedIn, ApiError>, (code, sentence): (Code, &str)) {
    let error = answer.unwrap_err();
    assert_eq!((error.code(), error.message()), (code, sentence), "{error:?}");
}
