//! Messages on their way, messages that are kept, and who does the work in the background.

use super::{NOW, later, pool, read, write};
use crate::{
    Store,
    records::{
        jobs::{self, JobRow},
        message_budgets,
        outbox::{self, Lane, Waiting},
    },
};

fn waiting(id: &str, due: i64) -> Waiting {
    Waiting { pool: pool("outbox"), id: id.to_owned(), message: vec![0, 1], attempts: 0, due: later(due), created: NOW }
}

pub(super) async fn a_message_is_claimed_once(store: &Store) {
    let next = |lane| read(store, move |r| outbox::next_due(r, &lane));
    assert_eq!(next(Lane::Mails).await, None);
    for (id, due) in [("later", 60), ("second", 5), ("first", 0)] {
        write(store, move |tx| outbox::insert(tx, &Lane::Mails, &waiting(id, due))).await;
    }
    let due = |seconds, limit| read(store, move |r| outbox::due(r, &Lane::Mails, later(seconds), limit));
    let ids = |found: Vec<Waiting>| found.into_iter().map(|one| one.id).collect::<Vec<_>>();
    assert_eq!(next(Lane::Mails).await, Some(NOW));
    assert_eq!(ids(due(5, 9).await), ["first", "second"]);
    assert_eq!(ids(due(60, 1).await), ["first"]);

    let claim = |one: Waiting, until| write(store, move |tx| outbox::claim(tx, &one, later(until)));
    assert!(claim(waiting("first", 0), 30).await);
    assert!(!claim(waiting("first", 0), 30).await, "another node was quicker");
    assert_eq!(ids(due(29, 9).await), ["second"]);
    let again = due(30, 9).await;
    let first = again.iter().find(|one| one.id == "first").unwrap();
    assert_eq!((first.attempts, first.message.as_slice()), (1, [0, 1].as_slice()), "should that node never come back");

    let postpone = |claimed, to| {
        write(store, move |tx| outbox::postpone(tx, &pool("outbox"), "first", later(claimed), later(to)))
    };
    postpone(29, 90).await;
    assert_eq!(ids(due(30, 9).await), ["second", "first"], "only while the claim holds");
    postpone(30, 90).await;
    assert_eq!(ids(due(89, 9).await), ["second", "later"]);
    for id in ["first", "second", "later"] {
        write(store, move |tx| outbox::remove(tx, &pool("outbox"), id)).await;
    }
    assert!(due(1000, 9).await.is_empty());
}

pub(super) async fn a_budget_is_of_its_window(store: &Store) {
    let taken = |channel: &'static str, since| {
        read(store, move |r| message_budgets::taken(r, &pool("budget"), channel, later(since)))
    };
    let put = |since, taken| {
        write(store, move |tx| message_budgets::put(tx, &pool("budget"), "sms", later(since), taken))
    };
    assert_eq!(taken("sms", 0).await, 0);
    put(0, 3).await;
    assert_eq!([taken("sms", 0).await, taken("sms", 3600).await, taken("email", 0).await], [3, 0, 0]);
    put(3600, 1).await;
    assert_eq!([taken("sms", 0).await, taken("sms", 3600).await], [0, 1]);
}

pub(super) async fn a_lane_is_its_own(store: &Store) {
    let function = |arn: &str| Lane::Function(arn.into());
    let lanes = [
        (Lane::Mails, "mail", 5),
        (Lane::Texts, "text", 7),
        (function("b"), "event", 0),
        (function("a"), "other", 9),
    ];
    for (lane, id, due) in lanes.clone() {
        write(store, move |tx| outbox::insert(tx, &lane, &waiting(id, due))).await;
    }
    write(store, move |tx| outbox::insert(tx, &function("a"), &waiting("another", 70))).await;
    assert_eq!(read(store, |r| outbox::functions(r)).await, [function("a"), function("b")]);
    for (lane, id, due) in lanes {
        let of = lane.clone();
        assert_eq!(read(store, move |r| outbox::next_due(r, &of)).await, Some(later(due)));
        let found = read(store, move |r| outbox::due(r, &lane, later(60), 9)).await;
        assert_eq!(found.into_iter().map(|one| one.id).collect::<Vec<_>>(), [id]);
        write(store, move |tx| outbox::remove(tx, &pool("outbox"), id)).await;
    }
    assert_eq!(read(store, |r| outbox::functions(r)).await, [function("a")]);
    write(store, move |tx| outbox::remove(tx, &pool("outbox"), "another")).await;
}

pub(super) async fn the_inbox_is_newest_first(store: &Store) {
    for id in ["1", "3", "2"] {
        write(store, move |tx| outbox::keep(tx, id, id.as_bytes(), NOW)).await;
    }
    let kept = |before: &'static str, limit| read(store, move |r| outbox::kept(r, before, limit));
    let ids = |found: Vec<(String, Vec<u8>, kernel::Timestamp)>| found.into_iter().map(|one| one.0).collect::<Vec<_>>();
    assert_eq!(ids(kept("", 2).await), ["3", "2"]);
    assert_eq!(ids(kept("2", 2).await), ["1"]);
    assert_eq!(kept("2", 1).await, [("1".to_owned(), b"1".to_vec(), NOW)]);
}

pub(super) async fn a_job_is_one_nodes(store: &Store) {
    let find = || read(store, |r| jobs::find(r, "sweep"));
    assert_eq!(find().await, None);
    for (holder, until) in [("a", later(1)), ("b", later(2))] {
        write(store, move |tx| jobs::hold(tx, "sweep", holder, until)).await;
    }
    let mut job = JobRow { name: "sweep".into(), holder: "b".into(), held_until: later(2), ran_at: None, error: None };
    assert_eq!(find().await.as_ref(), Some(&job));
    assert!(!write(store, |tx| jobs::renew(tx, "sweep", "a", later(9))).await);
    write(store, |tx| jobs::end(tx, "sweep", "a", later(9), None)).await;
    assert!(write(store, |tx| jobs::renew(tx, "sweep", "b", later(3))).await);
    job.held_until = later(3);
    assert_eq!(find().await.as_ref(), Some(&job));
    write(store, |tx| jobs::end(tx, "sweep", "b", later(4), Some("disk full"))).await;
    job = JobRow { held_until: later(4), ran_at: Some(later(4)), error: Some("disk full".into()), ..job };
    assert_eq!(find().await, Some(job));
}
