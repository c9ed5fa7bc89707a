//! How uploads end: completed once, again, by several; aborted beside their parts.

use futures_util::StreamExt;

use super::*;
use crate::{ChosenPart, Completed, DeleteConditions, EtagTest, NewPart, NewUpload, UploadListRequest, Whole};

#[tokio::test]
async fn a_repeated_completion_is_answered_as_the_first() {
    let rig = Rig::new().await;
    let upload = rig.begin("k", NewUpload::default()).await;
    let a = rig.part(&upload, 1, b"bytes").await.unwrap().etag;
    let b = rig.part(&upload, 2, b"never chosen").await.unwrap().etag;
    let first = rig.complete(&upload, &[(1, &a)]).await.unwrap();
    let same = |again: Completed| (again.etag, again.checksum) == (first.etag.clone(), first.checksum.clone());
    assert!(same(rig.complete(&upload, &[(1, &a)]).await.unwrap()));
    for other in [&[(2, b.as_str())][..], &[(1, &a), (2, &b)], &[(1, &b)]] {
        assert_eq!(refused(rig.complete(&upload, other).await), "NoSuchUpload", "{other:?}");
    }

    let chosen = [ChosenPart {
        number: 1,
        etag: a.clone(),
        checksum: None,
    }];
    let target = ("photos", "k", upload.id.as_str());
    let absent = Conditions {
        if_none_match: Some(EtagTest::Any),
        ..Conditions::default()
    };
    let whole_of = |size| Whole {
        checksum: None,
        size: Some(size),
    };
    let again = |whole| {
        rig.objects
            .complete_upload(&rig.cx, target, multipart::of(&chosen, whole, absent.clone()))
    };
    assert!(same(again(whole_of(5)).await.unwrap()), "its condition held then");
    assert_eq!(refused(again(whole_of(6)).await), "InvalidRequest");

    rig.put("k", b"newer").await;
    assert!(same(rig.complete(&upload, &[(1, &a)]).await.unwrap()));
    assert_eq!(rig.get("k").await, b"newer");
    rig.objects
        .delete("photos", "k", DeleteConditions::default())
        .await
        .unwrap();
    assert!(same(rig.complete(&upload, &[(1, &a)]).await.unwrap()));
    assert_eq!(refused(rig.select("k", Select::Whole).await), "NoSuchKey");

    rig.objects.delete_bucket("photos").await.unwrap();
    rig.create("photos").await.unwrap();
    assert_eq!(
        refused(rig.complete(&upload, &[(1, &a)]).await),
        "NoSuchUpload",
        "a bucket of the same name is another one"
    );
}

#[tokio::test]
async fn a_completion_is_forgotten_after_a_day() {
    let rig = Rig::new().await;
    let upload = rig.begin("k", NewUpload::default()).await;
    let a = rig.part(&upload, 1, b"bytes").await.unwrap().etag;
    rig.complete(&upload, &[(1, &a)]).await.unwrap();
    let chosen = [ChosenPart {
        number: 1,
        etag: a,
        checksum: None,
    }];
    let target = ("photos", "k", upload.id.as_str());
    rig.advance(std::time::Duration::from_secs(25 * 60 * 60));
    let late = rig.objects.complete_upload(
        &rig.cx,
        target,
        multipart::of(&chosen, Whole::default(), Conditions::default()),
    );
    assert_eq!(refused(late.await), "NoSuchUpload", "after a day");
    rig.objects.abort_upload("photos", "k", &upload.id).await.unwrap_err();
}

#[tokio::test]
async fn racing_completions_agree() {
    let rig = Rig::new().await;
    for round in 0..20 {
        let upload = rig.begin("k", NewUpload::default()).await;
        let etag = rig.part(&upload, 1, format!("{round}").as_bytes()).await.unwrap().etag;
        let parts = [(1, etag.as_str())];
        let (a, b, c) = tokio::join!(
            rig.complete(&upload, &parts),
            rig.complete(&upload, &parts),
            rig.complete(&upload, &parts)
        );
        assert_eq!([refused(a), refused(b), refused(c)], ["ok"; 3]);
        assert_eq!(rig.get("k").await, format!("{round}").as_bytes());
        assert_eq!(rig.contents().await.len(), 1);
    }
}

#[tokio::test]
async fn aborted_uploads_leave_nothing() {
    let rig = Rig::new().await;
    let upload = rig.begin("k", NewUpload::default()).await;
    rig.part(&upload, 1, b"x").await.unwrap();
    rig.objects.abort_upload("photos", "k", &upload.id).await.unwrap();
    assert_eq!((rig.contents().await.len(), rig.incoming()), (0, 0));
    assert_eq!(
        refused(rig.objects.abort_upload("photos", "k", &upload.id).await),
        "NoSuchUpload"
    );
    assert_eq!(refused(rig.part(&upload, 1, b"x").await), "NoSuchUpload");
    assert_eq!((rig.contents().await.len(), rig.incoming()), (0, 0));
}

#[tokio::test]
async fn a_part_that_comes_too_late_leaves_nothing() {
    let rig = Rig::new().await;
    for first in [10, 600_000] {
        let upload = rig.begin("k", NewUpload::default()).await;
        let (go_on, held_up) = tokio::sync::oneshot::channel::<()>();
        let begun = stream::iter([io::Result::Ok(Bytes::from(vec![b'x'; first]))]);
        let rest = stream::once(async move {
            held_up.await.unwrap();
            Ok(Bytes::from_static(b"late"))
        });
        let body = begun.chain(rest);
        let target = ("photos", "k", upload.id.as_str());
        let part = rig.objects.upload_part(
            &rig.cx,
            target,
            NewPart {
                number: 1,
                ..NewPart::default()
            },
            body,
        );
        let aborting = async {
            rig.objects.abort_upload("photos", "k", &upload.id).await.unwrap();
            go_on.send(()).unwrap();
        };
        let (part, ()) = tokio::join!(part, aborting);
        assert_eq!(refused(part), "NoSuchUpload");
        assert_eq!(
            (rig.contents().await.len(), rig.incoming()),
            (0, 0),
            "not even an empty folder"
        );
    }
}

/// As transfer managers do when one part fails.
#[tokio::test(flavor = "multi_thread")]
async fn an_upload_is_aborted_beside_its_parts() {
    let rig = Rig::new().await;
    let mut late = 0;
    for round in 0..60 {
        let upload = rig.begin("k", NewUpload::default()).await;
        let parts: Vec<_> = (1..=8)
            .map(|number| {
                let (objects, cx, id) = (rig.objects.clone(), rig.cx.clone(), upload.id.clone());
                tokio::spawn(async move {
                    let body = whole(&[b'x'; LARGE]);
                    let target = ("photos", "k", id.as_str());
                    objects
                        .upload_part(
                            &cx,
                            target,
                            NewPart {
                                number,
                                ..NewPart::default()
                            },
                            body,
                        )
                        .await
                })
            })
            .collect();
        for _ in 0..round {
            tokio::task::yield_now().await;
        }
        rig.objects.abort_upload("photos", "k", &upload.id).await.unwrap();
        for part in parts {
            let part = part.await.unwrap();
            let told = format!("{part:?}");
            let code = refused(part);
            assert!(matches!(code, "ok" | "NoSuchUpload"), "{told}");
            late += u32::from(code != "ok");
        }
        assert_eq!((rig.contents().await.len(), rig.incoming()), (0, 0), "{round}");
    }
    assert!(late > 0, "none was late");
}

#[tokio::test]
async fn uploads_are_listed_in_pages() {
    let rig = Rig::new().await;
    let mut ids = Vec::new();
    for key in ["a/1", "a/2", "b", "b", "c"] {
        ids.push((key.to_owned(), rig.begin(key, NewUpload::default()).await.id));
    }
    ids.sort();
    let mut seen = Vec::new();
    let mut request = UploadListRequest {
        max: 2,
        ..UploadListRequest::default()
    };
    loop {
        let page = rig.objects.list_uploads("photos", request.clone()).await.unwrap();
        seen.extend(page.uploads.iter().map(|u| (u.key.clone(), u.id.clone())));
        if !page.truncated {
            break;
        }
        (request.key_marker, request.id_marker) = page.last.unwrap();
    }
    assert_eq!(seen, ids);

    let request = UploadListRequest {
        delimiter: "/".to_owned(),
        max: 2,
        ..UploadListRequest::default()
    };
    let first = rig.objects.list_uploads("photos", request.clone()).await.unwrap();
    assert_eq!(
        (first.prefixes.as_slice(), first.uploads.len(), first.truncated),
        (&["a/".to_owned()][..], 1, true)
    );
    let only_key = UploadListRequest {
        key_marker: "b".to_owned(),
        ..request.clone()
    };
    let rest = rig.objects.list_uploads("photos", only_key).await.unwrap();
    assert_eq!(rest.uploads.iter().map(|u| u.key.as_str()).collect::<Vec<_>>(), ["c"]);
    let after_prefix = UploadListRequest {
        key_marker: "a/".to_owned(),
        max: 10,
        ..request
    };
    let rest = rig.objects.list_uploads("photos", after_prefix).await.unwrap();
    assert_eq!((rest.prefixes.len(), rest.uploads.len()), (0, 3));
}
