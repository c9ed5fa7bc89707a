//! ConfirmSignUp, AdminConfirmSignUp, ResendConfirmationCode. Reference: user-pools 4.4.

use serde_json::json;
use testkit::text;

use crate::tests::{
    entry::USED_SESSION,
    people::{PASSWORD, People, hours, other_than},
};

const MISMATCH: &str = "Invalid verification code provided, please try again.";
const EXPIRED: &str = "Invalid code provided, please request a code again.";
const LIMIT: &str = "Attempt limit exceeded, please try after some time.";

#[tokio::test]
async fn a_code_holds_a_day_and_the_newest_replaces_the_older() {
    let people = People::of(json!({"AutoVerifiedAttributes": ["email"]})).await;
    people.sign_up("ana", &[("email", "ana@example.com")]).await.ok();
    let first = people.app.code_for("ana@example.com").await;
    let answer = people
        .public("ResendConfirmationCode", json!({"Username": "ana"}))
        .await
        .ok();
    assert_eq!(answer["CodeDeliveryDetails"]["Destination"], "a***@e***");
    let second = people.app.code_for("ana@example.com").await;
    assert_ne!(first, second);
    people
        .confirm("ana", &first)
        .await
        .refused("CodeMismatchException", MISMATCH);
    people.app.advance(hours(24));
    people
        .confirm("ana", &second)
        .await
        .refused("ExpiredCodeException", EXPIRED);
    people
        .public("ResendConfirmationCode", json!({"Username": "ana"}))
        .await
        .ok();
    people.app.advance(hours(23));
    people
        .confirm("ana", &people.app.code_for("ana@example.com").await)
        .await
        .ok();
}

#[tokio::test]
async fn codes_survive_a_restart() {
    let mut people = People::of(json!({"AutoVerifiedAttributes": ["email"]})).await;
    people.sign_up("ana", &[("email", "ana@example.com")]).await.ok();
    let code = people.app.code_for("ana@example.com").await;
    people
        .confirm("ana", &other_than(&code))
        .await
        .refused("CodeMismatchException", MISMATCH);
    people.app = people.app.restarted().await;
    people.confirm("ana", &code).await.ok();
    people.app = people.app.restarted().await;
    assert_eq!(people.status("ana").await, "CONFIRMED");
    people.sign_in("ana", PASSWORD).await.ok();
}

#[tokio::test]
async fn what_resending_refuses() {
    let people = People::of(json!({"AutoVerifiedAttributes": ["email"]})).await;
    let resend = |name: &'static str| people.public("ResendConfirmationCode", json!({"Username": name}));
    resend("nobody")
        .await
        .refused("UserNotFoundException", "Username/client id combination not found.");
    people.sign_up("ana", &[]).await.ok();
    resend("ana").await.refused(
        "InvalidParameterException",
        "Cannot resend codes. Auto verification not turned on.",
    );
    people.member("ben", &[("email", "ben@example.com")]).await;
    resend("ben")
        .await
        .refused("InvalidParameterException", "User is already confirmed.");
    people.sign_up("eva", &[("email", "eva@example.com")]).await.ok();
    people.admin("AdminDisableUser", json!({"Username": "eva"})).await.ok();
    resend("eva")
        .await
        .refused("NotAuthorizedException", "User is disabled.");
}

#[tokio::test]
async fn hourly_caps_hold_and_end() {
    let people = People::of(json!({"AutoVerifiedAttributes": ["email"]})).await;
    people.sign_up("ana", &[("email", "ana@example.com")]).await.ok();
    for _ in 0..5 {
        people
            .public("ResendConfirmationCode", json!({"Username": "ana"}))
            .await
            .ok();
    }
    let sixth = people
        .public("ResendConfirmationCode", json!({"Username": "ana"}))
        .await;
    sixth.refused("LimitExceededException", LIMIT);
    let code = people.app.code_for("ana@example.com").await;
    for _ in 0..15 {
        people
            .confirm("ana", &other_than(&code))
            .await
            .refused("CodeMismatchException", MISMATCH);
    }
    people
        .confirm("ana", &code)
        .await
        .refused("LimitExceededException", LIMIT);
    people.app.advance(hours(1));
    people
        .public("ResendConfirmationCode", json!({"Username": "ana"}))
        .await
        .ok();
    people
        .confirm("ana", &people.app.code_for("ana@example.com").await)
        .await
        .ok();
}

#[tokio::test]
async fn an_administrator_confirms_without_verifying() {
    let people = People::of(json!({"AutoVerifiedAttributes": ["email"]})).await;
    people.sign_up("ana", &[("email", "ana@example.com")]).await.ok();
    let confirm = |name: &'static str| people.admin("AdminConfirmSignUp", json!({"Username": name}));
    assert_eq!(confirm("ana").await.ok(), json!({}));
    assert_eq!(people.status("ana").await, "CONFIRMED");
    assert_eq!(
        people.attribute("ana", "email_verified").await.as_deref(),
        Some("false")
    );
    confirm("ana").await.refused(
        "NotAuthorizedException",
        "User cannot be confirmed. Current status is CONFIRMED",
    );
    confirm("nobody")
        .await
        .refused("UserNotFoundException", "User does not exist.");
}

#[tokio::test]
async fn a_code_proves_nothing_of_an_address_that_came_after_it() {
    let people = People::of(json!({"AutoVerifiedAttributes": ["email"]})).await;
    people.sign_up("ana", &[("email", "ana@example.com")]).await.ok();
    let old = people.app.code_for("ana@example.com").await;
    people.set("ana", &[("email", "other@example.com")]).await.ok();
    people
        .confirm("ana", &old)
        .await
        .refused("CodeMismatchException", MISMATCH);
    // The new address was sent one of its own.
    people
        .confirm("ana", &people.app.code_for("other@example.com").await)
        .await
        .ok();
    assert_eq!(people.attribute("ana", "email_verified").await.as_deref(), Some("true"));
}

#[tokio::test]
async fn an_unconfirmed_users_new_address_does_not_wait() {
    let people = People::of(json!({
        "AutoVerifiedAttributes": ["email"],
        "UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": ["email"]},
    }))
    .await;
    people.sign_up("ana", &[("email", "ana@example.com")]).await.ok();
    people.set("ana", &[("email", "other@example.com")]).await.ok();
    assert_eq!(
        people.attribute("ana", "email").await.as_deref(),
        Some("other@example.com")
    );
    people
        .confirm("ana", &people.app.code_for("other@example.com").await)
        .await
        .ok();
}

/// Reference: user-pools 4.3, 4.4: as at sign-up one code goes out, by SMS, and the mail address stays unverified. Of two the newer would
/// replace the other.
#[tokio::test]
async fn an_unconfirmed_users_new_addresses_are_sent_one_code() {
    const ADDRESSES: [(&str, &str); 2] = [("email", "ana@example.com"), ("phone_number", "+12065550100")];
    let [mail, phone] = ADDRESSES;
    for both in [[mail, phone], [phone, mail]] {
        let people = People::of(json!({
            "AutoVerifiedAttributes": ["email", "phone_number"],
            "SmsConfiguration": {"SnsCallerArn": "arn:aws:iam::123456789012:role/sms", "ExternalId": "x"},
        }))
        .await;
        people.sign_up("ana", &[]).await.ok();
        people.set("ana", &both).await.ok();
        assert!(people.app.inbox("ana@example.com").await.is_empty());
        let code = people.app.code_for("+12065550100").await;
        people.confirm("ana", &code).await.ok();
        for (attribute, expected) in [("phone_number_verified", "true"), ("email_verified", "false")] {
            assert_eq!(people.attribute("ana", attribute).await.as_deref(), Some(expected));
        }
        // Who is confirmed proves each address by a code of its own.
        people
            .set("ana", &[("email", "a@example.com"), ("phone_number", "+12065550199")])
            .await
            .ok();
        for to in ["a@example.com", "+12065550199"] {
            assert_eq!(people.app.inbox(to).await.len(), 1, "{to}");
        }
    }
}

#[tokio::test]
async fn confirmation_signs_in_where_a_choice_is_allowed() {
    let flows = |list: &[&str]| json!({"ExplicitAuthFlows": list});
    let cases = [
        (flows(&["ALLOW_USER_SRP_AUTH"]), false),
        (flows(&["ALLOW_USER_AUTH"]), true),
    ];
    for (client, has_session) in cases {
        let people = People::with(json!({"AutoVerifiedAttributes": ["email"]}), client).await;
        people.sign_up("ana", &[("email", "ana@example.com")]).await.ok();
        let answer = people
            .confirm("ana", &people.app.code_for("ana@example.com").await)
            .await
            .ok();
        assert_eq!(answer.get("Session").is_some(), has_session);
        if has_session {
            let input = json!({
                "AuthFlow": "USER_AUTH", "AuthParameters": {"USERNAME": "ana"}, "Session": answer["Session"],
            });
            let signed_in = people.public("InitiateAuth", input).await.ok();
            assert!(
                signed_in["AuthenticationResult"]["AccessToken"].is_string(),
                "{signed_in}"
            );
        }
    }
}

#[tokio::test]
async fn an_administrator_signs_in_whom_a_confirmation_let_in() {
    let people = People::with_all_flows(json!({"AutoVerifiedAttributes": ["email"]}), json!({})).await;
    people.sign_up("ana", &[("email", "ana@example.com")]).await.ok();
    let code = people.app.code_for("ana@example.com").await;
    let session = text(&people.confirm("ana", &code).await.ok(), "/Session");
    let input = json!({
        "ClientId": people.client, "AuthFlow": "USER_AUTH", "AuthParameters": {"USERNAME": "ana"}, "Session": session,
    });
    let signed_in = people.admin("AdminInitiateAuth", input.clone()).await.ok();
    assert!(signed_in["AuthenticationResult"].is_object(), "{signed_in}");
    people.admin("AdminInitiateAuth", input).await.refused_as(USED_SESSION);
}
