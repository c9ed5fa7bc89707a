//! Which actions an intent needs leave for, and on what. Reference: identity-pools-iam 11.2.

use super::intent::Intent;

/// An action and the ARN that it acts on.
pub(super) type Need = (&'static str, String);

pub fn bucket_arn(bucket: &str) -> String {
    format!("arn:aws:s3:::{bucket}")
}

fn object_arn(bucket: &str, key: &str) -> String {
    format!("arn:aws:s3:::{bucket}/{key}")
}

/// All that must be allowed before the operation begins. What concerns another bucket (the source of a copy) or single
/// keys (DeleteObjects) are intents of their own.
pub(super) fn needs(intent: &Intent) -> Vec<Need> {
    let resource = match (intent.bucket.as_str(), intent.key.as_str()) {
        ("", _) => "*".to_owned(),
        (bucket, "") => bucket_arn(bucket),
        (bucket, key) => object_arn(bucket, key),
    };
    let operation = intent.operation;
    let version = operation.version_action().filter(|_| intent.version.is_some());
    // Who writes on condition of an ETag learns whether it is that. Reference: S3 user guide, conditional requests.
    let etag = (operation.has_if_match() && intent.names_etag).then_some("s3:GetObject");
    let acl = (operation.writes_object() && intent.brings_acl).then_some("s3:PutObjectAcl");
    let tags = (operation.writes_object() && intent.brings_tags).then_some("s3:PutObjectTagging");
    [operation.action(), version, etag, acl, tags]
        .into_iter()
        .flatten()
        .map(|action| (action, resource.clone()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Region;

    use super::super::{intent::Manner, operation::Operation, setting::Setting};

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
}
