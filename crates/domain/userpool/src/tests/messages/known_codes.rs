//! Codes that are known beforehand: a fixed one for all, and those of test numbers.

use std::collections::BTreeMap;

use delivery::{KnownCodes, Route, Routes, Settings};
use serde_json::{Value, json};
use testkit::{merged, text};

use crate::tests::{
    app::{inbox, mute},
    entry::all_flows,
    people::{PASSWORD, People},
};

const NUMBER: &str = "+12065550100";

fn pool() -> Value {
    let role = "arn:aws:iam::000000000000:role/texts";
    json!({
        "AutoVerifiedAttributes": ["phone_number", "email"],
        "SmsConfiguration": {"SnsCallerArn": role, "ExternalId": "x"},
        "Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP", "SMS_OTP"]}},
    })
}

fn test_number() -> KnownCodes {
    KnownCodes {
        fixed: None,
        numbers: BTreeMap::from([(NUMBER.to_owned(), "123456".to_owned())]),
    }
}

#[tokio::test]
async fn a_test_number_gets_nothing_and_its_code_counts_everywhere() {
    // There is no way to send, as in production without a provider.
    let settings = Settings {
        known_codes: test_number(),
        ..mute()
    };
    let pool = merged(pool(), json!({"MfaConfiguration": "ON"}));
    let people = People::sending(settings, pool, all_flows()).await;
    people.sign_up("ana", &[("phone_number", NUMBER)]).await.ok();
    people.confirm("ana", "654321").await.refused(
        "CodeMismatchException",
        "Invalid verification code provided, please try again.",
    );
    people.confirm("ana", "123456").await.ok();

    let asked = people.sign_in("ana", PASSWORD).await.ok();
    let session = text(&asked, "/Session");
    let answer = json!({"USERNAME": "ana", "SMS_MFA_CODE": "123456"});
    people.respond("SMS_MFA", Some(&session), answer).await.ok();

    people
        .public("ForgotPassword", json!({"Username": "ana"}))
        .await
        .refused(
            "InvalidParameterException",
            "Cannot reset password for the user as there is no registered/verified email or phone_number",
        );
    assert!(people.app.inbox(NUMBER).await.is_empty());
    // Another number gets no code: none can be sent.
    people
        .sign_up("ben", &[("phone_number", "+12065550101")])
        .await
        .refused(
            "CodeDeliveryFailureException",
            "Failed to deliver the SMS message: no delivery is configured.",
        );
}

#[tokio::test]
async fn a_fixed_code_is_everybodys_by_mail_and_text() {
    let settings = Settings {
        known_codes: KnownCodes {
            fixed: Some("777777".to_owned()),
            ..test_number()
        },
        ..inbox()
    };
    let people = People::sending(settings, pool(), all_flows()).await;
    for (name, attribute, value, code) in [
        ("ana", "email", "ana@example.com", "777777"),
        ("ben", "phone_number", "+12065550101", "777777"),
        ("cy", "phone_number", NUMBER, "123456"),
    ] {
        people.sign_up(name, &[(attribute, value)]).await.ok();
        people.confirm(name, code).await.ok();
        let challenge = if attribute == "email" { "EMAIL_OTP" } else { "SMS_OTP" };
        let parameters = json!({"USERNAME": name, "PREFERRED_CHALLENGE": challenge});
        let asked = people.initiate("USER_AUTH", parameters).await.ok();
        assert_eq!(asked["ChallengeName"], challenge, "{asked}");
        let session = text(&asked, "/Session");
        let wrong = json!({"USERNAME": name, (format!("{challenge}_CODE")): "00000000"});
        let right = json!({"USERNAME": name, (format!("{challenge}_CODE")): code});
        people
            .respond(challenge, Some(&session), wrong)
            .await
            .refused("CodeMismatchException", "Invalid code or auth state for the user.");
        people.respond(challenge, Some(&session), right).await.ok();
    }
    assert_eq!(people.app.code_for("ana@example.com").await, "777777");
}

/// A code that nobody gets is nobody's, however well it is known.
#[tokio::test]
async fn known_codes_open_nothing_for_who_gets_none() {
    let settings = Settings {
        routes: Routes {
            email: Route::Inbox,
            sms: Route::Inbox,
        },
        known_codes: KnownCodes {
            fixed: Some("777777".to_owned()),
            ..test_number()
        },
        ..inbox()
    };
    let client = merged(all_flows(), json!({"PreventUserExistenceErrors": "ENABLED"}));
    let people = People::sending(settings, pool(), client).await;
    people.sign_up("ana", &[("email", "ana@example.com")]).await.ok();
    people.confirm("ana", "777777").await.ok();
    people.admin("AdminDisableUser", json!({"Username": "ana"})).await.ok();
    for name in ["ana", "nobody"] {
        let parameters = json!({"USERNAME": name, "PREFERRED_CHALLENGE": "EMAIL_OTP"});
        let asked = people.initiate("USER_AUTH", parameters).await.ok();
        let session = text(&asked, "/Session");
        let answer = json!({"USERNAME": name, "EMAIL_OTP_CODE": "777777"});
        people
            .respond("EMAIL_OTP", Some(&session), answer)
            .await
            .refused("CodeMismatchException", "Invalid code or auth state for the user.");
        people.public("ForgotPassword", json!({"Username": name})).await.ok();
        let input = json!({"Username": name, "ConfirmationCode": "777777", "Password": "N3w-Passw0rd"});
        people.public("ConfirmForgotPassword", input).await.refused(
            "CodeMismatchException",
            "Invalid verification code provided, please try again.",
        );
    }
}
