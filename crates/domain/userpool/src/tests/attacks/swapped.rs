//! With a session that is another's, or under another's name. Reference: user-pools 5.6, 17.2.

use kernel::SystemRng;
use serde_json::{Value, json};
use testkit::{merged, text};
use vault::srp::Client;

use super::{MAIL, PHONE, STEP, enrolled, pool, user_auth};
use crate::tests::{
    entry::INVALID_SESSION,
    people::{PASSWORD, People, other_than},
};

/// Ana and bea, in a pool whose client hides who exists.
async fn hidden() -> People {
    let first =
        json!({"Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP", "SMS_OTP"]}}});
    let people = pool(first, json!({"PreventUserExistenceErrors": "ENABLED"}), None).await;
    people.member("bea", &[("email", "bea@example.com")]).await;
    people
}

/// What a session of `of` answers to this choice under the name `name`: the code or the challenge, and the sentence or its parameters.
async fn chosen(people: &People, of: &str, name: &str, choice: Value) -> (String, Value) {
    let session = text(&user_auth(people, of, json!({})).await.ok(), "/Session");
    let responses = merged(json!({"USERNAME": name}), choice);
    let answer = people.respond("SELECT_CHALLENGE", Some(&session), responses).await;
    match answer.result {
        Ok(asked) => (text(&asked, "/ChallengeName"), asked["ChallengeParameters"].clone()),
        Err(refusal) => (refusal.code().0.to_owned(), json!(refusal.message())),
    }
}

/// Whoever has a session of a name learns by no other name whether it is somebody's.
#[tokio::test]
async fn a_choice_under_another_name_does_not_tell_whose_the_session_is() {
    let people = hidden().await;
    for factor in ["EMAIL_OTP", "SMS_OTP"] {
        let choice = json!({"ANSWER": factor});
        let (known, unknown) = (
            chosen(&people, "ana", "stranger", choice.clone()).await,
            chosen(&people, "nobody", "stranger", choice).await,
        );
        assert_eq!(known, unknown, "{factor}");
    }
}

/// Nor whether the other name is.
#[tokio::test]
async fn a_choice_under_another_name_does_not_tell_who_has_that() {
    let people = hidden().await;
    let differs = async |name: &str| {
        let swapped = chosen(&people, "nobody", name, json!({"ANSWER": "EMAIL_OTP"})).await;
        let wish = json!({"PREFERRED_CHALLENGE": "EMAIL_OTP"});
        let own = user_auth(&people, name, wish).await.ok();
        swapped != (text(&own, "/ChallengeName"), own["ChallengeParameters"].clone())
    };
    assert_eq!(
        differs("bea").await,
        differs("stranger").await,
        "the mask of an address"
    );

    let differs = async |name: &str| {
        let srp_a = Client::new(&SystemRng).public_hex();
        let choice = json!({"ANSWER": "PASSWORD_SRP", "SRP_A": srp_a});
        let (_, swapped) = chosen(&people, "nobody", name, choice).await;
        let begun = json!({"USERNAME": name, "SRP_A": srp_a});
        let own = people.initiate("USER_SRP_AUTH", begun).await.ok();
        swapped.get("SALT") != own["ChallengeParameters"].get("SALT")
    };
    assert_eq!(differs("bea").await, differs("stranger").await, "SRP's salt");
}

/// Reference: user-pools 5.6: malformed or for another user, `Invalid session for the user.`
#[tokio::test]
async fn a_second_factor_under_another_name() {
    let people = pool(json!({}), json!({}), Some("OPTIONAL")).await;
    people.member("bea", &[]).await;
    let token = people.token("ana").await;
    let seed = enrolled(&people, &token).await;
    let prefer = async |factor: &str| {
        let wishes = json!({"Username": "ana", factor: {"Enabled": true, "PreferredMfa": true}});
        people.admin("AdminSetUserMFAPreference", wishes).await.ok();
    };
    people.app.advance(STEP);
    for (factor, challenge, member) in [
        (
            "SoftwareTokenMfaSettings",
            "SOFTWARE_TOKEN_MFA",
            "SOFTWARE_TOKEN_MFA_CODE",
        ),
        ("SMSMfaSettings", "SMS_MFA", "SMS_MFA_CODE"),
        ("EmailMfaSettings", "EMAIL_OTP", "EMAIL_OTP_CODE"),
    ] {
        prefer(factor).await;
        let asked = people.sign_in("ana", PASSWORD).await.ok();
        assert_eq!(asked["ChallengeName"], challenge, "{asked}");
        let session = text(&asked, "/Session");
        let right = match challenge {
            "SMS_MFA" => people.app.code_for(PHONE).await,
            "EMAIL_OTP" => people.app.code_for(MAIL).await,
            _ => seed.code(people.app.cx().now()),
        };
        for name in ["bea", "nobody"] {
            for code in [right.clone(), other_than(&right)] {
                let responses = json!({"USERNAME": name, member: code});
                people
                    .respond(challenge, Some(&session), responses)
                    .await
                    .refused_as(INVALID_SESSION);
            }
        }
        let responses = json!({"USERNAME": "ana", member: right});
        people.respond(challenge, Some(&session), responses).await.ok();
    }
}
