use std::{collections::BTreeMap, task::Poll, time::Duration};

use super::*;
use crate::{Algorithm, ChecksumType, DeleteConditions, Expected, Integrity, ListRequest, RangeRequest, Trailers};

#[tokio::test]
async fn what_was_put_is_got_and_survives_a_restart() {
    let rig = Rig::new().await;
    let big: Vec<u8> = (0..1_500_000_u32)
        .map(|n| n.to_le_bytes()[0] ^ n.to_le_bytes()[2])
        .collect();
    let put = rig.put("a/b c+é/../x", &big).await;
    assert_eq!(put.size, 1_500_000);
    let empty = rig.put("empty", b"").await;
    assert_eq!(empty.etag, "d41d8cd98f00b204e9800998ecf8427e");

    let again = over(&rig);
    let download = got(&rig, &again, "a/b c+é/../x", Select::Whole).await.unwrap();
    assert_eq!(download.object.etag, put.etag);
    assert!(collect(download).await.unwrap() == big);
    assert_eq!(rig.get("empty").await, b"");
    let part = rig
        .select(
            "a/b c+é/../x",
            Select::Range(RangeRequest::From {
                first: 600_000,
                last: Some(1_200_000),
            }),
        )
        .await
        .unwrap();
    assert!(part == big[600_000..=1_200_000]);
    assert_eq!(refused(rig.select("none", Select::Whole).await), "NoSuchKey");
    assert_eq!(
        refused(rig.select("empty", Select::Range(RangeRequest::Suffix(1))).await),
        "InvalidRange"
    );
    assert_eq!(refused(rig.select("empty", Select::Part(2)).await), "InvalidPartNumber");
}

#[tokio::test]
async fn a_replaced_object_leaves_no_file_but_its_reader_finishes() {
    let rig = Rig::new().await;
    let old = vec![1_u8; 700_000];
    rig.put("k", &old).await;
    let reader = got(&rig, &rig.objects, "k", Select::Whole).await.unwrap();
    rig.put("k", b"new").await;
    assert_eq!(rig.contents().await.len(), 2);
    assert!(collect(reader).await.unwrap() == old);
    assert_eq!(rig.get("k").await, b"new");
    assert_eq!(
        rig.contents().await.len(),
        1,
        "the last reader removes what was replaced"
    );
    rig.objects
        .delete("photos", "k", DeleteConditions::default())
        .await
        .unwrap();
    rig.objects
        .delete("photos", "k", DeleteConditions::default())
        .await
        .unwrap();
    assert_eq!(rig.contents().await.len(), 0);
}

#[tokio::test]
async fn wrong_bytes_are_refused_and_leave_nothing() {
    let rig = Rig::new().await;
    let integrity = |f: &dyn Fn(&mut Integrity)| {
        let mut integrity = Integrity::default();
        f(&mut integrity);
        integrity
    };
    // Each with its CRC32.
    for (body, crc) in [(b"hello".to_vec(), "NhCmhg=="), (vec![b'x'; LARGE], "ANvwJg==")] {
        let size = body.len() as u64;
        let table = [
            (integrity(&|i| i.size = Some(size)), "ok"),
            (integrity(&|i| i.size = Some(size - 1)), "IncompleteBody"),
            (integrity(&|i| i.size = Some(size + 1)), "IncompleteBody"),
            (integrity(&|i| i.size = Some((5 << 30) + 1)), "EntityTooLarge"),
            (integrity(&|i| i.content_md5 = Some([0; 16])), "BadDigest"),
            (
                integrity(&|i| (i.algorithm, i.expected) = (Some(Algorithm::Crc32), value(crc))),
                "ok",
            ),
            (
                integrity(&|i| (i.algorithm, i.expected) = (Some(Algorithm::Crc32), value("NhCmhw=="))),
                "BadDigest",
            ),
            (
                integrity(&|i| (i.algorithm, i.expected) = (Some(Algorithm::Crc32), value("NhC"))),
                "InvalidRequest",
            ),
            (
                integrity(&|i| (i.algorithm, i.expected) = (Some(Algorithm::Crc32), trailer(Some(crc)))),
                "ok",
            ),
            (
                integrity(&|i| (i.algorithm, i.expected) = (Some(Algorithm::Crc32), trailer(Some("NhCmhw==")))),
                "BadDigest",
            ),
            (
                integrity(&|i| (i.algorithm, i.expected) = (Some(Algorithm::Crc32), trailer(None))),
                "MalformedTrailerError",
            ),
        ];
        for (integrity, expected) in table {
            let new = NewObject {
                integrity: integrity.clone(),
                ..NewObject::default()
            };
            let got = rig.objects.put(&rig.cx, ("photos", "k"), new, whole(&body)).await;
            assert_eq!(refused(got), expected, "{integrity:?}");
            let kept = usize::from(expected == "ok");
            assert_eq!(rig.contents().await.len(), kept, "{integrity:?}");
            assert_eq!(rig.incoming(), 0, "{integrity:?}");
            rig.objects
                .delete("photos", "k", DeleteConditions::default())
                .await
                .unwrap();
        }
    }
    for begun in [2, LARGE, 600_000] {
        let broken = stream::iter([Ok(Bytes::from(vec![b'x'; begun])), Err(io::Error::other("reset"))]);
        let got = rig
            .objects
            .put(&rig.cx, ("photos", "k"), NewObject::default(), broken)
            .await;
        assert_eq!(refused(got), "IncompleteBody");
    }
    let refusal = stream::iter([Err(io::Error::other(ApiError::new(
        kernel::Code("XAmzContentSHA256Mismatch"),
        "other bytes",
    )))]);
    let got = rig
        .objects
        .put(&rig.cx, ("photos", "k"), NewObject::default(), refusal)
        .await;
    assert_eq!(refused(got), "XAmzContentSHA256Mismatch");
    assert_eq!((rig.contents().await.len(), rig.incoming()), (0, 0));
}

fn value(text: &str) -> Expected {
    Expected::Value(text.to_owned())
}

fn trailer(text: Option<&str>) -> Expected {
    let trailers = Trailers::default();
    let entries = text.map(|t| ("x-amz-checksum-crc32".to_owned(), t.to_owned()));
    trailers.set(entries.into_iter().collect::<BTreeMap<_, _>>());
    Expected::Trailer(trailers)
}

#[tokio::test]
async fn checksums_are_kept() {
    let rig = Rig::new().await;
    let default = rig.put("k", b"123456789").await.checksum;
    assert_eq!(
        (default.algorithm, default.kind),
        (Algorithm::Crc64Nvme, ChecksumType::FullObject)
    );
    let integrity = Integrity {
        algorithm: Some(Algorithm::Crc32),
        ..Integrity::default()
    };
    let new = NewObject {
        integrity,
        ..NewObject::default()
    };
    let named = rig
        .objects
        .put(&rig.cx, ("photos", "k"), new, whole(b"123456789"))
        .await
        .unwrap()
        .checksum;
    assert_eq!((named.algorithm, named.value.as_str()), (Algorithm::Crc32, "y/Q5Jg=="));
    let stored = headed(&rig, "k").await.unwrap().checksum;
    assert_eq!(stored, Some(named));
}

#[tokio::test]
async fn orphans_of_a_crash_are_swept_and_nothing_else() {
    let rig = Rig::new().await;
    rig.put("kept", &[7; LARGE]).await;
    rig.put("held", b"held").await;
    let kept = rig.contents().await;
    // What a process that died between rename and commit leaves, and one that died while it wrote.
    let shard = rig.folder().join("objects/content/ab");
    std::fs::create_dir_all(&shard).unwrap();
    std::fs::write(shard.join("ab00000000000000000000000000000f"), b"orphan").unwrap();
    std::fs::create_dir_all(shard.join("ab11")).unwrap();
    std::fs::write(shard.join("ab11/1-aaaa"), b"part").unwrap();
    std::fs::write(rig.folder().join("objects/incoming/torn"), b"to").unwrap();

    let again = over(&rig);
    assert_eq!(rig.incoming(), 0);
    assert_eq!(again.sweep().await.unwrap(), 2);
    assert_eq!(rig.contents().await, kept);
    assert_eq!(again.sweep().await.unwrap(), 0);
    assert_eq!(rig.get("kept").await, [7; LARGE]);
    assert_eq!(rig.get("held").await, b"held");
}

#[tokio::test]
async fn a_small_object_needs_no_file() {
    let rig = Rig::new().await;
    for (size, files) in [(0, 0), (1, 0), (4096, 0), (4097, 1), (4096, 0), (4097, 1), (10, 0)] {
        let bytes: Vec<u8> = (0..=u8::MAX).cycle().take(size).collect();
        rig.put("k", &bytes).await;
        assert_eq!(rig.files().len(), files, "{size}");
        assert_eq!(rig.contents().await.len(), 1, "{size}");
        assert_eq!(rig.incoming(), 0, "{size}");
        assert_eq!(rig.get("k").await, bytes);
    }
    for (range, expected) in [
        (RangeRequest::Suffix(3), &[7_u8, 8, 9][..]),
        (RangeRequest::From { first: 8, last: None }, &[8, 9]),
        (
            RangeRequest::From {
                first: 0,
                last: Some(0),
            },
            &[0],
        ),
    ] {
        assert_eq!(
            rig.select("k", Select::Range(range)).await.unwrap(),
            expected,
            "{range}"
        );
    }
    assert_eq!(rig.select("k", Select::Part(1)).await.unwrap().len(), 10);
    rig.objects
        .delete("photos", "k", DeleteConditions::default())
        .await
        .unwrap();
    assert_eq!(rig.contents().await.len(), 0);
}

#[tokio::test]
async fn a_sweep_beside_a_put_takes_nothing_that_is_its() {
    let rig = Rig::new().await;
    // The row can't be written before the sweep is over.
    let (go_on, held_up) = std::sync::mpsc::channel::<()>();
    let held_up = std::sync::Mutex::new(held_up);
    let writer = rig.store.write(move |_| {
        held_up.lock().unwrap().recv().unwrap();
        Ok(())
    });
    let put = rig.put("k", &[5; LARGE]);
    let sweep = async {
        while rig.files().is_empty() {
            tokio::task::yield_now().await;
        }
        assert_eq!(rig.objects.sweep().await.unwrap(), 0);
        go_on.send(()).unwrap();
    };
    let (writer, ..) = tokio::join!(writer, put, sweep);
    writer.unwrap();
    assert_eq!(rig.objects.sweep().await.unwrap(), 0);
    assert_eq!(rig.get("k").await, [5; LARGE]);
}

#[tokio::test]
async fn lists_go_along_the_key() {
    let rig = Rig::new().await;
    for key in ["b", "a/2", "a/1", "a/b/3", "é"] {
        rig.put(key, key.as_bytes()).await;
    }
    let request = ListRequest {
        delimiter: "/".to_owned(),
        max: 2,
        ..ListRequest::default()
    };
    let first = rig.objects.list("photos", request.clone()).await.unwrap();
    assert_eq!(
        (first.prefixes.as_slice(), first.objects[0].key.as_str()),
        (&["a/".to_owned()][..], "b")
    );
    assert!(first.truncated);
    let rest = rig
        .objects
        .list(
            "photos",
            ListRequest {
                after: first.last,
                ..request
            },
        )
        .await
        .unwrap();
    assert_eq!((rest.objects[0].key.as_str(), rest.truncated), ("é", false));
    assert_eq!(rest.objects[0].size, 2);
}

#[tokio::test]
async fn tags_are_replaced_whole() {
    let rig = Rig::new().await;
    rig.put("k", b"x").await;
    let tags: BTreeMap<_, _> = [("a".to_owned(), "1".to_owned())].into();
    rig.objects.set_tags("photos", "k", tags.clone()).await.unwrap();
    assert_eq!(headed(&rig, "k").await.unwrap().tags, tags);
    assert_eq!(rig.get("k").await, b"x");
    assert_eq!(refused(rig.objects.set_tags("photos", "none", tags).await), "NoSuchKey");
}

/// A client may hang up at any moment, also while its object is being committed. Whatever the row says afterwards is there.
#[tokio::test(flavor = "multi_thread")]
async fn a_put_that_is_broken_off_leaves_the_old_object_or_the_new() {
    const KEYS: u64 = 200;
    // Held in rows and kept in files, in all four ways of one after the other.
    let small = |fill: u8| vec![fill; 3];
    let large = |fill: u8| vec![fill; LARGE];
    let sized = |is_large: bool, fill| if is_large { large(fill) } else { small(fill) };
    let old = |n: u64| sized(n & 1 > 0, b'o');
    let new = |n: u64| sized(n & 2 > 0, b'n');
    let rig = Rig::new().await;
    for n in 0..KEYS {
        let key = format!("k{n}");
        rig.put(&key, &old(n)).await;
        let put = rig
            .objects
            .put(&rig.cx, ("photos", &key), NewObject::default(), whole(&new(n)));
        break_off(put, n % 5).await;
    }
    let settled = async {
        while rig.incoming() > 0 || rig.contents().await.len() > usize::try_from(KEYS).unwrap() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), settled).await.unwrap();
    let mut replaced = 0;
    for n in 0..KEYS {
        let found = rig.get(&format!("k{n}")).await;
        assert!(found == old(n) || found == new(n), "{n}");
        replaced += u64::from(found == new(n));
    }
    assert!((1..KEYS).contains(&replaced), "broken off at every stage: {replaced}");
    assert_eq!(rig.objects.sweep().await.unwrap(), 0);
}

/// Drops a future that still waits after it was asked so many times, or lets it end.
async fn break_off<F: Future>(future: F, asked: u64) {
    let (mut future, mut left) = (Box::pin(future), asked);
    std::future::poll_fn(|context| match future.as_mut().poll(context) {
        Poll::Pending if left > 0 => {
            left -= 1;
            Poll::Pending
        }
        Poll::Pending | Poll::Ready(_) => Poll::Ready(()),
    })
    .await;
}
