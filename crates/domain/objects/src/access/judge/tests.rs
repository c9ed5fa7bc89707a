//! Which questions an intent puts, and with which keys.

use kernel::{AccountId, Region, Timestamp};

use super::*;
use crate::{
    access::{
        intent::{Manner, Signature},
        setting::Setting,
    },
    bucket::Settings,
};

fn manner() -> Manner {
    Manner {
        signature: None,
        content_sha256: None,
        endpoint: Region::new("eu-west-1"),
    }
}

fn of(operation: Operation) -> Intent {
    Intent::plain(operation, "b", "a/k", manner())
}

fn shown(intent: &Intent) -> Vec<String> {
    let needs = needs(intent);
    needs
        .into_iter()
        .map(|(action, arn)| format!("{action} {arn}"))
        .collect()
}

#[test]
fn what_a_put_needs() {
    let on = |action: &str| format!("{action} arn:aws:s3:::b/a/k");
    assert_eq!(shown(&of(Operation::PutObject)), [on("s3:PutObject")]);
    for (operation, action) in [
        (Operation::PutObject, "s3:PutObject"),
        (Operation::CopyObject, "s3:PutObject"),
        (Operation::CompleteMultipartUpload, "s3:PutObject"),
        (Operation::DeleteObject, "s3:DeleteObject"),
    ] {
        assert_eq!(shown(&of(operation)), [on(action)], "{operation:?}");
        let etag = Intent {
            names_etag: true,
            ..of(operation)
        };
        assert_eq!(shown(&etag), [on(action), on("s3:GetObject")], "{operation:?}");
    }
    let more = |operation| Intent {
        brings_acl: true,
        brings_tags: true,
        ..of(operation)
    };
    let all = [on("s3:PutObject"), on("s3:PutObjectAcl"), on("s3:PutObjectTagging")];
    assert_eq!(shown(&more(Operation::CreateMultipartUpload)), all);
    assert_eq!(shown(&more(Operation::UploadPart)), [on("s3:PutObject")]);
    for (operation, bucket, expected) in [
        (Operation::ListObjects, "b", &["s3:ListBucket arn:aws:s3:::b"][..]),
        (Operation::ListBuckets, "", &["s3:ListAllMyBuckets *"]),
        (Operation::DeleteObjects, "b", &[]),
        (Operation::DeleteObject, "b", &["s3:DeleteObject arn:aws:s3:::b/"]),
        (
            Operation::DeleteSetting(Setting::Cors),
            "b",
            &["s3:PutBucketCORS arn:aws:s3:::b"],
        ),
    ] {
        let intent = Intent::plain(operation, bucket, "", manner());
        assert_eq!(shown(&intent), expected, "{operation:?}");
    }
}

/// Reference: identity-pools-iam 11.2.
#[test]
fn who_names_a_version_needs_leave_for_versions_too() {
    for (operation, action) in [
        (Operation::GetObject, Some("s3:GetObjectVersion")),
        (Operation::HeadObject, Some("s3:GetObjectVersion")),
        (Operation::DeleteObject, Some("s3:DeleteObjectVersion")),
        (Operation::GetObjectAcl, Some("s3:GetObjectVersionAcl")),
        (Operation::PutObjectAcl, Some("s3:PutObjectVersionAcl")),
        (Operation::GetObjectTagging, Some("s3:GetObjectVersionTagging")),
        (Operation::PutObjectTagging, Some("s3:PutObjectVersionTagging")),
        (Operation::DeleteObjectTagging, Some("s3:DeleteObjectVersionTagging")),
        (Operation::PutObject, None),
        (Operation::ListObjects, None),
    ] {
        let asked = |version: Option<&str>| -> Vec<_> {
            let intent = Intent {
                version: version.map(str::to_owned),
                ..of(operation)
            };
            needs(&intent).into_iter().map(|(action, _)| action).collect()
        };
        let own = operation.action();
        assert_eq!(asked(None), own.into_iter().collect::<Vec<_>>(), "{operation:?}");
        assert_eq!(
            asked(Some("null")),
            own.into_iter().chain(action).collect::<Vec<_>>(),
            "{operation:?}"
        );
    }
}

fn bucket() -> Bucket {
    Bucket {
        name: "b".to_owned(),
        account: AccountId::new("111122223333"),
        region: Region::new("eu-west-1"),
        created_at: Timestamp::default(),
        settings: Settings::default(),
    }
}

fn tags(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
}

/// What is asked about beside an account's own bucket: nothing, an object, what comes along.
#[test]
fn keys_of_what_is_intended() {
    let signed = |intent: Intent| Intent {
        manner: Manner {
            signature: Some(Signature {
                by: "REST-HEADER",
                version: "AWS4-HMAC-SHA256",
                age: Some(1500),
            }),
            content_sha256: Some("UNSIGNED-PAYLOAD".to_owned()),
            ..manner()
        },
        ..intent
    };
    let account = ("s3:ResourceAccount", "111122223333");
    for (intent, existing, expected) in [
        (of(Operation::GetObject), tags(&[]), vec![account]),
        (
            of(Operation::GetObject),
            tags(&[("old", "x")]),
            vec![account, ("s3:ExistingObjectTag/old", "x")],
        ),
        (
            signed(Intent {
                version: Some("null".to_owned()),
                ..of(Operation::GetObject)
            }),
            tags(&[]),
            vec![
                ("s3:x-amz-content-sha256", "UNSIGNED-PAYLOAD"),
                ("s3:authType", "REST-HEADER"),
                ("s3:signatureversion", "AWS4-HMAC-SHA256"),
                ("s3:signatureAge", "1500"),
                account,
                ("s3:VersionId", "null"),
            ],
        ),
        (
            Intent {
                said: vec![("x-amz-acl".to_owned(), "private".to_owned())],
                tags: tags(&[("a", "1"), ("b", "2")]),
                ..of(Operation::PutObject)
            },
            tags(&[]),
            vec![
                account,
                ("s3:x-amz-acl", "private"),
                ("s3:ObjectCreationOperation", "true"),
                ("s3:RequestObjectTag/a", "1"),
                ("s3:RequestObjectTag/b", "2"),
            ],
        ),
    ] {
        let bucket = bucket();
        let keys = Keys::of(&intent, Some(&bucket), &existing);
        let single: Vec<_> = keys.single.iter().map(|(k, v)| (&**k, &**v)).collect();
        assert_eq!(single, expected, "{intent:?}");
        let names: Vec<&str> = intent.tags.keys().map(String::as_str).collect();
        assert_eq!(keys.tag_names, names);
    }
    assert_eq!(Keys::of(&of(Operation::GetObject), None, &tags(&[])), Keys::default());
}
