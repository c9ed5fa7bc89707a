//! Groups and their members.

use super::{NOW, later, numbers, pool, read, sub, user, write};
use crate::{
    Store,
    records::{
        groups::{self, Group},
        users,
    },
};

pub(super) fn group(name: &str) -> Group {
    Group {
        name: name.to_owned(),
        description: Some("those who work here".to_owned()),
        role_arn: None,
        precedence: Some(5),
        created: NOW,
        modified: NOW,
    }
}

fn names(groups: &[Group]) -> Vec<&str> {
    groups.iter().map(|group| group.name.as_str()).collect()
}

pub(super) async fn a_group_is_kept_as_written(store: &Store) {
    let insert = || write(store, |tx| groups::insert(tx, &pool("group"), &group("staff")));
    assert!(insert().await);
    assert!(!insert().await);
    let changed = Group {
        description: None,
        role_arn: Some("arn:aws:iam::000000000000:role/staff".to_owned()),
        precedence: Some(0),
        modified: later(1),
        created: later(9),
        ..group("staff")
    };
    let absent = Group { name: "nobody".to_owned(), ..changed.clone() };
    assert!(write(store, move |tx| groups::update(tx, &pool("group"), &changed)).await);
    assert!(!write(store, move |tx| groups::update(tx, &pool("group"), &absent)).await);
    let found = read(store, |r| groups::find(r, &pool("group"), "staff")).await.unwrap();
    assert_eq!((found.description, found.precedence), (None, Some(0)));
    assert_eq!(found.role_arn.as_deref(), Some("arn:aws:iam::000000000000:role/staff"));
    assert_eq!((found.created, found.modified), (NOW, later(1)), "never created twice");
    assert!(read(store, |r| groups::find(r, &pool("group"), "Staff")).await.is_none());

    for name in ["b", "a", "ä"] {
        write(store, move |tx| groups::insert(tx, &pool("group"), &group(name))).await;
    }
    assert_eq!(names(&read(store, |r| groups::list(r, &pool("group"), "", 2)).await), ["a", "b"]);
    assert_eq!(names(&read(store, |r| groups::list(r, &pool("group"), "b", 9)).await), ["staff", "ä"]);
}

pub(super) async fn groups_and_members_are_joined(store: &Store) {
    let id = pool("members");
    write(store, move |tx| {
        for n in 1..=3 {
            users::insert(tx, &user(&id, n, &[]))?;
        }
        for name in ["b", "a", "c"] {
            groups::insert(tx, &id, &group(name))?;
        }
        for (name, n) in [("a", 2), ("a", 1), ("a", 3), ("b", 1), ("c", 1), ("a", 1)] {
            groups::add_member(tx, &id, name, &sub(n))?;
        }
        Ok(())
    })
    .await;
    let of_user = |n, after: &'static str, limit| {
        read(store, move |r| groups::of_user(r, &pool("members"), &sub(n), after, limit))
    };
    let members = |name: &'static str, after: String, limit| {
        read(store, move |r| groups::members(r, &pool("members"), name, &after, limit))
    };
    assert_eq!(names(&of_user(1, "", 9).await), ["a", "b", "c"]);
    assert_eq!(names(&of_user(1, "a", 1).await), ["b"]);
    assert_eq!(of_user(1, "", 1).await[0].precedence, Some(5), "with what the group says");
    let others = |name: &'static str| read(store, move |r| groups::count_others(r, &pool("members"), name, &sub(1)));
    assert_eq!((others("a").await, others("d").await), (2, 3));
    assert_eq!(numbers(&members("a", String::new(), 2).await), [1, 2]);
    assert_eq!(numbers(&members("a", sub(2).to_string(), 2).await), [3]);
    write(store, |tx| groups::remove_member(tx, &pool("members"), "a", &sub(1))).await;
    assert_eq!(names(&of_user(1, "", 9).await), ["b", "c"]);
    assert_eq!(numbers(&members("a", String::new(), 9).await), [2, 3]);
}

pub(super) async fn a_deleted_group_has_no_members(store: &Store) {
    let id = pool("gdelete");
    write(store, move |tx| {
        users::insert(tx, &user(&id, 1, &[]))?;
        for name in ["a", "b"] {
            groups::insert(tx, &id, &group(name))?;
            groups::add_member(tx, &id, name, &sub(1))?;
        }
        Ok(())
    })
    .await;
    let delete = || write(store, |tx| groups::delete(tx, &pool("gdelete"), "a"));
    assert!(delete().await);
    assert!(!delete().await);
    write(store, |tx| groups::insert(tx, &pool("gdelete"), &group("a"))).await;
    let left = read(store, |r| groups::of_user(r, &pool("gdelete"), &sub(1), "", 9)).await;
    assert_eq!(names(&left), ["b"], "a new group of the name has nobody");
}
