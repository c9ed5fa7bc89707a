//! Passwords forgotten, and reset. Reference: user-pools 4.7.

use serde_json::{Value, json};

use super::passwords::{LIMIT, WRONG, answer, forgot, set, with_ana};
use crate::tests::people::{PASSWORD, People, hours, other_than};

const MISMATCH: &str = "Invalid verification code provided, please try again.";
const EXPIRED: &str = "Invalid code provided, please request a code again.";
const STATE: &str = "User password cannot be reset in the current state.";
const NO_TEXTS: &str = "Unable to send the message. User pool does not have SMS configuration to send messages.";
const NO_TARGET: &str = "Cannot reset password for the user as there is no registered/verified email or phone_number";

#[tokio::test]
async fn a_forgotten_password_is_replaced_by_a_code() {
    let people = with_ana(json!({})).await;
    let sent = forgot(&people, "ana").await.ok();
    let details = json!({"Destination": "a***@e***", "DeliveryMedium": "EMAIL", "AttributeName": "email"});
    assert_eq!(sent, json!({"CodeDeliveryDetails": details}));
    assert_eq!(people.status("ana").await, "CONFIRMED");
    people.sign_in("ana", PASSWORD).await.ok();
    let token = people.token("ana").await;

    let code = people.app.code_for("ana@example.com").await;
    for (password, rule) in [
        ("short!", "Password not long enough"),
        (
            " NewPassw0rd!",
            r"Password must satisfy regular expression pattern: ^\S.*\S$",
        ),
        (
            "NewPassw0rd! ",
            r"Password must satisfy regular expression pattern: ^\S.*\S$",
        ),
    ] {
        answer(&people, "ana", &code, password).await.refused(
            "InvalidPasswordException",
            &format!("Password does not conform to policy: {rule}"),
        );
    }
    answer(&people, "ana", &code, "tiny!").await.refused(
        "InvalidParameterException",
        "1 validation error detected: Value at 'password' failed to satisfy constraint: Member must have length greater \
         than or equal to 6",
    );
    answer(&people, "ana", &other_than(&code), "NewPassw0rd!")
        .await
        .refused("CodeMismatchException", MISMATCH);
    assert_eq!(answer(&people, "ana", &code, "NewPassw0rd!").await.ok(), json!({}));
    people.sign_in("ana", "NewPassw0rd!").await.ok();
    people
        .sign_in("ana", PASSWORD)
        .await
        .refused("NotAuthorizedException", WRONG);
    answer(&people, "ana", &code, "NewerPassw0rd!")
        .await
        .refused("ExpiredCodeException", EXPIRED);
    // Tokens from before stay valid.
    people
        .with_token(&token, "UpdateUserAttributes", json!({"UserAttributes": []}))
        .await
        .ok();
}

#[tokio::test]
async fn a_recovery_code_holds_an_hour_and_serves_its_address_only() {
    let people = with_ana(json!({})).await;
    answer(&people, "ana", "123456", PASSWORD)
        .await
        .refused("ExpiredCodeException", EXPIRED);
    forgot(&people, "ana").await.ok();
    let code = people.app.code_for("ana@example.com").await;
    people.app.advance(hours(1));
    answer(&people, "ana", &code, "NewPassw0rd!")
        .await
        .refused("ExpiredCodeException", EXPIRED);
    forgot(&people, "ana").await.ok();
    let code = people.app.code_for("ana@example.com").await;
    people
        .set("ana", &[("email", "new@example.com"), ("email_verified", "true")])
        .await
        .ok();
    answer(&people, "ana", &code, "NewPassw0rd!")
        .await
        .refused("ExpiredCodeException", EXPIRED);
}

/// Whatever replaces the password, or makes the address doubtful, ends the code, though the clock stand still.
#[tokio::test]
async fn a_recovery_code_ends_with_what_it_was_for() {
    let change = |people: People, token: String| async move {
        let input = json!({"PreviousPassword": PASSWORD, "ProposedPassword": "OtherPassw0rd!"});
        people.with_token(&token, "ChangePassword", input).await.ok();
        people
    };
    for what in [
        "set",
        "the same",
        "temporary",
        "changed",
        "there and back",
        "no longer verified",
        "seized",
    ] {
        let people = with_ana(json!({"AliasAttributes": ["email"]})).await;
        let token = people.token("ana").await;
        forgot(&people, "ana").await.ok();
        let code = people.app.code_for("ana@example.com").await;
        let people = match what {
            "changed" => change(people, token).await,
            _ => people,
        };
        match what {
            "set" => drop(set(&people, "ana", "OtherPassw0rd!", true).await.ok()),
            "the same" => drop(set(&people, "ana", PASSWORD, true).await.ok()),
            "temporary" => {
                set(&people, "ana", "TempPassw0rd!", false).await.ok();
                set(&people, "ana", PASSWORD, true).await.ok();
            }
            "there and back" => {
                for address in ["new@example.com", "ana@example.com"] {
                    let attributes = [("email", address), ("email_verified", "true")];
                    people.set("ana", &attributes).await.ok();
                }
            }
            "no longer verified" => {
                people.set("ana", &[("email_verified", "false")]).await.ok();
                people.set("ana", &[("email_verified", "true")]).await.ok();
            }
            "seized" => {
                let attributes =
                    crate::tests::people::list(&[("email", "ana@example.com"), ("email_verified", "true")]);
                let input = json!({"Username": "ben", "UserAttributes": attributes, "ForceAliasCreation": true,
                                   "MessageAction": "SUPPRESS"});
                people.admin("AdminCreateUser", input).await.ok();
            }
            _ => {}
        }
        let answered = answer(&people, "ana", &code, "NewPassw0rd!").await;
        assert_eq!(answered.sentence(), EXPIRED, "{what}");
    }
    // Sign-in and refused attempts end nothing.
    let people = with_ana(json!({})).await;
    forgot(&people, "ana").await.ok();
    let code = people.app.code_for("ana@example.com").await;
    people.sign_in("ana", PASSWORD).await.ok();
    set(&people, "ana", "weakpassword", true).await.refused(
        "InvalidPasswordException",
        "Password did not conform with password policy: Password must have uppercase characters",
    );
    people.set("ana", &[("name", "Ana")]).await.ok();
    answer(&people, "ana", &code, "NewPassw0rd!").await.ok();
}

#[tokio::test]
async fn forgetting_and_answering_share_a_cap() {
    let people = with_ana(json!({})).await;
    for _ in 0..5 {
        forgot(&people, "ana").await.ok();
    }
    let code = people.app.code_for("ana@example.com").await;
    for _ in 0..5 {
        answer(&people, "ana", &other_than(&code), "NewPassw0rd!")
            .await
            .refused("CodeMismatchException", MISMATCH);
    }
    answer(&people, "ana", &code, "NewPassw0rd!")
        .await
        .refused("LimitExceededException", LIMIT);
    forgot(&people, "ana").await.refused("LimitExceededException", LIMIT);
    people.app.advance(hours(1));
    forgot(&people, "ana").await.ok();
}

#[tokio::test]
async fn who_cannot_recover() {
    let people = with_ana(json!({"AutoVerifiedAttributes": ["email"]})).await;
    people.sign_up("new", &[("email", "new@example.com")]).await.ok();
    people.member("bare", &[]).await;
    people
        .admin(
            "AdminCreateUser",
            json!({"Username": "invited", "MessageAction": "SUPPRESS"}),
        )
        .await
        .ok();
    people.admin("AdminDisableUser", json!({"Username": "ana"})).await.ok();
    let unknown = "Username/client id combination not found.";
    let cases = [
        (
            "nobody",
            "UserNotFoundException",
            unknown,
            "UserNotFoundException",
            unknown,
        ),
        (
            "ana",
            "NotAuthorizedException",
            "User is disabled.",
            "NotAuthorizedException",
            "User is disabled.",
        ),
        (
            "new",
            "InvalidParameterException",
            NO_TARGET,
            "UserNotConfirmedException",
            "User is not confirmed.",
        ),
        (
            "bare",
            "InvalidParameterException",
            NO_TARGET,
            "ExpiredCodeException",
            EXPIRED,
        ),
        (
            "invited",
            "NotAuthorizedException",
            STATE,
            "NotAuthorizedException",
            STATE,
        ),
    ];
    for (name, code, sentence, answered_code, answered) in cases {
        forgot(&people, name).await.refused(code, sentence);
        answer(&people, name, "123456", PASSWORD)
            .await
            .refused(answered_code, answered);
    }
}

#[tokio::test]
async fn the_recovery_setting_decides_where_the_code_goes() {
    let setting = |names: &[&str]| -> Value {
        let mechanism = |(n, name): (usize, &&str)| json!({"Name": name, "Priority": n + 1});
        json!({
            "AccountRecoverySetting": {"RecoveryMechanisms": names.iter().enumerate().map(mechanism).collect::<Vec<_>>()},
            "SmsConfiguration": {"SnsCallerArn": "arn:aws:iam::123456789012:role/sms"},
        })
    };
    let no_texts = |mut settings: Value| {
        settings["SmsConfiguration"].take();
        settings
    };
    let both = [("email_verified", "true"), ("phone_number_verified", "true")];
    let cases = [
        (
            setting(&["verified_email", "verified_phone_number"]),
            both.to_vec(),
            Ok("email"),
        ),
        (
            setting(&["verified_phone_number", "verified_email"]),
            both.to_vec(),
            Ok("phone_number"),
        ),
        (
            setting(&["verified_phone_number", "verified_email"]),
            both[..1].to_vec(),
            Ok("email"),
        ),
        (
            no_texts(setting(&["verified_email", "verified_phone_number"])),
            both.to_vec(),
            Ok("email"),
        ),
        (
            no_texts(setting(&["verified_phone_number", "verified_email"])),
            both.to_vec(),
            Err(("InvalidParameterException", NO_TEXTS)),
        ),
        (
            setting(&["verified_phone_number"]),
            both[..1].to_vec(),
            Err(("InvalidParameterException", NO_TARGET)),
        ),
        (
            setting(&["admin_only"]),
            both.to_vec(),
            Err(("NotAuthorizedException", "Contact administrator to reset password.")),
        ),
    ];
    for (settings, verified, expected) in cases {
        let people = People::of(settings.clone()).await;
        people
            .member("ana", &[("email", "ana@example.com"), ("phone_number", "+12065550100")])
            .await;
        people.set("ana", &verified).await.ok();
        match (forgot(&people, "ana").await, expected) {
            (sent, Ok(attribute)) => assert_eq!(
                sent.ok()["CodeDeliveryDetails"]["AttributeName"],
                attribute,
                "{settings}"
            ),
            (refused, Err((code, sentence))) => refused.refused(code, sentence),
        }
    }
}

#[tokio::test]
async fn an_administrator_resets_a_password() {
    let people = with_ana(json!({"AutoVerifiedAttributes": ["email"]})).await;
    let reset = |name: &'static str| people.admin("AdminResetUserPassword", json!({"Username": name}));
    people.member("bare", &[]).await;
    people.sign_up("new", &[("email", "new@example.com")]).await.ok();
    reset("nobody")
        .await
        .refused("UserNotFoundException", "User does not exist.");
    reset("bare").await.refused("InvalidParameterException", NO_TARGET);
    reset("new").await.refused("NotAuthorizedException", STATE);

    assert_eq!(reset("ana").await.ok(), json!({}));
    assert_eq!(people.status("ana").await, "RESET_REQUIRED");
    people
        .sign_in("ana", PASSWORD)
        .await
        .refused("PasswordResetRequiredException", "Password reset required for the user");
    // Again, and the newest code counts.
    let first = people.app.code_for("ana@example.com").await;
    reset("ana").await.ok();
    answer(&people, "ana", &first, "NewPassw0rd!")
        .await
        .refused("CodeMismatchException", MISMATCH);
    answer(
        &people,
        "ana",
        &people.app.code_for("ana@example.com").await,
        "NewPassw0rd!",
    )
    .await
    .ok();
    assert_eq!(people.status("ana").await, "CONFIRMED");
    people.sign_in("ana", "NewPassw0rd!").await.ok();
    people.admin("AdminDisableUser", json!({"Username": "ana"})).await.ok();
    reset("ana")
        .await
        .refused("NotAuthorizedException", "User is disabled.");
}

#[tokio::test]
async fn a_recovery_code_sets_one_password_of_two_that_race() {
    let people = with_ana(json!({})).await;
    forgot(&people, "ana").await.ok();
    let code = people.app.code_for("ana@example.com").await;
    let (one, two) = tokio::join!(
        answer(&people, "ana", &code, "OnePassw0rd!"),
        answer(&people, "ana", &code, "TwoPassw0rd!")
    );
    assert_eq!([&one, &two].iter().filter(|answer| answer.result.is_ok()).count(), 1);
    let (won, lost) = if one.result.is_ok() {
        ("OnePassw0rd!", "TwoPassw0rd!")
    } else {
        ("TwoPassw0rd!", "OnePassw0rd!")
    };
    people.sign_in("ana", won).await.ok();
    people
        .sign_in("ana", lost)
        .await
        .refused("NotAuthorizedException", WRONG);
}
