//! Who a mail says that it is from, what its subject may be, and how long it is tried.

use std::time::Duration;

use base64::{Engine, prelude::BASE64_STANDARD};

use super::{
    Post, mail,
    mail_server::{MailServer, Script},
    smtp,
};
use crate::{Channel, Message, Route};

/// Reference: user-pools 2.6: what CreateUserPool takes as `From` mails are sent by; SES takes these.
#[tokio::test]
async fn whatever_a_pool_may_name_as_sender_mails_can_have() {
    let post = Post::new().await;
    let server = MailServer::start(Script::Accept).await;
    let delivery = post.delivery(smtp(&server), Route::None);
    for (name, from) in [
        ("", "no-reply@example.com"),
        ("Harbour", "Harbour <no-reply@example.com>"),
        ("A, B", "\"A, B\" <no-reply@example.com>"),
        ("The \"A\"", "\"The \\\"A\\\"\" <no-reply@example.com>"),
        ("Harbour Inc.", "Harbour Inc. <no-reply@example.com>"),
        ("Harbour, Inc.", "Harbour, Inc. <no-reply@example.com>"),
        ("Harbour (north)", "Harbour (north) <no-reply@example.com>"),
        ("Café Zürich", "Café Zürich <no-reply@example.com>"),
        ("A  Bcc: eve@b.c", "A\r\nBcc: eve@b.c <no-reply@example.com>"),
    ] {
        let message = Message {
            from: Some(from.to_owned()),
            ..mail("ana@example.com")
        };
        post.send(&delivery, message).await;
        assert_eq!(delivery.deliver_due(Channel::Email).await.unwrap(), 1, "{from}");
        let received = server.received().pop().unwrap();
        assert!(received.sender.starts_with("<no-reply@example.com>"), "{received:?}");
        let sender = received.data.lines().find_map(|line| line.strip_prefix("From: "));
        let encoded = format!("=?utf-8?b?{}?=", BASE64_STANDARD.encode(name));
        let spellings = [name.to_owned(), format!("{name:?}"), encoded];
        let shown = sender
            .unwrap()
            .trim_end_matches("no-reply@example.com>")
            .trim_end_matches(" <");
        assert!(name.is_empty() || spellings.iter().any(|s| s == shown), "{received:?}");
    }
}

#[tokio::test]
async fn a_subject_begins_no_header() {
    let post = Post::new().await;
    let server = MailServer::start(Script::Accept).await;
    let delivery = post.delivery(smtp(&server), Route::None);
    for subject in [
        "Hello\r\nBcc: eve@example.com",
        "Hello\nBcc: eve@example.com",
        "Hello\r\n\r\nbody",
    ] {
        let message = Message {
            subject: Some(subject.to_owned()),
            ..mail("ana@example.com")
        };
        post.send(&delivery, message).await;
        assert_eq!(delivery.deliver_due(Channel::Email).await.unwrap(), 1, "{subject}");
        let received = server.received().pop().unwrap();
        assert_eq!(received.recipients, ["<ana@example.com>"]);
        assert!(!received.data.contains("\nBcc:"), "{received:?}");
        assert!(
            received.data.contains("Your confirmation code is 123456"),
            "{received:?}"
        );
    }
}

/// After a minute another node may try, docs/operations.md: a mail that is being sent still would go out twice.
#[tokio::test]
async fn a_server_that_is_slow_is_left_before_another_node_may_try() {
    let post = Post::new().await;
    // Each answer comes in time, all of them together do not.
    let server = MailServer::start(Script::Slow(Duration::from_secs(25))).await;
    let delivery = post.delivery(smtp(&server), Route::None);
    post.send(&delivery, mail("ana@example.com")).await;
    tokio::time::pause();
    let began = tokio::time::Instant::now();
    assert_eq!(delivery.deliver_due(Channel::Email).await.unwrap(), 0);
    let took = began.elapsed();
    assert!(took < Duration::from_secs(60), "{took:?}");
    let next = delivery.until_next(Channel::Email).await.unwrap();
    assert_eq!(next, Some(Duration::from_secs(30)), "it is tried again");
}
