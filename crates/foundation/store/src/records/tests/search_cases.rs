//! The searches of ListUsers. Reference: user-pools 4.10.

use super::{numbers, pool, read, sub, user, write};
use crate::{
    Store,
    records::{
        status::Status,
        user_search::{self, Column, Term},
        users::{self, User},
    },
};

async fn fill(store: &Store, users: Vec<User>) {
    write(store, move |tx| users.iter().try_for_each(|user| users::insert(tx, user))).await;
}

fn everywhere(pool: &kernel::PoolId, n: u32, value: &str) -> User {
    let names = ["email", "phone_number", "name", "given_name", "family_name", "preferred_username"];
    let attributes: Vec<(&str, &str)> = names.into_iter().map(|name| (name, value)).collect();
    User { username: value.to_owned(), ..user(pool, n, &attributes) }
}

fn text_columns() -> impl Iterator<Item = Column> {
    Column::ALL.into_iter().filter(|column| !matches!(column, Column::Enabled | Column::Status))
}

fn has_case(column: Column) -> bool {
    column == Column::Username
}

pub(super) async fn every_column_is_searched_exactly(store: &Store) {
    let id = pool("exact");
    fill(store, vec![
        everywhere(&id, 3, "ana"),
        everywhere(&id, 1, "ana"),
        everywhere(&id, 2, "Ana"),
        everywhere(&id, 4, "anab"),
        everywhere(&pool("exact2"), 5, "ana"),
    ])
    .await;
    for column in text_columns() {
        let page = |after: String, limit| {
            read(store, move |r| user_search::equal(r, &pool("exact"), Term { column, value: "ana" }, &after, limit))
        };
        let expected: &[u32] = if has_case(column) { &[1, 3] } else { &[1, 2, 3] };
        assert_eq!(numbers(&page(String::new(), 9).await), expected, "{column:?}");
        assert_eq!(numbers(&page(String::new(), 1).await), [1], "{column:?}");
        assert_eq!(numbers(&page(sub(1).to_string(), 9).await), expected[1..], "{column:?}");
    }
}

/// The order is that of UTF-8 bytes; a page begins behind the last pair of value and sub.
pub(super) async fn a_prefix_is_searched_in_byte_order(store: &Store) {
    let id = pool("prefix");
    let values = ["zoë", "zo", "zoe", "Zoe", "zo\u{10000}", "zo\u{ffff}", "zoe", "zp", "zn", "z"];
    fill(store, values.iter().zip(1..).map(|(value, n)| everywhere(&id, n, value)).collect()).await;
    for column in text_columns() {
        let expected: &[u32] = if has_case(column) { &[2, 3, 7, 1, 6, 5] } else { &[2, 3, 4, 7, 1, 6, 5] };
        let page = |after: (String, String), limit| {
            read(store, move |r| {
                user_search::beginning(r, &pool("prefix"), Term { column, value: "zo" }, (&after.0, &after.1), limit)
            })
        };
        assert_eq!(numbers(&page((String::new(), String::new()), 99).await), expected, "{column:?}");
        let (mut seen, mut after) = (Vec::new(), (String::new(), String::new()));
        loop {
            let found = page(after, 2).await;
            let Some(last) = found.last() else { break };
            // Each searched column holds what the username does, attributes' without case.
            let place = if has_case(column) { last.username.clone() } else { crate::records::folding::folded(&last.username) };
            after = (place, last.sub.to_string());
            seen.extend(numbers(&found));
        }
        assert_eq!(seen, expected, "{column:?}");
        let all = read(store, move |r| user_search::beginning(r, &pool("prefix"), Term { column, value: "" }, ("", ""), 99)).await;
        assert_eq!(all.len(), values.len(), "{column:?}: everybody begins with nothing");
    }
}

pub(super) async fn statuses_are_searched_as_they_are_spelled(store: &Store) {
    let id = pool("status");
    let statuses = [Status::Unconfirmed, Status::Confirmed, Status::ForceChangePassword, Status::Confirmed];
    fill(store, statuses.into_iter().zip(1..).map(|(status, n)| User { status, ..user(&id, n, &[]) }).collect()).await;
    for (value, expected) in [("CONFIRMED", &[2, 4][..]), ("UNCONFIRMED", &[1]), ("confirmed", &[]), ("CONF", &[])] {
        let page = |after: String, limit| {
            read(store, move |r| user_search::equal(r, &pool("status"), Term { column: Column::Status, value }, &after, limit))
        };
        assert_eq!(numbers(&page(String::new(), 9).await), expected, "{value}");
        if let [first, rest @ ..] = expected {
            assert_eq!(numbers(&page(String::new(), 1).await), [*first], "{value}");
            assert_eq!(numbers(&page(sub(*first).to_string(), 9).await), rest, "{value}");
        }
    }
    for (value, expected) in [("", &[2, 4, 3, 1][..]), ("C", &[2, 4]), ("c", &[]), ("UN", &[1])] {
        let page = |after: (String, String), limit| {
            read(store, move |r| {
                user_search::beginning(r, &pool("status"), Term { column: Column::Status, value }, (&after.0, &after.1), limit)
            })
        };
        let (mut seen, mut after) = (Vec::new(), (String::new(), String::new()));
        loop {
            let found = page(after, 1).await;
            let Some(last) = found.last() else { break };
            after = (last.status.to_string(), last.sub.to_string());
            seen.extend(numbers(&found));
        }
        assert_eq!(seen, expected, "{value}");
    }
}

pub(super) async fn enabled_is_no_text(store: &Store) {
    let id = pool("enabled");
    let off = User { enabled: false, ..user(&id, 2, &[]) };
    fill(store, vec![user(&id, 1, &[]), off]).await;
    for (word, expected) in [("Enabled", 1), ("Disabled", 2)] {
        let found = read(store, move |r| user_search::equal(r, &pool("enabled"), Term { column: Column::Enabled, value: word }, "", 9)).await;
        assert_eq!(numbers(&found), [expected], "{word}");
    }
    let begins = read(store, |r| user_search::beginning(r, &pool("enabled"), Term { column: Column::Enabled, value: "E" }, ("", ""), 9)).await;
    assert!(begins.is_empty());
}

pub(super) async fn subs_by_prefix(store: &Store) {
    let id = pool("subs");
    fill(store, [100, 101, 110, 200].into_iter().map(|n| user(&id, n, &[])).collect()).await;
    let page = |after: String, limit| {
        read(store, move |r| user_search::sub_beginning(r, &pool("subs"), "0000010", &after, limit))
    };
    assert_eq!(numbers(&page(String::new(), 9).await), [100, 101]);
    assert_eq!(numbers(&page(sub(100).to_string(), 9).await), [101]);
}
