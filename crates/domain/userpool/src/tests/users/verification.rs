//! Addresses that want proof: GetUserAttributeVerificationCode, VerifyUserAttribute, values that wait. Reference: user-pools
//! 4.8.

use serde_json::{Value, json};

use super::attributes::update;
use crate::tests::people::{PASSWORD, People, hours, other_than};

const MISMATCH: &str = "Invalid verification code provided, please try again.";
const EXPIRED: &str = "Invalid code provided, please request a code again.";
const LIMIT: &str = "Attempt limit exceeded, please try after some time.";

fn auto() -> Value {
    json!({"AutoVerifiedAttributes": ["email"]})
}

#[tokio::test]
async fn a_changed_address_is_unverified_and_gets_a_code() {
    let people = People::of(auto()).await;
    people.member("ana", &[("email", "ana@example.com")]).await;
    people.set("ana", &[("email_verified", "true")]).await.ok();
    let token = people.token("ana").await;
    let answer = update(
        &people,
        &token,
        &[("email", "new@example.com"), ("phone_number", "+12065550100")],
    )
    .await
    .ok();
    let details = json!({"Destination": "n***@e***", "DeliveryMedium": "EMAIL", "AttributeName": "email"});
    assert_eq!(answer, json!({"CodeDeliveryDetailsList": [details]}));
    assert_eq!(
        people.attribute("ana", "email_verified").await.as_deref(),
        Some("false")
    );
    assert_eq!(
        people.attribute("ana", "phone_number_verified").await.as_deref(),
        Some("false")
    );
    // The same value again changes nothing.
    let again = update(&people, &token, &[("email", "new@example.com")]).await.ok();
    assert_eq!(again, json!({"CodeDeliveryDetailsList": []}));

    let code = people.app.code_for("new@example.com").await;
    let verify = |code: String| {
        let input = json!({"AttributeName": "email", "Code": code});
        people.with_token(&token, "VerifyUserAttribute", input)
    };
    verify(other_than(&code))
        .await
        .refused("CodeMismatchException", MISMATCH);
    assert_eq!(verify(code.clone()).await.ok(), json!({}));
    assert_eq!(people.attribute("ana", "email_verified").await.as_deref(), Some("true"));
    verify(code).await.refused("ExpiredCodeException", EXPIRED);
}

#[tokio::test]
async fn a_value_may_wait_for_its_code() {
    let people = People::of(json!({
        "AutoVerifiedAttributes": ["email"], "AliasAttributes": ["email"],
        "UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": ["email"]},
    }))
    .await;
    people.member("ana", &[("email", "ana@example.com")]).await;
    people.set("ana", &[("email_verified", "true")]).await.ok();
    let token = people.token("ana").await;
    let verify = |code: String| {
        let input = json!({"AttributeName": "email", "Code": code});
        people.with_token(&token, "VerifyUserAttribute", input)
    };

    let answer = update(&people, &token, &[("email", "new@example.com")]).await.ok();
    assert_eq!(answer["CodeDeliveryDetailsList"][0]["Destination"], "n***@e***");
    assert_eq!(
        people.attribute("ana", "email").await.as_deref(),
        Some("ana@example.com")
    );
    assert_eq!(people.attribute("ana", "email_verified").await.as_deref(), Some("true"));
    people.sign_in("ana@example.com", PASSWORD).await.ok();

    // A new request replaces the one before, code and all.
    let first = people.app.code_for("new@example.com").await;
    update(&people, &token, &[("email", "newer@example.com")]).await.ok();
    verify(first).await.refused("CodeMismatchException", MISMATCH);
    let input = json!({"AttributeName": "email"});
    let sent = people
        .with_token(&token, "GetUserAttributeVerificationCode", input)
        .await
        .ok();
    assert_eq!(sent["CodeDeliveryDetails"]["AttributeName"], "email");
    verify(people.app.code_for("newer@example.com").await).await.ok();
    assert_eq!(
        people.attribute("ana", "email").await.as_deref(),
        Some("newer@example.com")
    );
    people.sign_in("newer@example.com", PASSWORD).await.ok();
    let old = people.sign_in("ana@example.com", PASSWORD).await;
    old.refused("UserNotFoundException", "User does not exist.");

    // The present value takes a request back.
    update(&people, &token, &[("email", "newest@example.com")]).await.ok();
    let code = people.app.code_for("newest@example.com").await;
    update(&people, &token, &[("email", "newer@example.com")]).await.ok();
    verify(code).await.refused("ExpiredCodeException", EXPIRED);
    assert_eq!(
        people.attribute("ana", "email").await.as_deref(),
        Some("newer@example.com")
    );

    // An administrator who vouches for it skips the wait; one who does not doesn't.
    people.set("ana", &[("email", "third@example.com")]).await.ok();
    assert_eq!(
        people.attribute("ana", "email").await.as_deref(),
        Some("newer@example.com")
    );
    people
        .set("ana", &[("email", "third@example.com"), ("email_verified", "true")])
        .await
        .ok();
    assert_eq!(people.user("third@example.com").await["Username"], "ana");
}

#[tokio::test]
async fn a_waiting_value_that_somebody_else_gets_first_is_refused() {
    let people = People::of(json!({
        "AutoVerifiedAttributes": ["email"], "AliasAttributes": ["email"],
        "UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": ["email"]},
    }))
    .await;
    people.member("ana", &[("email", "ana@example.com")]).await;
    people.member("ben", &[("email", "new@example.com")]).await;
    let token = people.token("ana").await;
    update(&people, &token, &[("email", "new@example.com")]).await.ok();
    let code = people.app.code_for("new@example.com").await;
    people.set("ben", &[("email_verified", "true")]).await.ok();
    let input = json!({"AttributeName": "email", "Code": code});
    let late = people.with_token(&token, "VerifyUserAttribute", input).await;
    late.refused("AliasExistsException", "An account with the email already exists.");
    assert_eq!(
        people.attribute("ana", "email").await.as_deref(),
        Some("ana@example.com")
    );
}

#[tokio::test]
async fn codes_for_addresses() {
    let people = People::of(auto()).await;
    people.member("ana", &[("email", "ana@example.com")]).await;
    let token = people.token("ana").await;
    let send = |name: &'static str| {
        people.with_token(
            &token,
            "GetUserAttributeVerificationCode",
            json!({"AttributeName": name}),
        )
    };
    send("name").await.refused(
        "InvalidParameterException",
        "Invalid attribute name. Only phone_number and email can be verified.",
    );
    let none = send("phone_number").await;
    none.refused(
        "InvalidParameterException",
        "User has no phone_number attribute to send a message to.",
    );
    people.set("ana", &[("phone_number", "+12065550100")]).await.ok();
    send("phone_number").await.refused(
        "InvalidParameterException",
        "Unable to send the message. User pool does not have SMS configuration to send messages.",
    );
    for _ in 0..5 {
        let answer = send("email").await.ok();
        assert_eq!(answer["CodeDeliveryDetails"]["Destination"], "a***@e***");
    }
    send("email").await.refused("LimitExceededException", LIMIT);

    let code = people.app.code_for("ana@example.com").await;
    let verify = |code: String| {
        people.with_token(
            &token,
            "VerifyUserAttribute",
            json!({"AttributeName": "email", "Code": code}),
        )
    };
    for _ in 0..15 {
        verify(other_than(&code))
            .await
            .refused("CodeMismatchException", MISMATCH);
    }
    verify(code.clone()).await.refused("LimitExceededException", LIMIT);
    people.app.advance(hours(1));
    let token = people.token("ana").await;
    let input = json!({"AttributeName": "email", "Code": code});
    people
        .with_token(&token, "VerifyUserAttribute", input.clone())
        .await
        .ok();
    people
        .with_token(&token, "VerifyUserAttribute", input)
        .await
        .refused("ExpiredCodeException", EXPIRED);
    assert_eq!(people.attribute("ana", "email_verified").await.as_deref(), Some("true"));
    let other = json!({"AttributeName": "name", "Code": "123456"});
    people.with_token(&token, "VerifyUserAttribute", other).await.refused(
        "InvalidParameterException",
        "Invalid attribute name. Only phone_number and email can be verified.",
    );
}

#[tokio::test]
async fn a_verification_code_holds_a_day() {
    let people = People::of(auto()).await;
    people.member("ana", &[("email", "ana@example.com")]).await;
    let token = people.token("ana").await;
    people
        .with_token(
            &token,
            "GetUserAttributeVerificationCode",
            json!({"AttributeName": "email"}),
        )
        .await
        .ok();
    let code = people.app.code_for("ana@example.com").await;
    people.app.advance(hours(24));
    let token = people.token("ana").await;
    let input = json!({"AttributeName": "email", "Code": code});
    people
        .with_token(&token, "VerifyUserAttribute", input)
        .await
        .refused("ExpiredCodeException", EXPIRED);
}
