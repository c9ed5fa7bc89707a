use super::*;
use crate::{
    Algorithm, ChecksumType, ChosenPart, Completed, Completion, CopySource, DeleteConditions, EtagTest, Integrity,
    NewPart, NewPartCopy, NewUpload, RangeRequest, Upload, UploadedPart, Whole,
};

const FIVE_MIB: usize = 5 << 20;

impl Rig {
    pub(super) async fn begin(&self, key: &str, new: NewUpload) -> Upload {
        self.objects.begin_upload(&self.cx, "photos", key, new).await.unwrap()
    }

    pub(super) async fn part(&self, upload: &Upload, number: u32, bytes: &[u8]) -> Result<UploadedPart, Error> {
        let part = NewPart {
            number,
            integrity: Integrity {
                size: Some(bytes.len() as u64),
                ..Integrity::default()
            },
        };
        let target = ("photos", upload.key.as_str(), upload.id.as_str());
        self.objects.upload_part(&self.cx, target, part, whole(bytes)).await
    }

    pub(super) async fn complete(&self, upload: &Upload, parts: &[(u32, &str)]) -> Result<Completed, Error> {
        let chosen: Vec<ChosenPart> = parts
            .iter()
            .map(|&(number, etag)| ChosenPart {
                number,
                etag: format!("\"{etag}\""),
                checksum: None,
            })
            .collect();
        let target = ("photos", upload.key.as_str(), upload.id.as_str());
        self.objects
            .complete_upload(&self.cx, target, of(&chosen, Whole::default(), Conditions::default()))
            .await
    }
}

pub(super) fn of(chosen: &[ChosenPart], whole: Whole, conditions: Conditions) -> Completion {
    Completion {
        chosen: chosen.to_vec(),
        whole,
        conditions,
    }
}

#[tokio::test]
async fn parts_become_one_object_without_being_moved() {
    let rig = Rig::new().await;
    let upload = rig.begin("k", NewUpload::default()).await;
    let first = vec![7_u8; FIVE_MIB];
    let a = rig.part(&upload, 1, &first).await.unwrap();
    rig.part(&upload, 3, b"replaced").await.unwrap();
    let c = rig.part(&upload, 3, b"tail").await.unwrap();
    rig.part(&upload, 9, b"never chosen").await.unwrap();

    let listed = rig.objects.list_parts(("photos", "k", &upload.id), 1, 1).await.unwrap();
    assert_eq!(
        (listed.parts[0].number, listed.parts[0].size, listed.truncated),
        (3, 4, true)
    );

    let done = rig.complete(&upload, &[(1, &a.etag), (3, &c.etag)]).await.unwrap();
    assert!(done.etag.ends_with("-2") && done.etag.len() == 34, "{}", done.etag);
    assert_eq!(done.checksum.kind, ChecksumType::FullObject);
    let mut expected = first;
    expected.extend_from_slice(b"tail");
    assert!(rig.get("k").await == expected);
    let put = rig.put("same", &expected).await;
    assert_eq!(put.checksum, done.checksum, "the combined CRC is the CRC of the whole");

    let across = RangeRequest::From {
        first: FIVE_MIB as u64 - 2,
        last: Some(FIVE_MIB as u64 + 1),
    };
    assert_eq!(
        rig.select("k", Select::Range(across)).await.unwrap(),
        [7, 7, b't', b'a']
    );
    assert_eq!(rig.select("k", Select::Part(2)).await.unwrap(), b"tail");
    assert_eq!(refused(rig.select("k", Select::Part(3)).await), "InvalidPartNumber");

    let folder = rig
        .folder()
        .join("objects/content")
        .join(&upload.id[..2])
        .join(&upload.id);
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 2, "unused parts are gone");
    assert_eq!(rig.objects.sweep().await.unwrap(), 0);
    rig.objects
        .delete("photos", "k", DeleteConditions::default())
        .await
        .unwrap();
    assert!(!folder.exists());
}

/// A client whose answer was lost asks again: it happened, whatever came after, and it does not happen twice.
#[tokio::test]
async fn what_a_completion_is_refused_for() {
    let rig = Rig::new().await;
    let upload = rig.begin("k", NewUpload::default()).await;
    let a = rig.part(&upload, 1, b"small").await.unwrap().etag;
    let b = rig.part(&upload, 2, b"last").await.unwrap().etag;
    let table: &[(&[(u32, &str)], &str)] = &[
        (&[], "MalformedXML"),
        (&[(2, &b), (1, &a)], "InvalidPartOrder"),
        (&[(1, &a), (1, &a)], "InvalidPartOrder"),
        (&[(1, &b)], "InvalidPart"),
        (&[(1, &a), (4, &b)], "InvalidPart"),
        (&[(1, &a), (2, &b)], "EntityTooSmall"),
    ];
    for (parts, expected) in table {
        assert_eq!(refused(rig.complete(&upload, parts).await), *expected, "{parts:?}");
    }
    for number in [0, 10_001] {
        assert_eq!(refused(rig.part(&upload, number, b"x").await), "InvalidArgument");
    }
    assert_eq!(refused(rig.complete(&upload, &[(2, &b)]).await), "ok");
    assert_eq!(rig.get("k").await, b"last");
    let gone = Upload {
        id: "0".repeat(64),
        ..upload
    };
    assert_eq!(refused(rig.part(&gone, 1, b"x").await), "NoSuchUpload");
}

#[tokio::test]
async fn conditions_hold_at_completion() {
    let rig = Rig::new().await;
    rig.put("k", b"there").await;
    let upload = rig.begin("k", NewUpload::default()).await;
    let etag = rig.part(&upload, 1, b"x").await.unwrap().etag;
    let chosen = [ChosenPart {
        number: 1,
        etag,
        checksum: None,
    }];
    let target = ("photos", "k", upload.id.as_str());
    let absent = Conditions {
        if_none_match: Some(EtagTest::Any),
        ..Conditions::default()
    };
    let got = rig
        .objects
        .complete_upload(&rig.cx, target, of(&chosen, Whole::default(), absent))
        .await;
    assert_eq!(refused(got), "PreconditionFailed");
    let got = rig
        .objects
        .complete_upload(&rig.cx, target, of(&chosen, Whole::default(), Conditions::default()))
        .await;
    assert_eq!(refused(got), "ok");
    assert_eq!(rig.contents().await.len(), 1);
}

#[tokio::test]
async fn composite_checksums() {
    let rig = Rig::new().await;
    let new = NewUpload {
        algorithm: Some(Algorithm::Sha256),
        ..NewUpload::default()
    };
    let upload = rig.begin("k", new).await;
    let part = rig.part(&upload, 1, b"a").await.unwrap();
    assert_eq!(part.checksum.as_ref().unwrap().algorithm, Algorithm::Sha256);
    let other = Integrity {
        algorithm: Some(Algorithm::Crc32),
        ..Integrity::default()
    };
    let target = ("photos", "k", upload.id.as_str());
    let got = rig
        .objects
        .upload_part(
            &rig.cx,
            target,
            NewPart {
                number: 2,
                integrity: other,
            },
            whole(b"b"),
        )
        .await;
    assert_eq!(
        ApiError::from(got.unwrap_err()).message(),
        "Checksum Type mismatch occurred, expected checksum Type: sha256, actual checksum Type: crc32"
    );

    let chosen = |value: &str| {
        [ChosenPart {
            number: 1,
            etag: part.etag.clone(),
            checksum: Some((Algorithm::Sha256, value.to_owned())),
        }]
    };
    let none = Conditions::default;
    let got = rig
        .objects
        .complete_upload(&rig.cx, target, of(&chosen("wrong"), Whole::default(), none()))
        .await;
    assert_eq!(refused(got), "InvalidPart");
    let right = chosen(&part.checksum.as_ref().unwrap().value);
    let wrong_whole = Whole {
        checksum: Some((Algorithm::Sha256, "x-1".to_owned())),
        size: None,
    };
    let got = rig
        .objects
        .complete_upload(&rig.cx, target, of(&right, wrong_whole, none()))
        .await;
    assert_eq!(refused(got), "BadDigest");
    let wrong_size = Whole {
        checksum: None,
        size: Some(2),
    };
    let got = rig
        .objects
        .complete_upload(&rig.cx, target, of(&right, wrong_size, none()))
        .await;
    assert_eq!(refused(got), "InvalidRequest");
    let done = rig
        .objects
        .complete_upload(&rig.cx, target, of(&right, Whole::default(), none()))
        .await
        .unwrap();
    assert_eq!(done.checksum.kind, ChecksumType::Composite);
    assert!(done.checksum.value.ends_with("=-1"));

    let impossible = NewUpload {
        algorithm: Some(Algorithm::Sha1),
        checksum_type: Some(ChecksumType::FullObject),
        ..NewUpload::default()
    };
    assert_eq!(
        refused(rig.objects.begin_upload(&rig.cx, "photos", "k", impossible).await),
        "InvalidRequest"
    );
}

#[tokio::test]
async fn parts_are_copied_from_ranges() {
    let rig = Rig::new().await;
    rig.put("src", b"0123456789").await;
    let upload = rig.begin("k", NewUpload::default()).await;
    let reading = Reading::of(&rig.cx, "src");
    let target = ("photos", "k", upload.id.as_str());
    let copy = |range: &'static str| async {
        let part = NewPartCopy {
            number: 1,
            range: Some(RangeRequest::parse_of_copy(range)?),
        };
        let source = CopySource {
            found: reading.found(&rig.objects, &rig.cx).await?,
            conditions: Conditions::default(),
        };
        rig.objects.upload_part_copy(&rig.cx, target, part, source).await
    };
    let form = "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy";
    let beyond = "Range specified is not valid for source object of size: 10";
    let outside = "The specified copy range is invalid for the source object size";
    for (range, code, sentence) in [
        ("bytes=0-10", "InvalidArgument", beyond),
        ("bytes=9-100", "InvalidArgument", beyond),
        ("bytes=10-10", "InvalidRequest", outside),
        ("bytes=100-200", "InvalidRequest", outside),
        ("bytes=1-", "InvalidArgument", form),
        ("bytes=-2", "InvalidArgument", form),
        ("bytes=4-2", "InvalidArgument", form),
        ("bytes=+1-2", "InvalidArgument", form),
        ("bytes=0-1,3-4", "InvalidArgument", form),
        ("0-8", "InvalidArgument", form),
        ("", "InvalidArgument", form),
    ] {
        let refusal = ApiError::from(copy(range).await.unwrap_err());
        assert_eq!((refusal.code().0, refusal.message()), (code, sentence), "{range}");
        if code == "InvalidArgument" {
            let named = [
                ("ArgumentName", "x-amz-copy-source-range".to_owned()),
                ("ArgumentValue", range.to_owned()),
            ];
            assert_eq!(refusal.members(), named, "{range}");
        }
    }
    let nothing = rig
        .objects
        .list_parts(("photos", "k", &upload.id), 0, 10)
        .await
        .unwrap();
    assert_eq!((nothing.parts.len(), rig.incoming()), (0, 0), "a refused part is none");
    assert_eq!(refused(copy("bytes=0-9").await), "ok", "up to its last byte");
    let part = copy("bytes=2-4").await.unwrap();
    rig.complete(&upload, &[(1, &part.etag)]).await.unwrap();
    assert_eq!(rig.get("k").await, b"234");
}
