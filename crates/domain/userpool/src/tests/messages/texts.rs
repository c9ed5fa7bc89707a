//! Templates and senders of a pool's messages. Reference: user-pools 2.6, 4.5.

use serde_json::{Value, json};
use testkit::merged;

use crate::tests::people::{People, list};

const MAIL: &str = "ana@example.com";

fn invited(name: &str) -> Value {
    json!({"Username": name, "UserAttributes": list(&[("email", MAIL)])})
}

/// The template lets a text without a place for the password pass, but nothing is delivered by it. Reference: 4.5.
#[tokio::test]
async fn an_invitation_without_a_place_for_the_password_is_not_sent() {
    let template = |mail: &str| json!({"AdminCreateUserConfig": {"InviteMessageTemplate": {"EmailMessage": mail}}});
    let people = People::of(template("Welcome, {username}")).await;
    people.admin("AdminCreateUser", invited("ana")).await.ok();
    assert!(people.app.inbox(MAIL).await.is_empty());
    assert_eq!(people.status("ana").await, "FORCE_CHANGE_PASSWORD");

    let people = People::of(template("It is {####}, {username}.")).await;
    people.admin("AdminCreateUser", invited("ana")).await.ok();
    let mail = people.app.mail_to(MAIL).await;
    assert_eq!(mail.body, format!("It is {}, ana.", mail.code.unwrap()));
    assert_eq!(mail.subject.as_deref(), Some("Your temporary password"));
}

#[tokio::test]
async fn a_pools_mails_come_from_whom_it_says_and_its_settings_are_kept() {
    let email = json!({
        "EmailSendingAccount": "DEVELOPER",
        "SourceArn": "arn:aws:ses:eu-west-1:000000000000:identity/harbour@example.com",
        "From": "Harbour <harbour@example.com>",
        "ReplyToEmailAddress": "help@example.com",
        "ConfigurationSet": "letters",
    });
    let sms = json!({
        "SnsCallerArn": "arn:aws:iam::000000000000:role/texts", "ExternalId": "an id", "SnsRegion": "eu-west-1",
    });
    let pool = json!({"AutoVerifiedAttributes": ["email"], "EmailConfiguration": email, "SmsConfiguration": sms});
    let people = People::of(pool).await;
    people.sign_up("ana", &[("email", MAIL)]).await.ok();
    let mail = people.app.mail_to(MAIL).await;
    assert_eq!(mail.from.as_deref(), Some("Harbour <harbour@example.com>"));
    assert_eq!(mail.reply_to.as_deref(), Some("help@example.com"));
    let described = people.admin("DescribeUserPool", json!({})).await.ok();
    assert_eq!(described["UserPool"]["EmailConfiguration"], email);
    assert_eq!(described["UserPool"]["SmsConfiguration"], sms);
}

/// As it is seen; the documents want DEVELOPER for it.
#[tokio::test]
async fn own_words_are_used_with_cognitos_own_sender_too() {
    let template = json!({"EmailMessage": "{####}!", "EmailSubject": "Hello"});
    let settings = json!({"AutoVerifiedAttributes": ["email"]});
    let people = People::of(merged(settings, json!({"VerificationMessageTemplate": template}))).await;
    people.sign_up("ana", &[("email", MAIL)]).await.ok();
    let mail = people.app.mail_to(MAIL).await;
    assert_eq!(mail.subject.as_deref(), Some("Hello"));
    assert_eq!(mail.body, format!("{}!", mail.code.unwrap()));
}
