//! Messages from the transaction to the reader: the inbox, and the outbox with a mail server that says what it is told to.

mod budgets;
mod events;
mod function;
mod mail_server;
mod mails;
mod providers;
mod web_server;

use std::{ops::Deref, sync::Arc, time::Duration};

use kernel::PoolId;
use store::{
    StoreError,
    records::outbox::{self, Lane, Waiting},
};
use testkit::World;
use triggers::Triggers;

use crate::{Budgets, Channel, Delivery, Encryption, KnownCodes, Message, Route, Routes, Settings, Smtp, SmtpSettings};
use function::Heard;
use mail_server::{MailServer, Script};

/// A world that sends messages, and tells functions.
struct Post {
    world: World,
    triggers: Triggers,
    heard: Heard,
}

impl Deref for Post {
    type Target = World;

    fn deref(&self) -> &World {
        &self.world
    }
}

impl Post {
    async fn new() -> Self {
        Self::over(World::new().await).await
    }

    async fn over(world: World) -> Self {
        let (triggers, heard) = function::functions(&world).await;
        Self { world, triggers, heard }
    }

    fn delivery(&self, email: Route, sms: Route) -> Delivery {
        self.delivery_of(Settings {
            routes: Routes { email, sms },
            budgets: Budgets::default(),
            known_codes: KnownCodes::default(),
        })
    }

    fn delivery_of(&self, settings: Settings) -> Delivery {
        Delivery::new(
            self.store.clone(),
            Arc::clone(&self.keyring),
            Arc::clone(&self.env),
            settings,
            self.triggers.clone(),
        )
    }

    async fn send(&self, delivery: &Delivery, message: Message) {
        let letter = delivery.prepare(&self.cx(), message).await.unwrap();
        let enqueued = letter.clone();
        self.store.write(move |tx| Ok(enqueued.enqueue(tx)?)).await.unwrap();
        delivery.sent(letter);
    }
}

fn mail(to: &str) -> Message {
    Message {
        pool: PoolId::new("us-east-1_AbCdEfGhI"),
        channel: Channel::Email,
        to: to.to_owned(),
        subject: Some("Your verification code".to_owned()),
        body: "Your confirmation code is 123456".to_owned(),
        html: false,
        code: Some("123456".to_owned()),
        link: None,
        from: None,
        reply_to: None,
    }
}

fn smtp(server: &MailServer) -> Route {
    let settings = SmtpSettings {
        host: "127.0.0.1".to_owned(),
        port: server.port,
        encryption: Encryption::None,
        credentials: None,
        from: "Poolhouse <no-reply@example.com>".to_owned(),
    };
    Route::Smtp(Arc::new(Smtp::new(settings).unwrap()))
}

#[tokio::test]
async fn the_inbox_keeps_messages_newest_first_and_by_recipient() {
    let post = Post::new().await;
    let delivery = post.delivery(Route::Inbox, Route::Inbox);
    let mut arrivals = delivery.arrivals();
    post.send(&delivery, mail("ana@example.com")).await;
    post.advance(Duration::from_secs(1));
    post.send(
        &delivery,
        Message {
            channel: Channel::Sms,
            subject: None,
            ..mail("+12065550100")
        },
    )
    .await;

    let all = delivery.inbox(None).await.unwrap();
    assert_eq!(
        all.iter().map(|kept| kept.message.to.as_str()).collect::<Vec<_>>(),
        ["+12065550100", "ana@example.com"]
    );
    let hers = delivery.inbox(Some("ANA@example.com")).await.unwrap();
    assert_eq!(hers.len(), 1);
    assert_eq!(hers[0].message, mail("ana@example.com"));
    assert_eq!(arrivals.recv().await.unwrap().message, mail("ana@example.com"));
}

#[tokio::test]
async fn without_a_way_to_send_the_message_is_refused_before_anything_is_stored() {
    let post = Post::new().await;
    let delivery = post.delivery(Route::None, Route::None);
    let cx = post.cx();
    for channel in [Channel::Email, Channel::Sms] {
        let refused = delivery.prepare(
            &cx,
            Message {
                channel,
                ..mail("ana@example.com")
            },
        );
        assert_eq!(refused.await.err().unwrap().code().0, "CodeDeliveryFailureException");
    }
}

#[tokio::test]
async fn a_mail_is_sent_once_whole_and_by_whoever_claims_it() {
    let post = Post::new().await;
    let server = MailServer::start(Script::Accept).await;
    let (one, other) = (
        post.delivery(smtp(&server), Route::None),
        post.delivery(smtp(&server), Route::None),
    );
    post.send(&one, mail("ana@example.com")).await;

    let (a, b) = tokio::join!(one.deliver_due(Channel::Email), other.deliver_due(Channel::Email));
    assert_eq!(a.unwrap() + b.unwrap(), 1);
    let received = server.received();
    assert_eq!(received.len(), 1);
    assert_eq!(received[0].recipients, ["<ana@example.com>"]);
    assert!(received[0].data.contains("Subject: Your verification code"));
    assert!(
        received[0].data.contains("From: \"Poolhouse\" <no-reply@example.com>")
            || received[0].data.contains("From: Poolhouse <no-reply@example.com>")
    );
    assert!(received[0].data.contains("Your confirmation code is 123456"));
    post.advance(Duration::from_secs(24 * 3600));
    assert_eq!(one.deliver_due(Channel::Email).await.unwrap(), 0, "it left the outbox");
}

#[tokio::test]
async fn the_message_says_whether_it_is_html() {
    let post = Post::new().await;
    let server = MailServer::start(Script::Accept).await;
    let delivery = post.delivery(smtp(&server), Route::None);
    for (html, kind) in [(false, "text/plain"), (true, "text/html")] {
        let body = "Your username is <b> and your code 123456".to_owned();
        let message = Message {
            body,
            html,
            ..mail("ana@example.com")
        };
        post.send(&delivery, message).await;
        assert_eq!(delivery.deliver_due(Channel::Email).await.unwrap(), 1);
        let data = server.received().pop().unwrap().data;
        assert!(data.contains(&format!("Content-Type: {kind}; charset=utf-8")), "{data}");
    }
}

#[tokio::test]
async fn a_server_that_is_busy_is_tried_again_later() {
    let post = Post::new().await;
    let server = MailServer::start(Script::BusyOnce).await;
    let delivery = post.delivery(smtp(&server), Route::None);
    post.send(&delivery, mail("ana@example.com")).await;

    assert_eq!(delivery.deliver_due(Channel::Email).await.unwrap(), 0);
    post.advance(Duration::from_secs(29));
    assert_eq!(
        delivery.deliver_due(Channel::Email).await.unwrap(),
        0,
        "not before the pause is over"
    );
    post.advance(Duration::from_secs(2));
    assert_eq!(delivery.deliver_due(Channel::Email).await.unwrap(), 1);
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn what_a_server_refuses_for_good_is_given_up() {
    let post = Post::new().await;
    let server = MailServer::start(Script::Refuse).await;
    let delivery = post.delivery(smtp(&server), Route::None);
    post.send(&delivery, mail("ana@example.com")).await;
    post.send(&delivery, mail("no address")).await;
    assert_eq!(delivery.deliver_due(Channel::Email).await.unwrap(), 0);
    post.advance(Duration::from_secs(48 * 3600));
    assert_eq!(delivery.deliver_due(Channel::Email).await.unwrap(), 0);
    assert_eq!(
        server.attempts(),
        1,
        "the refused one was not tried again, the other never left"
    );
}

#[tokio::test]
async fn a_message_survives_a_restart_and_a_rollback_leaves_none() {
    let post = Post::new().await;
    let server = MailServer::start(Script::Accept).await;
    let delivery = post.delivery(smtp(&server), Route::None);
    let rolled_back = delivery.prepare(&post.cx(), mail("ana@example.com")).await.unwrap();
    let failed = post
        .store
        .write(move |tx| {
            rolled_back.enqueue(tx)?;
            Err::<(), _>(StoreError::Closed.into())
        })
        .await;
    assert!(failed.is_err());
    post.send(&delivery, mail("ben@example.com")).await;
    drop(delivery);

    let post = Post::over(post.world.reopened().await).await;
    let restarted = post.delivery(smtp(&server), Route::None);
    assert_eq!(restarted.deliver_due(Channel::Email).await.unwrap(), 1);
    assert_eq!(server.received()[0].recipients, ["<ben@example.com>"]);
}

/// As of events: a keyring that lacks a version may get it back.
#[tokio::test]
async fn a_message_that_cant_be_read_harms_no_other_and_waits() {
    let post = Post::new().await;
    let server = MailServer::start(Script::Accept).await;
    let delivery = post.delivery(smtp(&server), Route::None);
    let now = post.now();
    let unreadable = Waiting {
        pool: mail("").pool,
        id: "0".to_owned(),
        message: b"sealed by a key that is not there".to_vec(),
        attempts: 0,
        due: now,
        created: now,
    };
    let put = post
        .store
        .write(move |tx| Ok(outbox::insert(tx, &Lane::Mails, &unreadable)?));
    put.await.unwrap();
    post.send(&delivery, mail("ana@example.com")).await;
    assert_eq!(delivery.deliver_due(Channel::Email).await.unwrap(), 1);
    assert!(delivery.until_next(Channel::Email).await.unwrap() < Some(Duration::from_secs(60)));
}
