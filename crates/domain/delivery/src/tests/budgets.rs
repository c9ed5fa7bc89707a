//! How many messages a pool may send, and numbers that get none.

use std::{collections::BTreeMap, num::NonZeroU32, time::Duration};

use kernel::PoolId;
use store::records::message_budgets;

use super::{Post, mail};
use crate::{Budgets, Channel, Delivery, KnownCodes, Message, Route, Routes, Settings};

fn text() -> Message {
    Message {
        channel: Channel::Sms,
        ..mail("+12065550100")
    }
}

fn node(post: &Post, mails_per_day: u32, texts_per_hour: u32) -> Delivery {
    post.delivery_of(Settings {
        routes: Routes {
            email: Route::Inbox,
            sms: Route::Inbox,
        },
        budgets: Budgets {
            mails_per_day: NonZeroU32::new(mails_per_day),
            texts_per_hour: NonZeroU32::new(texts_per_hour),
        },
        known_codes: KnownCodes::default(),
    })
}

/// Sends until it may not; how many went out, and the last answer.
async fn spend(post: &Post, node: &Delivery, message: &Message) -> (usize, String) {
    for sent in 0.. {
        match node.prepare(&post.cx(), message.clone()).await {
            Ok(letter) => node.sent(letter),
            Err(error) => return (sent, error.to_string()),
        }
    }
    unreachable!("no budget ends")
}

#[tokio::test]
async fn a_pool_sends_as_many_as_it_may_and_again_in_the_next_window() {
    // 12:00:00 UTC.
    let post = Post::new().await;
    let node = node(&post, 3, 2);
    let (mails, told) = spend(&post, &node, &mail("ana@example.com")).await;
    assert_eq!(mails, 3);
    assert_eq!(
        told,
        "LimitExceededException: Exceeded daily email limit for the operation or the account. If a higher limit is required, \
         please configure your user pool to use your own Amazon SES configuration for sending email."
    );
    let (texts, told) = spend(&post, &node, &text()).await;
    assert_eq!(texts, 2);
    assert_eq!(
        told,
        "LimitExceededException: Exceeded hourly SMS limit for the operation or the account."
    );

    post.advance(Duration::from_secs(3599));
    assert_eq!(spend(&post, &node, &text()).await.0, 0);
    post.advance(Duration::from_secs(1));
    assert_eq!(spend(&post, &node, &text()).await.0, 2, "a new hour");
    assert_eq!(spend(&post, &node, &mail("a@b")).await.0, 0);
    post.advance(Duration::from_secs(20 * 3600));
    assert_eq!(spend(&post, &node, &mail("a@b")).await.0, 3, "it is nine o'clock");
}

#[tokio::test]
async fn pools_and_channels_have_budgets_of_their_own_and_without_one_there_is_no_end() {
    let post = Post::new().await;
    let node = node(&post, 0, 1);
    assert_eq!(spend(&post, &node, &text()).await.0, 1);
    let other = Message {
        pool: PoolId::new("us-east-1_Other"),
        ..text()
    };
    assert_eq!(spend(&post, &node, &other).await.0, 1);
    for _ in 0..100 {
        node.prepare(&post.cx(), mail("a@b")).await.unwrap();
    }
}

#[tokio::test]
async fn a_letter_that_is_not_sent_costs_nothing() {
    let post = Post::new().await;
    let node = node(&post, 1, 0);
    for _ in 0..5 {
        let letter = node.prepare(&post.cx(), mail("a@b")).await.unwrap();
        drop((letter.clone(), letter));
    }
    assert_eq!(spend(&post, &node, &mail("a@b")).await.0, 1);
    // What is given back after its window is of no use to the next.
    post.advance(Duration::from_secs(24 * 3600));
    let late = node.prepare(&post.cx(), mail("a@b")).await.unwrap();
    post.advance(Duration::from_secs(24 * 3600));
    let present = node.prepare(&post.cx(), mail("a@b")).await.unwrap();
    drop(late);
    node.sent(present);
    assert_eq!(spend(&post, &node, &mail("a@b")).await.0, 0);
}

/// Whatever comes of it, together they send no more than one may; what a node took is lost with it.
#[tokio::test]
async fn nodes_share_a_budget() {
    const BUDGET: usize = 1280;
    let post = Post::new().await;
    let budget = u32::try_from(BUDGET).unwrap();
    let (one, other, stopped) = (node(&post, budget, 0), node(&post, budget, 0), node(&post, budget, 0));
    let message = mail("a@b");
    stopped.sent(stopped.prepare(&post.cx(), message.clone()).await.unwrap());
    drop(stopped);
    let ((a, _), (b, _)) = tokio::join!(spend(&post, &one, &message), spend(&post, &other, &message));
    assert_eq!(a + b, BUDGET - BUDGET / 64, "but for the share of the one that stopped");
    assert!(a > 0 && b > 0);

    let post = Post::over(post.world.reopened().await).await;
    let restarted = node(&post, budget, 0);
    assert_eq!(spend(&post, &restarted, &message).await.0, 0, "it survives a restart");
    let taken = post.store.read(|r| {
        let pool = PoolId::new("us-east-1_AbCdEfGhI");
        let nine = kernel::Timestamp::from_secs(1_768_467_600);
        message_budgets::taken(r, &pool, "email", nine)
    });
    assert_eq!(usize::try_from(taken.await.unwrap()).unwrap(), BUDGET);
}

#[tokio::test]
async fn nothing_goes_to_a_number_whose_code_is_known() {
    let post = Post::new().await;
    let numbers = BTreeMap::from([("+12065550100".to_owned(), "222222".to_owned())]);
    let delivery = post.delivery_of(Settings {
        routes: Routes {
            email: Route::Inbox,
            sms: Route::None,
        },
        budgets: Budgets {
            mails_per_day: None,
            texts_per_hour: NonZeroU32::new(1),
        },
        known_codes: KnownCodes { fixed: None, numbers },
    });
    for _ in 0..3 {
        post.send(&delivery, text()).await;
    }
    assert_eq!(delivery.inbox(None).await.unwrap().len(), 0);
    assert_eq!(
        delivery.until_next(Channel::Sms).await.unwrap(),
        None,
        "nothing waits either"
    );
    let other = Message {
        to: "+12065550101".to_owned(),
        ..text()
    };
    let refused = delivery.prepare(&post.cx(), other).await.err().unwrap();
    assert_eq!(refused.code().0, "CodeDeliveryFailureException");
}
