//! Events from the transaction to the function.

use std::{sync::Arc, time::Duration};

use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::json;
use store::records::outbox::{self, Lane};

use super::{
    Post,
    function::{FAILING, HANGING, QUICK},
    mail,
};
use crate::{Budgets, Channel, Delivery, Encrypted, Event, KnownCodes, Message, Route, Routes, Settings};

const KEY: &str = "arn:aws:kms:eu-west-1:123456789012:key/senders";

fn event(function: &str) -> Event {
    Event {
        pool: mail("").pool,
        trigger: "CustomEmailSender".to_owned(),
        function: function.to_owned(),
        event: json!({"request": {"code": null, "name": "ana"}, "function": function}),
        secret: Encrypted {
            text: "123456".to_owned(),
            at: "/request/code".to_owned(),
            key: KEY.to_owned(),
            context: [("userpool-id".to_owned(), "us-east-1_AbCdEfGhI".to_owned())].into(),
        },
    }
}

async fn send(post: &Post, delivery: &Delivery, function: &str) {
    let note = mail("ana@example.com");
    let letter = delivery.prepare_event(&post.cx(), &event(function), note).unwrap();
    let enqueued = letter.clone();
    post.store.write(move |tx| Ok(enqueued.enqueue(tx)?)).await.unwrap();
    delivery.sent(letter);
}

async fn heard(post: &Post, count: usize) {
    eventually(|| post.heard.count() == count).await;
}

async fn eventually(what: impl Fn() -> bool) {
    for _ in 0..500 {
        if what() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("it did not come to that");
}

#[tokio::test]
async fn an_event_is_told_once_with_its_secret_encrypted() {
    let post = Post::new().await;
    let (one, other) = (
        post.delivery(Route::None, Route::None),
        post.delivery(Route::None, Route::None),
    );
    send(&post, &one, QUICK).await;
    assert!(one.until_next_event().await.unwrap().is_some());
    assert_eq!(
        one.until_next(Channel::Email).await.unwrap(),
        None,
        "messages have a lane of their own"
    );
    let now = post.now();
    let waiting = post
        .store
        .read(move |r| outbox::due(r, &Lane::Function(QUICK.into()), now, 9))
        .await
        .unwrap();
    assert!(!String::from_utf8_lossy(&waiting[0].message).contains("123456"));

    let (a, b) = tokio::join!(one.tell_due(), other.tell_due());
    assert_eq!(a.unwrap() + b.unwrap(), 1);
    let told = post.heard.taken();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0]["request"]["name"], "ana");
    let code = BASE64_STANDARD
        .decode(told[0]["request"]["code"].as_str().unwrap())
        .unwrap();
    assert_eq!(code[..4], [1, 0x80, 0x03, 0x78]);
    post.advance(Duration::from_secs(24 * 3600));
    assert_eq!(one.tell_due().await.unwrap(), 0, "it left the outbox");
    assert!(one.inbox(None).await.unwrap().is_empty());
}

#[tokio::test]
async fn one_that_hangs_keeps_no_other_waiting() {
    let post = Post::new().await;
    let delivery = post.delivery(Route::None, Route::None);
    send(&post, &delivery, HANGING).await;
    let worker = delivery.clone();
    let worker = tokio::spawn(async move { worker.tell_due().await });
    heard(&post, 1).await;
    // The worker is at it, and hears of what comes meanwhile.
    send(&post, &delivery, QUICK).await;
    heard(&post, 2).await;
    worker.abort();
}

/// Issue 7 (a sender that is slow is no other pool's affair), docs/custom-senders.md: the code of a sign-in dies within minutes.
#[tokio::test]
async fn one_that_hangs_with_many_keeps_no_other_waiting() {
    let post = Post::new().await;
    let delivery = post.delivery(Route::None, Route::None);
    for _ in 0..100 {
        send(&post, &delivery, HANGING).await;
    }
    let worker = delivery.clone();
    let worker = tokio::spawn(async move { worker.tell_due().await });
    heard(&post, 32).await;
    send(&post, &delivery, QUICK).await;
    heard(&post, 33).await;
    worker.abort();
}

/// The same of several such functions: each has its share, and something is left for who comes after them.
#[tokio::test]
async fn a_few_that_hang_with_many_keep_no_other_waiting() {
    let post = Post::new().await;
    let delivery = post.delivery(Route::None, Route::None);
    for version in 1..=8 {
        for _ in 0..40 {
            send(&post, &delivery, &format!("{HANGING}:{version}")).await;
        }
    }
    send(&post, &delivery, QUICK).await;
    let worker = tokio::spawn(async move { delivery.tell_due().await });
    eventually(|| post.heard.taken().iter().any(|event| event["function"] == QUICK)).await;
    worker.abort();
}

#[tokio::test]
async fn what_a_node_had_begun_when_it_ended_is_told_by_another() {
    let post = Post::new().await;
    let delivery = post.delivery(Route::None, Route::None);
    send(&post, &delivery, HANGING).await;
    let worker = tokio::spawn(async move { delivery.tell_due().await });
    heard(&post, 1).await;
    worker.abort();
    assert!(worker.await.is_err());

    let other = post.delivery(Route::None, Route::None);
    post.advance(Duration::from_secs(119));
    assert_eq!(other.tell_due().await.unwrap(), 0);
    assert_eq!(post.heard.count(), 1, "it may be at it still");
    post.advance(Duration::from_secs(2));
    let worker = tokio::spawn(async move { other.tell_due().await });
    heard(&post, 2).await;
    worker.abort();
}

#[tokio::test]
async fn a_function_that_fails_is_given_up_after_three_times() {
    let post = Post::new().await;
    let delivery = post.delivery(Route::None, Route::None);
    send(&post, &delivery, FAILING).await;
    for times in 1..=3 {
        assert_eq!(delivery.tell_due().await.unwrap(), 0);
        assert_eq!(post.heard.count(), times);
        post.advance(Duration::from_secs(3600));
    }
    assert_eq!(delivery.tell_due().await.unwrap(), 0);
    assert_eq!(
        (post.heard.count(), delivery.until_next_event().await.unwrap()),
        (3, None)
    );
}

#[tokio::test]
async fn an_event_that_cant_be_made_harms_no_other() {
    let post = Post::new().await;
    let delivery = post.delivery(Route::None, Route::None);
    let mut wrong = event(QUICK);
    wrong.secret.at = "/request/nowhere".to_owned();
    let letter = delivery
        .prepare_event(&post.cx(), &wrong, mail("ana@example.com"))
        .unwrap();
    let enqueued = letter.clone();
    post.store.write(move |tx| Ok(enqueued.enqueue(tx)?)).await.unwrap();
    send(&post, &delivery, QUICK).await;
    assert_eq!(delivery.tell_due().await.unwrap(), 1);
}

#[tokio::test]
async fn where_messages_would_be_kept_a_note_is() {
    let post = Post::new().await;
    let delivery = post.delivery(Route::Inbox, Route::None);
    let mut arrivals = delivery.arrivals();
    send(&post, &delivery, QUICK).await;
    assert_eq!(delivery.inbox(None).await.unwrap()[0].message, mail("ana@example.com"));
    assert_eq!(
        Arc::unwrap_or_clone(arrivals.recv().await.unwrap()).message.to,
        "ana@example.com"
    );
    assert_eq!(delivery.tell_due().await.unwrap(), 1);
}

#[test]
fn debug_shows_nothing_of_what_is_told() {
    let mut event = event(QUICK);
    event.event = json!({"name": "s3cret"});
    event.secret.text = "s3cret".to_owned();
    assert!(!format!("{event:?} {:?}", event.secret).contains("s3cret"));
}

#[tokio::test]
async fn no_function_is_told_of_a_number_whose_code_is_known() {
    let post = Post::new().await;
    let number = "+12065550100";
    let delivery = post.delivery_of(Settings {
        routes: Routes {
            email: Route::Inbox,
            sms: Route::Inbox,
        },
        budgets: Budgets::default(),
        known_codes: KnownCodes {
            fixed: None,
            numbers: [(number.to_owned(), "222222".to_owned())].into(),
        },
    });
    let note = Message {
        channel: Channel::Sms,
        ..mail(number)
    };
    let letter = delivery.prepare_event(&post.cx(), &event(QUICK), note).unwrap();
    let enqueued = letter.clone();
    post.store.write(move |tx| Ok(enqueued.enqueue(tx)?)).await.unwrap();
    delivery.sent(letter);
    assert_eq!(delivery.until_next_event().await.unwrap(), None);
    assert!(delivery.inbox(None).await.unwrap().is_empty());
}
