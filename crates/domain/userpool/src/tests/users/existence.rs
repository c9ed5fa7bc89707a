//! PreventUserExistenceErrors: who is not there is answered like who is. Reference: user-pools 17.2.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::tests::people::{PASSWORD, People, hours, list, other_than};

const EXPIRED: (&str, &str) = (
    "ExpiredCodeException",
    "Invalid code provided, please request a code again.",
);
const MISMATCH: (&str, &str) = (
    "CodeMismatchException",
    "Invalid verification code provided, please try again.",
);
const LIMIT: (&str, &str) = (
    "LimitExceededException",
    "Attempt limit exceeded, please try after some time.",
);

async fn discreet(pool: Value) -> People {
    People::with(pool, json!({"PreventUserExistenceErrors": "ENABLED"})).await
}

#[tokio::test]
async fn simulated_answers() {
    let people = discreet(json!({"AutoVerifiedAttributes": ["email"]})).await;
    people.member("disabled", &[("email", "disabled@example.com")]).await;
    people.set("disabled", &[("email_verified", "true")]).await.ok();
    people
        .admin("AdminDisableUser", json!({"Username": "disabled"}))
        .await
        .ok();
    people.member("bare", &[]).await;
    people.sign_up("unreachable", &[]).await.ok();
    invite(&people).await;
    for name in ["nobody", "disabled", "bare", "unreachable", "invited"] {
        for operation in ["ForgotPassword", "ResendConfirmationCode"] {
            let first = people.public(operation, json!({"Username": name})).await.ok();
            let details = &first["CodeDeliveryDetails"];
            assert_eq!(
                (&details["DeliveryMedium"], &details["AttributeName"]),
                (&json!("EMAIL"), &json!("email"))
            );
            let mask = details["Destination"].as_str().unwrap();
            let shape: String = mask
                .chars()
                .map(|c| if c.is_ascii_lowercase() { 'x' } else { c })
                .collect();
            assert_eq!(shape, "x***@x***");
            // The same each time, in whatever operation.
            let again = people.public(operation, json!({"Username": name})).await.ok();
            assert_eq!(first, again);
        }
    }
    for name in ["disabled", "invited"] {
        let mails = people.app.inbox(&format!("{name}@example.com")).await;
        assert_eq!(mails.len(), 1, "only the first mail went to {name}");
    }
}

/// Whoever asks for both codes sees one address, whatever state the user is in, as for a name that nobody has.
#[tokio::test]
async fn two_codes_show_one_address() {
    let people = discreet(json!({"AutoVerifiedAttributes": ["email"]})).await;
    people
        .sign_up("unconfirmed", &[("email", "ann@example.com")])
        .await
        .ok();
    for name in ["confirmed", "disabled", "reset"] {
        people.member(name, &[("email", "ann@example.com")]).await;
        people.set(name, &[("email_verified", "true")]).await.ok();
    }
    let of = |name: &str| json!({"Username": name});
    people.admin("AdminDisableUser", of("disabled")).await.ok();
    people.admin("AdminResetUserPassword", of("reset")).await.ok();
    for name in ["nobody", "unconfirmed", "confirmed", "disabled", "reset"] {
        let mut shown = BTreeSet::new();
        for operation in ["ForgotPassword", "ResendConfirmationCode"] {
            let answer = people.public(operation, of(name)).await.ok();
            shown.insert(answer["CodeDeliveryDetails"].to_string());
        }
        assert_eq!(shown.len(), 1, "{name}: {shown:?}");
        assert_eq!(
            shown.iter().any(|details| details.contains("a***@e***")),
            name != "nobody",
            "{name}"
        );
    }
}

/// A user with a temporary password, whose address is verified.
async fn invite(people: &People) {
    let attributes = [("email", "invited@example.com"), ("email_verified", "true")];
    let input =
        json!({"Username": "invited", "UserAttributes": list(&attributes), "DesiredDeliveryMediums": ["EMAIL"]});
    people.admin("AdminCreateUser", input).await.ok();
}

#[tokio::test]
async fn no_state_of_a_user_shows_in_the_answers() {
    let people = discreet(json!({"AutoVerifiedAttributes": ["email"]})).await;
    for name in ["ana", "disabled"] {
        people.member(name, &[("email", "ana@example.com")]).await;
        people.set(name, &[("email_verified", "true")]).await.ok();
    }
    people
        .admin("AdminDisableUser", json!({"Username": "disabled"}))
        .await
        .ok();
    people.sign_up("new", &[("email", "new@example.com")]).await.ok();
    people.sign_up("late", &[("email", "late@example.com")]).await.ok();
    invite(&people).await;
    people.app.advance(hours(25));

    // Of nobody a code is in force now; after ForgotPassword one is of "ana", and whoever else asked is answered as if.
    for (asks, recovery) in [(false, EXPIRED), (true, MISMATCH)] {
        for name in ["nobody", "ana", "disabled", "new", "late", "invited"] {
            if asks {
                people.public("ForgotPassword", json!({"Username": name})).await.ok();
            }
            let input = json!({"Username": name, "ConfirmationCode": "000000", "Password": PASSWORD});
            people
                .public("ConfirmForgotPassword", input)
                .await
                .refused(recovery.0, recovery.1);
            people.confirm(name, "000000").await.refused(MISMATCH.0, MISMATCH.1);
        }
    }
    // Neither does the state show in what is counted: of ten calls each has made three.
    for name in ["nobody", "ana", "disabled", "new", "late", "invited"] {
        for _ in 0..7 {
            people.public("ForgotPassword", json!({"Username": name})).await.ok();
        }
        people
            .public("ForgotPassword", json!({"Username": name}))
            .await
            .refused(LIMIT.0, LIMIT.1);
    }
    // What was asked for expires for everybody.
    people.app.advance(hours(1));
    for name in ["nobody", "ana", "disabled", "new", "late", "invited"] {
        let input = json!({"Username": name, "ConfirmationCode": "000000", "Password": PASSWORD});
        people
            .public("ConfirmForgotPassword", input)
            .await
            .refused(EXPIRED.0, EXPIRED.1);
    }
}

#[tokio::test]
async fn who_has_the_code_is_told_the_truth() {
    let people = discreet(json!({"AutoVerifiedAttributes": ["email"]})).await;
    people.member("ana", &[("email", "ana@example.com")]).await;
    people.set("ana", &[("email_verified", "true")]).await.ok();
    people.public("ForgotPassword", json!({"Username": "ana"})).await.ok();
    let code = people.app.code_for("ana@example.com").await;
    people.admin("AdminDisableUser", json!({"Username": "ana"})).await.ok();
    let input = json!({"Username": "ana", "ConfirmationCode": code, "Password": "An0ther-one!"});
    people
        .public("ConfirmForgotPassword", input.clone())
        .await
        .refused("NotAuthorizedException", "User is disabled.");
    people.admin("AdminEnableUser", json!({"Username": "ana"})).await.ok();
    people.public("ConfirmForgotPassword", input).await.ok();
}

/// Nobody is found out by it, and without it the user would try the same code for ever.
#[tokio::test]
async fn who_has_a_code_that_has_run_out_is_told_to_ask_for_another() {
    let people = discreet(json!({"AutoVerifiedAttributes": ["email"]})).await;
    people.member("ana", &[("email", "ana@example.com")]).await;
    people.set("ana", &[("email_verified", "true")]).await.ok();
    people.public("ForgotPassword", json!({"Username": "ana"})).await.ok();
    people.sign_up("new", &[("email", "new@example.com")]).await.ok();
    let recovery = people.app.code_for("ana@example.com").await;
    let sign_up = people.app.code_for("new@example.com").await;
    people.app.advance(hours(24));

    let recover = |code: &str| {
        let input = json!({"Username": "ana", "ConfirmationCode": code, "Password": "An0ther-one!"});
        people.public("ConfirmForgotPassword", input)
    };
    recover(&recovery).await.refused(EXPIRED.0, EXPIRED.1);
    people.confirm("new", &sign_up).await.refused(EXPIRED.0, EXPIRED.1);
    let wrong = people.confirm("new", &other_than(&sign_up)).await;
    wrong.refused(MISMATCH.0, MISMATCH.1);
}

#[tokio::test]
async fn legacy_clients_are_told_the_state() {
    let people = People::of(json!({"AutoVerifiedAttributes": ["email"]})).await;
    people.member("ana", &[("email", "ana@example.com")]).await;
    people.sign_up("new", &[("email", "new@example.com")]).await.ok();
    invite(&people).await;
    people.app.advance(hours(25));
    let state = (
        "NotAuthorizedException",
        "User password cannot be reset in the current state.",
    );
    let confirmed = ("InvalidParameterException", "User is already confirmed.");
    let cases = [
        ("ForgotPassword", "invited", state),
        ("ConfirmForgotPassword", "ana", EXPIRED),
        (
            "ConfirmForgotPassword",
            "new",
            ("UserNotConfirmedException", "User is not confirmed."),
        ),
        ("ConfirmForgotPassword", "invited", state),
        ("ResendConfirmationCode", "ana", confirmed),
        ("ConfirmSignUp", "new", EXPIRED),
        (
            "ConfirmSignUp",
            "ana",
            (
                "NotAuthorizedException",
                "User cannot be confirmed. Current status is CONFIRMED",
            ),
        ),
    ];
    for (operation, name, (code, sentence)) in cases {
        let input = match operation {
            "ConfirmForgotPassword" => {
                json!({"Username": name, "ConfirmationCode": "000000", "Password": PASSWORD})
            }
            "ConfirmSignUp" => json!({"Username": name, "ConfirmationCode": "000000"}),
            _ => json!({"Username": name}),
        };
        people.public(operation, input).await.refused(code, sentence);
    }
}

#[tokio::test]
async fn unknown_names_share_no_counter() {
    let people = discreet(json!({})).await;
    let pool = people.app.pools.pool(&people.pool).await.unwrap();
    let stand_in = |name: &str| crate::user::unknown::stand_in_sub(&people.app.keyring, &pool, name);
    let distinct: BTreeSet<_> = (0..2000).map(|n| stand_in(&format!("name{n}")).to_string()).collect();
    assert_eq!(distinct.len(), 2000);
    assert_eq!(stand_in("name1"), stand_in("name1"));
}

#[tokio::test]
async fn the_medium_is_guessed_from_name_and_settings() {
    let texts = json!({"SmsConfiguration": {"SnsCallerArn": "arn:aws:iam::123456789012:role/sms"}});
    let phone_first = json!({"AccountRecoverySetting": {"RecoveryMechanisms": [
        {"Name": "verified_phone_number", "Priority": 1}, {"Name": "verified_email", "Priority": 2},
    ]}});
    let by_phone = testkit::merged(texts.clone(), phone_first.clone());
    let cases = [
        (json!({}), "who@example.com", "w***@e***"),
        (texts, "+12065550199", "+*******0199"),
        (by_phone.clone(), "who@example.com", "w***@e***"),
    ];
    for (settings, name, mask) in cases {
        let people = discreet(settings).await;
        let answer = people.public("ForgotPassword", json!({"Username": name})).await.ok();
        assert_eq!(answer["CodeDeliveryDetails"]["Destination"], mask);
    }
    let people = discreet(by_phone).await;
    let answer = people
        .public("ForgotPassword", json!({"Username": "nobody"}))
        .await
        .ok();
    let details = &answer["CodeDeliveryDetails"];
    assert_eq!(details["DeliveryMedium"], "SMS");
    let mask = details["Destination"].as_str().unwrap();
    assert!(mask.starts_with("+*******") && mask.len() == 12, "{mask}");
    // Where no text message can go out, none is made up either.
    let people = discreet(phone_first).await;
    people.member("ana", &[("phone_number", "+12065550100")]).await;
    people.set("ana", &[("phone_number_verified", "true")]).await.ok();
    for name in ["ana", "nobody", "+12065550199"] {
        let answer = people.public("ForgotPassword", json!({"Username": name})).await.ok();
        assert_eq!(answer["CodeDeliveryDetails"]["DeliveryMedium"], "EMAIL", "{name}");
    }
}

#[tokio::test]
async fn a_wrong_code_is_wrong_for_everybody() {
    let people = discreet(json!({"AutoVerifiedAttributes": ["email"]})).await;
    people.member("ana", &[("email", "ana@example.com")]).await;
    people.set("ana", &[("email_verified", "true")]).await.ok();
    people.sign_up("new", &[("email", "new@example.com")]).await.ok();
    for name in ["ana", "nobody"] {
        people.public("ForgotPassword", json!({"Username": name})).await.ok();
        let input = json!({"Username": name, "ConfirmationCode": "000000", "Password": PASSWORD});
        people
            .public("ConfirmForgotPassword", input)
            .await
            .refused(MISMATCH.0, MISMATCH.1);
    }
    for name in ["new", "nobody"] {
        people.confirm(name, "000000").await.refused(MISMATCH.0, MISMATCH.1);
    }
    // The policy speaks before anybody is looked up.
    for name in ["ana", "nobody"] {
        let input = json!({"Username": name, "ConfirmationCode": "000000", "Password": "short!"});
        people.public("ConfirmForgotPassword", input).await.refused(
            "InvalidPasswordException",
            "Password does not conform to policy: Password not long enough",
        );
    }
    // What has always told: sign-up.
    people
        .sign_up("ana", &[])
        .await
        .refused("UsernameExistsException", "User already exists");
}

#[tokio::test]
async fn limits_are_the_same_for_everybody() {
    let people = discreet(json!({"AutoVerifiedAttributes": ["email"]})).await;
    people.member("ana", &[("email", "ana@example.com")]).await;
    people.set("ana", &[("email_verified", "true")]).await.ok();
    people.sign_up("new", &[("email", "new@example.com")]).await.ok();
    let cases = [
        ("ForgotPassword", ["ana", "nobody"], 10),
        ("ResendConfirmationCode", ["new", "nobody"], 5),
    ];
    for (operation, names, cap) in cases {
        for name in names {
            for _ in 0..cap {
                people.public(operation, json!({"Username": name})).await.ok();
            }
            people
                .public(operation, json!({"Username": name}))
                .await
                .refused(LIMIT.0, LIMIT.1);
        }
    }
    for name in ["new", "nobody"] {
        for _ in 0..15 {
            people.confirm(name, "000000").await.refused(MISMATCH.0, MISMATCH.1);
        }
        people.confirm(name, "000000").await.refused(LIMIT.0, LIMIT.1);
    }
    people.app.advance(hours(1));
    people.confirm("nobody", "000000").await.refused(MISMATCH.0, MISMATCH.1);
}

#[tokio::test]
async fn where_only_administrators_recover_everybody_is_told() {
    let settings = json!({"AccountRecoverySetting": {"RecoveryMechanisms": [{"Name": "admin_only", "Priority": 1}]}});
    let people = discreet(settings).await;
    people.member("ana", &[]).await;
    for name in ["ana", "nobody"] {
        let answer = people.public("ForgotPassword", json!({"Username": name})).await;
        answer.refused("NotAuthorizedException", "Contact administrator to reset password.");
    }
}

/// A change of what is made up would tell that nobody has the name.
#[tokio::test]
async fn what_is_made_up_outlives_a_rotation_of_the_keyring() {
    let people = discreet(json!({})).await;
    let pool = people.app.pools.pool(&people.pool).await.unwrap();
    let (keyring, rotated) = (&people.app.keyring, people.app.rotated_keyring());
    let purpose = crate::code::Purpose::ForgotPassword;
    for n in 0..9 {
        let made_up = |keyring| {
            let name = format!("nobody{n}");
            let target = crate::user::unknown::guessed_target(keyring, &pool, &name, purpose);
            (crate::user::unknown::stand_in_sub(keyring, &pool, &name), target)
        };
        assert_eq!(made_up(&rotated), made_up(keyring));
    }
}
