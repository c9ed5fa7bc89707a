//! Buckets, objects and uploads.

use super::{read, write};
use crate::{
    Store,
    records::objects::{self, BucketRow, ObjectRow, PartRow, UploadRow, WholeObject},
};

fn bucket(account: &str, name: &str) -> BucketRow {
    BucketRow {
        account: account.to_owned(),
        name: name.to_owned(),
        region: "eu-west-1".to_owned(),
        created_at: 1,
        settings: "{}".to_owned(),
        version: 1,
    }
}

fn object(key: &str, content: &str) -> ObjectRow {
    ObjectRow {
        key: key.to_owned(),
        size: 3,
        etag: "etag".to_owned(),
        modified_at: 2,
        content: content.to_owned(),
        doc: "{}".to_owned(),
    }
}

pub(super) async fn a_bucket_name_has_one_owner(store: &Store) {
    let claim = |account: &'static str| write(store, move |tx| objects::claim_bucket_name(tx, "photos", account));
    assert_eq!(claim("one").await, "one");
    assert_eq!(claim("two").await, "one");
    assert_eq!(read(store, |r| objects::bucket(r, "photos")).await, None, "a name without a bucket is none");
    let insert = |row: BucketRow| write(store, move |tx| objects::insert_bucket(tx, &row));
    assert!(insert(bucket("one", "photos")).await);
    assert!(!insert(bucket("one", "photos")).await);
    assert_eq!(read(store, |r| objects::bucket(r, "photos")).await, Some(bucket("one", "photos")));
    let set = |version, settings: &'static str| {
        write(store, move |tx| objects::set_bucket_settings(tx, "one", "photos", version, settings))
    };
    assert!(set(1, "new").await);
    assert!(!set(1, "late").await);
    let found = read(store, |r| objects::bucket(r, "photos")).await.unwrap();
    assert_eq!((found.settings.as_str(), found.version), ("new", 2));

    for name in ["Albums", "zoo"] {
        insert(bucket("one", name)).await;
    }
    let insert_in = |name, region: &str| {
        let row = BucketRow { region: region.to_owned(), ..bucket("one", name) };
        write(store, move |tx| objects::insert_bucket(tx, &row))
    };
    assert!(insert_in("south", "us-east-1").await);
    let of_region = |region: &'static str, from: &'static str, limit| {
        read(store, move |r| objects::buckets_of(r, "one", region, from, limit))
    };
    let names = |from: &'static str, limit| of_region("", from, limit);
    let listed = |rows: Vec<BucketRow>| rows.into_iter().map(|row| row.name).collect::<Vec<_>>();
    assert_eq!(listed(names("", 9).await), ["Albums", "photos", "south", "zoo"]);
    assert_eq!(listed(of_region("us-east-1", "", 9).await), ["south"]);
    assert_eq!(listed(of_region("eu-west-1", "photos", 2).await), ["photos", "zoo"], "others do not fill the page");
    assert_eq!(listed(names("photos", 1).await), ["photos"], "from the name on");

    write(store, |tx| objects::delete_bucket(tx, "two", "photos")).await;
    assert!(read(store, |r| objects::bucket(r, "photos")).await.is_some());
    write(store, |tx| objects::delete_bucket(tx, "one", "photos")).await;
    assert_eq!(claim("two").await, "two", "the name is free");
}

pub(super) async fn objects_page_by_key(store: &Store) {
    assert!(!read(store, |r| objects::bucket_has_objects(r, "keys")).await);
    for key in ["b/é", "a", "b/e", "b/\u{10000}", "b/\u{ffff}", "B"] {
        write(store, move |tx| objects::put_object(tx, "keys", &object(key, "file"))).await;
    }
    assert!(read(store, |r| objects::bucket_has_objects(r, "keys")).await);
    let keys = |from: &'static str, limit| read(store, move |r| objects::objects_from(r, "keys", from, limit));
    let listed = |rows: Vec<ObjectRow>| rows.into_iter().map(|row| row.key).collect::<Vec<_>>();
    assert_eq!(listed(keys("", 9).await), ["B", "a", "b/e", "b/é", "b/\u{ffff}", "b/\u{10000}"]);
    assert_eq!(listed(keys("b/e", 2).await), ["b/e", "b/é"], "from the key on");

    let newer = ObjectRow { size: 9, etag: "other".to_owned(), modified_at: 8, ..object("a", "newer") };
    let put = newer.clone();
    write(store, move |tx| objects::put_object(tx, "keys", &put)).await;
    assert_eq!(read(store, |r| objects::object(r, "keys", "a")).await, Some(newer));
    let set = |content: &'static str| write(store, move |tx| objects::set_object_doc(tx, "keys", "a", content, "tags"));
    assert!(!set("file").await, "it is another object by now");
    assert!(set("newer").await);
    assert_eq!(read(store, |r| objects::object(r, "keys", "a")).await.unwrap().doc, "tags");
    write(store, |tx| objects::delete_object(tx, "keys", "a")).await;
    assert_eq!(read(store, |r| objects::object(r, "keys", "a")).await, None);
    assert_eq!(read(store, |r| objects::object(r, "keys2", "b/e")).await, None);
}

pub(super) async fn contents_are_listed_by_range(store: &Store) {
    for id in ["c1", "c3", "c2", "c1"] {
        write(store, move |tx| objects::add_content(tx, id, None)).await;
    }
    let between = |from: &'static str, to: &'static str| read(store, move |r| objects::contents_between(r, from, to));
    assert_eq!(between("c1", "c3").await, ["c1", "c2"], "the upper end excluded");
    assert!(write(store, |tx| objects::drop_content(tx, "c2")).await, "a file");
    assert_eq!(between("c", "d").await, ["c1", "c3"]);
}

pub(super) async fn small_contents_are_held(store: &Store) {
    let bytes: Vec<u8> = (0..=u8::MAX).collect();
    let found = |key: &'static str| read(store, move |r| objects::whole_object(r, "held", key));
    let whole = |key, content, bytes| Some(WholeObject { row: object(key, content), bytes });
    assert_eq!(found("a").await, None);
    for (key, content, held) in [("a", "h1", Some(bytes.clone())), ("b", "h2", Some(Vec::new())), ("c", "h3", None)] {
        write(store, move |tx| {
            objects::add_content(tx, content, held.as_deref())?;
            objects::put_object(tx, "held", &object(key, content))
        })
        .await;
    }
    assert_eq!(found("a").await, whole("a", "h1", Some(bytes)));
    assert_eq!(found("b").await, whole("b", "h2", Some(Vec::new())), "no bytes are bytes");
    assert_eq!(found("c").await, whole("c", "h3", None));
    for (content, is_file) in [("h1", false), ("h2", false), ("h3", true)] {
        assert_eq!(write(store, move |tx| objects::drop_content(tx, content)).await, is_file, "{content}");
    }
    assert_eq!(found("a").await, whole("a", "h1", None), "the content is gone, whatever names it");
}

pub(super) async fn uploads_and_parts(store: &Store) {
    let upload = |key: &str, id: &str| UploadRow {
        key: key.to_owned(),
        id: id.to_owned(),
        created_at: 1,
        doc: "{}".to_owned(),
    };
    for (key, id) in [("b", "u1"), ("a", "u3"), ("a", "u2")] {
        let row = upload(key, id);
        write(store, move |tx| objects::insert_upload(tx, "up", &row)).await;
    }
    let from = |key: &'static str, id: &'static str, limit| {
        read(store, move |r| objects::uploads_from(r, "up", key, id, limit))
    };
    assert_eq!(from("", "", 9).await, [upload("a", "u2"), upload("a", "u3"), upload("b", "u1")]);
    assert_eq!(from("a", "u3", 1).await, [upload("a", "u3")]);
    assert_eq!(read(store, |r| objects::upload(r, "up", "a", "u2")).await, Some(upload("a", "u2")));
    assert_eq!(read(store, |r| objects::upload(r, "up", "b", "u2")).await, None);

    let part = |number, size| PartRow { number, size, etag: format!("e{size}"), modified_at: 5, doc: "{}".to_owned() };
    for (upload, row) in [("u2", part(10, 1)), ("u2", part(2, 1)), ("u2", part(2, 7)), ("u3", part(1, 1))] {
        write(store, move |tx| objects::put_part(tx, upload, &row)).await;
    }
    let parts = |after, limit| read(store, move |r| objects::parts_after(r, "u2", after, limit));
    assert_eq!(parts(0, 9).await, [part(2, 7), part(10, 1)], "by number; a second writing replaces the first");
    assert_eq!(parts(2, 9).await, [part(10, 1)]);
    assert_eq!(read(store, |r| objects::part(r, "u2", 2)).await, Some(part(2, 7)));

    let delete = || write(store, |tx| objects::delete_upload(tx, "up", "a", "u2"));
    assert!(delete().await);
    assert!(!delete().await);
    assert!(parts(0, 9).await.is_empty(), "its parts go with it");
    assert_eq!(read(store, |r| objects::part(r, "u3", 1)).await, Some(part(1, 1)));
}

fn finished(key: &str, id: &str, finished_at: i64) -> objects::FinishedUploadRow {
    objects::FinishedUploadRow { key: key.to_owned(), id: id.to_owned(), finished_at, doc: id.to_owned() }
}

pub(super) async fn finished_uploads_are_forgotten_with_time_and_their_bucket(store: &Store) {
    for (id, at) in [("f1", 10), ("f2", 20), ("f3", 30)] {
        write(store, move |tx| objects::remember_finished_upload(tx, "fin", &finished("k", id, at))).await;
    }
    let found = |key: &'static str, id: &'static str, since| {
        read(store, move |r| objects::finished_upload(r, "fin", key, id, since))
    };
    assert_eq!(found("k", "f2", 20).await.as_deref(), Some("f2"));
    assert_eq!(found("k", "f2", 21).await, None, "too long ago");
    assert_eq!(found("l", "f2", 0).await, None);
    let forget = |before, limit| write(store, move |tx| objects::forget_finished_uploads(tx, before, limit));
    assert_eq!(forget(30, 1).await, 1);
    assert_eq!((found("k", "f1", 0).await, found("k", "f2", 0).await.as_deref()), (None, Some("f2")));
    assert_eq!((forget(30, 9).await, forget(30, 9).await), (1, 0));
    assert_eq!(found("k", "f3", 0).await.as_deref(), Some("f3"));

    for id in ["f4", "f5"] {
        write(store, move |tx| objects::remember_finished_upload(tx, "fin", &finished("l", id, 40))).await;
    }
    write(store, |tx| objects::remember_finished_upload(tx, "fin2", &finished("l", "f6", 40))).await;
    let forget_of = |limit| write(store, move |tx| objects::forget_finished_uploads_of(tx, "fin", limit));
    assert_eq!((forget_of(2).await, forget_of(2).await, forget_of(2).await), (2, 1, 0));
    assert!(read(store, |r| objects::finished_upload(r, "fin2", "l", "f6", 0)).await.is_some());
}
