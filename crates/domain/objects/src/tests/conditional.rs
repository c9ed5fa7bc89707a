//! Writes and deletions under a condition, one against another.

use super::*;
use crate::{DeleteConditions, EtagTest};

#[tokio::test]
async fn only_one_of_two_racing_creators_wins() {
    let rig = Rig::new().await;
    for (key, size) in [("held", 1), ("kept", LARGE)] {
        let create = || {
            let conditions = Conditions {
                if_none_match: Some(EtagTest::Any),
                ..Conditions::default()
            };
            let new = NewObject {
                conditions,
                ..NewObject::default()
            };
            rig.objects.put(&rig.cx, ("photos", key), new, whole(&vec![b'x'; size]))
        };
        let (a, b) = tokio::join!(create(), create());
        let mut codes = [refused(a), refused(b)];
        codes.sort_unstable();
        assert_eq!(codes, ["PreconditionFailed", "ok"]);
    }
    assert_eq!((rig.contents().await.len(), rig.files().len()), (2, 1));
}

#[tokio::test]
async fn only_one_of_two_racing_replacements_wins() {
    let rig = Rig::new().await;
    for round in 0..20 {
        let before = rig.put("k", format!("before {round}").as_bytes()).await;
        // Held in their rows and kept in files by turns.
        let size = if round % 2 == 0 { 1 } else { LARGE };
        let replace = |fill: u8| {
            let conditions = Conditions {
                if_match: Some(EtagTest::parse(&before.etag)),
                ..Conditions::default()
            };
            let new = NewObject {
                conditions,
                ..NewObject::default()
            };
            rig.objects.put(&rig.cx, ("photos", "k"), new, whole(&vec![fill; size]))
        };
        let delete = || {
            let conditions = DeleteConditions {
                etag: Some(EtagTest::parse(&before.etag)),
                ..DeleteConditions::default()
            };
            rig.objects.delete("photos", "k", conditions)
        };
        let (a, b, gone) = tokio::join!(replace(b'a'), replace(b'b'), delete());
        let codes = [refused(a), refused(b), refused(gone)];
        assert_eq!(codes.iter().filter(|code| **code == "ok").count(), 1, "{codes:?}");
        let left = match codes {
            ["ok", ..] => Some(b'a'),
            [_, "ok", _] => Some(b'b'),
            _ => None,
        };
        let got = rig.select("k", Select::Whole).await.ok();
        assert_eq!(got, left.map(|fill| vec![fill; size]), "{codes:?}");
        assert_eq!(rig.contents().await.len(), usize::from(got.is_some()), "{codes:?}");
    }
}

#[tokio::test]
async fn a_refused_deletion_deletes_nothing() {
    let rig = Rig::new().await;
    let etag = rig.put("kept", b"12345").await.etag;
    rig.put("gone", b"12345").await;
    let named = |etag: &str| DeleteConditions {
        etag: Some(EtagTest::parse(etag)),
        ..DeleteConditions::default()
    };
    let sized = |size| DeleteConditions {
        size: Some(size),
        ..DeleteConditions::default()
    };
    let wanted = [
        ("kept", named("\"other\"")),
        ("kept", sized(4)),
        ("gone", named(&format!("\"{etag}\""))),
        ("none", named("*")),
        ("none", sized(4)),
    ];
    let wanted = wanted.map(|(key, conditions)| (key.to_owned(), conditions)).into();
    let got = rig.objects.delete_many("photos", wanted).await;
    let got: Vec<_> = got.into_iter().map(|(_, result)| refused(result)).collect();
    assert_eq!(
        got,
        ["PreconditionFailed", "PreconditionFailed", "ok", "NoSuchKey", "ok"]
    );
    assert_eq!(rig.get("kept").await, b"12345");
    assert_eq!(refused(rig.select("gone", Select::Whole).await), "NoSuchKey");
}
