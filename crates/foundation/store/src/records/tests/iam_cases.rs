//! IAM's entities, keys and policies.

use kernel::{AccessKeyId, AccountId};

use super::{NOW, fails, read, write};
use crate::{
    Store,
    records::{
        iam::{self, Entity, Kind, Page},
        iam_groups,
        iam_keys::{self, AccessKey},
        iam_policies::{self, Use, Version},
    },
};

fn account(n: u32) -> AccountId {
    AccountId::new(format!("{n:012}"))
}

fn entity(kind: Kind, id: &str, name: &str, path: &str) -> Entity {
    Entity {
        kind,
        id: id.to_owned(),
        name: name.to_owned(),
        path: path.to_owned(),
        created: NOW,
        version: 1,
        doc: "{}".to_owned(),
    }
}

fn after(after: &str, limit: i64) -> Page {
    Page { after: after.to_owned(), limit }
}

fn names(entities: Vec<Entity>) -> Vec<String> {
    entities.into_iter().map(|entity| entity.name).collect()
}

pub(super) async fn an_entity_changes_by_version(store: &Store) {
    let acct = account(1);
    let insert = |entity: Entity| {
        let acct = acct.clone();
        write(store, move |tx| iam::insert(tx, &acct, &entity))
    };
    let find = |kind, name: &'static str| {
        let acct = acct.clone();
        read(store, move |r| iam::find(r, &acct, kind, name))
    };
    assert!(insert(entity(Kind::Role, "AROA1", "Reader", "/")).await);
    assert!(!insert(entity(Kind::Role, "AROA2", "READER", "/app/")).await, "names are unique ignoring case");
    assert!(insert(entity(Kind::User, "AIDA1", "Reader", "/")).await, "a kind at a time");
    let role = find(Kind::Role, "reader").await.unwrap();
    assert_eq!((role.name.as_str(), role.id.as_str(), role.version), ("Reader", "AROA1", 1));

    let renamed = Entity { name: "Writer".to_owned(), path: "/app/".to_owned(), doc: "new".to_owned(), ..role.clone() };
    let update = |entity: Entity| {
        let acct = acct.clone();
        write(store, move |tx| iam::update(tx, &acct, &entity))
    };
    assert!(update(renamed.clone()).await);
    assert!(!update(renamed).await, "somebody was quicker");
    assert!(find(Kind::Role, "Reader").await.is_none());
    let writer = find(Kind::Role, "WRITER").await.unwrap();
    assert_eq!((writer.path.as_str(), writer.doc.as_str(), writer.version), ("/app/", "new", 2));
    let annotate = |entity: Entity, doc: &str| {
        let (acct, entity) = (acct.clone(), Entity { doc: doc.to_owned(), ..entity });
        write(store, move |tx| iam::annotate(tx, &acct, &entity))
    };
    assert!(!annotate(role, "stale").await, "of a version that is gone");
    assert!(annotate(writer.clone(), "noted").await);
    let noted = find(Kind::Role, "Writer").await.unwrap();
    assert_eq!((noted.doc.as_str(), noted.version), ("noted", 2), "nobody else's writing is in its way");
    let acct2 = acct.clone();
    let by_id = read(store, move |r| iam::by_id(r, &acct2, "AROA1")).await.unwrap();
    assert_eq!((by_id.kind, by_id.name.as_str()), (Kind::Role, "Writer"));
    let elsewhere = read(store, |r| iam::by_id(r, &account(2), "AROA1")).await;
    assert!(elsewhere.is_none());

    let delete = |entity: Entity| {
        let acct = acct.clone();
        write(store, move |tx| iam::delete(tx, &acct, &entity))
    };
    assert!(!delete(Entity { id: "AROA9".to_owned(), ..writer.clone() }).await, "the id says which");
    assert!(delete(writer.clone()).await);
    assert!(!delete(writer).await);
}

pub(super) async fn entities_page_by_name_beneath_a_path(store: &Store) {
    let acct = account(3);
    let fill = acct.clone();
    write(store, move |tx| {
        for (n, (name, path)) in
            [("c", "/app/"), ("B", "/app/web/"), ("a", "/"), ("d", "/apple/"), ("e", "/app/")].into_iter().enumerate()
        {
            iam::insert(tx, &fill, &entity(Kind::Role, &format!("AROA{n}"), name, path))?;
        }
        iam::insert(tx, &fill, &entity(Kind::Group, "AGPA1", "b", "/app/"))
    })
    .await;
    let list = |prefix: &'static str, page: Page| {
        let acct = acct.clone();
        read(store, move |r| iam::list(r, &acct, Kind::Role, prefix, &page))
    };
    assert_eq!(names(list("/", after("", 9)).await), ["a", "B", "c", "d", "e"]);
    assert_eq!(names(list("/app/", after("", 9)).await), ["B", "c", "e"]);
    assert_eq!(names(list("/app/", after("", 1)).await), ["B"]);
    assert_eq!(names(list("/app/", after("b", 1)).await), ["c"]);
    assert_eq!(names(list("/app", after("c", 9)).await), ["d", "e"]);
    let key = acct.clone();
    let mut counts = read(store, move |r| iam::counts(r, &key)).await;
    counts.sort_by_key(|(kind, _)| kind.as_str());
    assert_eq!(counts, [(Kind::Group, 1), (Kind::Role, 5)]);
    for (kind, n) in [(Kind::Group, 1), (Kind::Role, 5), (Kind::User, 0)] {
        let key = acct.clone();
        assert_eq!(read(store, move |r| iam::count(r, &key, kind)).await, n, "{kind:?}");
    }
}

pub(super) async fn iam_groups_have_members(store: &Store) {
    let acct = account(4);
    let fill = acct.clone();
    write(store, move |tx| {
        for (kind, id, name) in [
            (Kind::Group, "AGPA1", "one"),
            (Kind::Group, "AGPA2", "two"),
            (Kind::User, "AIDA1", "ana"),
            (Kind::User, "AIDA2", "ben"),
        ] {
            iam::insert(tx, &fill, &entity(kind, id, name, "/"))?;
        }
        for (group, member) in [("AGPA1", "AIDA1"), ("AGPA1", "AIDA1"), ("AGPA1", "AIDA2"), ("AGPA2", "AIDA1")] {
            iam_groups::add(tx, &fill, group, member)?;
        }
        iam_policies::put_inline(tx, &fill, "AGPA1", "z", "one z")?;
        iam_policies::put_inline(tx, &fill, "AGPA2", "a", "two a")?;
        iam_policies::put_inline(tx, &fill, "AIDA1", "own", "her own")
    })
    .await;
    let groups = |member: &'static str, page: Page| {
        let acct = acct.clone();
        read(store, move |r| iam_groups::groups_of(r, &acct, member, &page))
    };
    let members = |group: &'static str, page: Page| {
        let acct = acct.clone();
        read(store, move |r| iam_groups::members_of(r, &acct, group, &page))
    };
    assert_eq!(names(groups("AIDA1", after("", 9)).await), ["one", "two"]);
    assert_eq!(names(groups("AIDA1", after("AGPA1", 9)).await), ["two"]);
    assert_eq!(names(members("AGPA1", after("", 1)).await), ["ana"]);
    assert_eq!(names(members("AGPA1", after("AIDA1", 9)).await), ["ben"]);
    let key = acct.clone();
    let inlines = read(store, move |r| iam_policies::inlines_of_groups(r, &key, "AIDA1")).await;
    assert_eq!(inlines, ["one z", "two a"]);
    let remove = || {
        let acct = acct.clone();
        write(store, move |tx| iam_groups::remove(tx, &acct, "AGPA1", "AIDA1"))
    };
    assert!(remove().await);
    assert!(!remove().await);
    assert_eq!(names(groups("AIDA1", after("", 9)).await), ["two"]);
}

pub(super) async fn a_deleted_key_is_remembered(store: &Store) {
    let acct = account(5);
    let key = |id: &str, owner: &str| AccessKey {
        id: AccessKeyId::new(id),
        owner: owner.to_owned(),
        active: true,
        secret: vec![1, 0],
        created: NOW,
    };
    let insert = |key: AccessKey| {
        let acct = acct.clone();
        write(store, move |tx| iam_keys::insert(tx, &acct, &key))
    };
    let find = || {
        let acct = acct.clone();
        read(store, move |r| iam_keys::find(r, &acct, "AIDA1", &AccessKeyId::new("AKIAB")))
    };
    assert!(insert(key("AKIAB", "AIDA1")).await);
    assert!(insert(key("AKIAA", "AIDA1")).await);
    assert!(!insert(key("AKIAB", "AIDA2")).await);
    assert_eq!(find().await.map(|key| (key.active, key.secret)), Some((true, vec![1, 0])));
    let set = |owner: &'static str, active| {
        let acct = acct.clone();
        write(store, move |tx| iam_keys::set_active(tx, &acct, owner, &AccessKeyId::new("AKIAB"), active))
    };
    assert!(set("AIDA1", false).await);
    assert!(!set("AIDA2", true).await);
    assert_eq!(find().await.map(|key| key.active), Some(false));
    let all = acct.clone();
    let ids = read(store, move |r| iam_keys::of_user(r, &all, "AIDA1")).await;
    assert_eq!(ids.iter().map(|key| key.id.as_str()).collect::<Vec<_>>(), ["AKIAA", "AKIAB"]);

    let delete = || {
        let acct = acct.clone();
        write(store, move |tx| iam_keys::delete(tx, &acct, "AIDA1", &AccessKeyId::new("AKIAB")))
    };
    assert!(delete().await);
    assert!(!delete().await);
    assert!(find().await.is_none());
    let owner = read(store, |r| iam_keys::owner(r, &AccessKeyId::new("AKIAB"))).await;
    assert_eq!(owner, Some((acct.clone(), "AIDA1".to_owned())), "known for ever");
    assert!(!insert(key("AKIAB", "AIDA1")).await, "and never given again");
    assert!(read(store, |r| iam_keys::owner(r, &AccessKeyId::new("AKIAX"))).await.is_none());
}

pub(super) async fn inline_policies(store: &Store) {
    let acct = account(6);
    let fill = acct.clone();
    write(store, move |tx| {
        for (name, document) in [("b", "old"), ("a", "a"), ("b", "new"), ("B", "upper")] {
            iam_policies::put_inline(tx, &fill, "AROA1", name, document)?;
        }
        iam_policies::put_inline(tx, &fill, "AROA2", "c", "c")
    })
    .await;
    let list = |page: Page| {
        let acct = acct.clone();
        read(store, move |r| iam_policies::inlines(r, &acct, "AROA1", &page))
    };
    let pair = |name: &str, document: &str| (name.to_owned(), document.to_owned());
    assert_eq!(list(after("", 9)).await, [pair("B", "upper"), pair("a", "a"), pair("b", "new")]);
    assert_eq!(list(after("B", 1)).await, [pair("a", "a")]);
    let inline = || {
        let acct = acct.clone();
        read(store, move |r| iam_policies::inline(r, &acct, "AROA1", "b"))
    };
    let delete = || {
        let acct = acct.clone();
        write(store, move |tx| iam_policies::delete_inline(tx, &acct, "AROA1", "b"))
    };
    assert_eq!(inline().await.as_deref(), Some("new"));
    assert!(delete().await);
    assert!(!delete().await);
    assert_eq!(inline().await, None);
}

const POLICY: &str = "arn:aws:iam::000000000007:policy/own";
const MANAGED: &str = "arn:aws:iam::aws:policy/ReadOnlyAccess";

fn version(number: i64, is_default: bool) -> Version {
    Version { number, is_default, document: format!("document {number}"), created: NOW }
}

pub(super) async fn one_version_is_the_default(store: &Store) {
    let acct = account(7);
    let insert = |number, is_default| {
        let acct = acct.clone();
        write(store, move |tx| iam_policies::insert_version(tx, &acct, POLICY, &version(number, is_default)))
    };
    let standing = || {
        let acct = acct.clone();
        read(store, move |r| {
            let all: Vec<_> =
                iam_policies::versions(r, &acct, POLICY)?.into_iter().map(|v| (v.number, v.is_default)).collect();
            let default = iam_policies::default_version(r, &acct, POLICY)?;
            Ok((all, default.map(|v| v.document)))
        })
    };
    assert_eq!(standing().await, (vec![], None));
    insert(1, true).await;
    insert(2, false).await;
    assert_eq!(standing().await, (vec![(2, false), (1, true)], Some("document 1".to_owned())));
    insert(3, true).await;
    assert_eq!(standing().await, (vec![(3, true), (2, false), (1, false)], Some("document 3".to_owned())));
    let acct2 = acct.clone();
    write(store, move |tx| {
        iam_policies::set_default_version(tx, &acct2, POLICY, 2)?;
        iam_policies::delete_version(tx, &acct2, POLICY, 1)
    })
    .await;
    assert_eq!(standing().await, (vec![(3, false), (2, true)], Some("document 2".to_owned())));
    let acct2 = acct.clone();
    fails(store, move |tx| iam_policies::insert_version(tx, &acct2, POLICY, &version(3, false))).await;
}

pub(super) async fn attachments_carry_their_documents(store: &Store) {
    let acct = account(8);
    let fill = acct.clone();
    write(store, move |tx| {
        iam_policies::insert_version(tx, &fill, POLICY, &version(1, false))?;
        iam_policies::insert_version(tx, &fill, POLICY, &version(2, true))?;
        for (owner, purpose, policy) in [
            ("AIDA1", Use::Permissions, POLICY),
            ("AIDA1", Use::Permissions, POLICY),
            ("AIDA1", Use::Boundary, MANAGED),
            ("AGPA1", Use::Permissions, MANAGED),
        ] {
            iam_policies::attach(tx, &fill, owner, purpose, policy)?;
        }
        iam_groups::add(tx, &fill, "AGPA1", "AIDA1")
    })
    .await;
    let shown = |found: Vec<iam_policies::Attachment>| {
        found.into_iter().map(|a| (a.purpose, a.policy, a.document)).collect::<Vec<_>>()
    };
    let key = acct.clone();
    let own = shown(read(store, move |r| iam_policies::attachments(r, &key, "AIDA1")).await);
    let document = Some("document 2".to_owned());
    assert_eq!(own, [
        (Use::Boundary, MANAGED.to_owned(), None),
        (Use::Permissions, POLICY.to_owned(), document),
    ]);
    let key = acct.clone();
    let of_groups = shown(read(store, move |r| iam_policies::attachments_of_groups(r, &key, "AIDA1")).await);
    assert_eq!(of_groups, [(Use::Permissions, MANAGED.to_owned(), None)]);
    let boundary = || {
        let acct = acct.clone();
        read(store, move |r| iam_policies::boundary(r, &acct, "AIDA1"))
    };
    let clear = || {
        let acct = acct.clone();
        write(store, move |tx| iam_policies::clear_boundary(tx, &acct, "AIDA1"))
    };
    assert_eq!(boundary().await.as_deref(), Some(MANAGED));
    assert!(clear().await);
    assert!(!clear().await);
    assert_eq!(boundary().await, None);
    let detach = |purpose| {
        let acct = acct.clone();
        write(store, move |tx| iam_policies::detach(tx, &acct, "AIDA1", purpose, POLICY))
    };
    assert!(!detach(Use::Boundary).await);
    assert!(detach(Use::Permissions).await);
    assert!(!detach(Use::Permissions).await);
}

pub(super) async fn a_policys_uses_are_counted(store: &Store) {
    let acct = account(9);
    let fill = acct.clone();
    write(store, move |tx| {
        for (id, name) in [("AROA1", "one"), ("AROA2", "two"), ("AROA3", "three")] {
            iam::insert(tx, &fill, &entity(Kind::Role, id, name, "/"))?;
            iam_policies::attach(tx, &fill, id, Use::Permissions, MANAGED)?;
        }
        iam_policies::attach(tx, &fill, "AROA1", Use::Boundary, MANAGED)?;
        iam_policies::attach(tx, &fill, "AROA1", Use::Permissions, POLICY)
    })
    .await;
    let key = acct.clone();
    assert_eq!(read(store, move |r| iam_policies::attachment_counts(r, &key, MANAGED)).await, (3, 1));
    let key = acct.clone();
    let mut all = read(store, move |r| iam_policies::all_attachment_counts(r, &key)).await;
    all.sort_by(|a, b| (&a.0, a.1.as_str()).cmp(&(&b.0, b.1.as_str())));
    assert_eq!(all, [
        (POLICY.to_owned(), Use::Permissions, 1),
        (MANAGED.to_owned(), Use::Boundary, 1),
        (MANAGED.to_owned(), Use::Permissions, 3),
    ]);
    let entities = |purpose, page: Page| {
        let acct = acct.clone();
        read(store, move |r| iam_policies::entities_of(r, &acct, MANAGED, purpose, &page))
    };
    assert_eq!(names(entities(Use::Permissions, after("AROA1", 9)).await), ["two", "three"]);
    assert_eq!(names(entities(Use::Boundary, after("", 9)).await), ["one"]);
    let attached = |page: Page| {
        let acct = acct.clone();
        read(store, move |r| iam_policies::attached(r, &acct, "AROA1", &page))
    };
    assert_eq!(attached(after("", 9)).await, [POLICY, MANAGED]);
    assert_eq!(attached(after(POLICY, 9)).await, [MANAGED]);
}
