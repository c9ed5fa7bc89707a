//! Second factors beside sign-in. Reference: user-pools 6.

mod pool_settings;
mod preference;
mod set_up;
mod sign_in;
mod software_token;

use serde_json::{Value, json};
use testkit::{Answer, merged, text};
use vault::totp::Seed;

use super::people::People;

const INVALID: &str = "InvalidParameterException";

/// A pool that sends text messages and mails of its own.
fn sending() -> Value {
    json!({
        "SmsConfiguration": {"SnsCallerArn": "arn:aws:iam::123456789012:role/sms"},
        "EmailConfiguration": {
            "EmailSendingAccount": "DEVELOPER", "SourceArn": "arn:aws:ses:us-east-1:123456789012:identity/example.com",
        },
    })
}

/// Every factor's block of SetUserPoolMfaConfig, and the mode.
fn every_factor(mode: &str) -> Value {
    json!({
        "MfaConfiguration": mode,
        "SmsMfaConfiguration": {}, "SoftwareTokenMfaConfiguration": {"Enabled": true}, "EmailMfaConfiguration": {},
    })
}

/// Ana with both addresses, in a pool with every factor.
async fn ana() -> People {
    let people = People::with_all_flows(sending(), json!({})).await;
    people
        .member("ana", &[("email", "ana@example.com"), ("phone_number", "+15550100")])
        .await;
    configure(&people, every_factor("OPTIONAL")).await.ok();
    people
}

async fn configure(people: &People, config: Value) -> Answer {
    people.admin("SetUserPoolMfaConfig", config).await
}

/// A new secret.
async fn associated(people: &People, token: &str) -> Seed {
    let answer = people.with_token(token, "AssociateSoftwareToken", json!({})).await.ok();
    Seed::parse(&text(&answer, "/SecretCode")).unwrap()
}

async fn verify(people: &People, token: &str, code: &str) -> Answer {
    people
        .with_token(token, "VerifySoftwareToken", json!({"UserCode": code}))
        .await
}

/// An app that is registered and not turned on.
async fn enrolled(people: &People, token: &str) -> Seed {
    let seed = associated(people, token).await;
    verify(people, token, &seed.code(people.app.cx().now())).await.ok();
    seed
}

/// The second factors of ana as AdminGetUser shows them.
async fn shown(people: &People) -> Value {
    let user = people.user("ana").await;
    let members = ["UserMFASettingList", "PreferredMfaSetting", "MFAOptions"];
    members
        .into_iter()
        .filter_map(|member| Some(json!({member: user.get(member)?})))
        .fold(json!({}), merged)
}

/// The answer to SOFTWARE_TOKEN_MFA.
async fn totp(people: &People, session: &str, code: &str) -> Answer {
    let responses = json!({"USERNAME": "ana", "SOFTWARE_TOKEN_MFA_CODE": code});
    people.respond("SOFTWARE_TOKEN_MFA", Some(session), responses).await
}
