//! Every context key that a policy may ask for is carried by some request, or known to be absent.
//! Reference: identity-pools-iam 6.3, 11.2.

use std::collections::BTreeSet;

use super::{
    keys::{Sent, TAGS, carries},
    *,
};

/// Keys that S3 knows and no request here carries.
const ABSENT: [&str; 21] = [
    // Access points and access grants: there are none.
    "accessgrantscope",
    "accessgrantsinstancearn",
    "accessgrantslocationscope",
    "accesspointnetworkorigin",
    "accesspointtag/",
    "dataaccesspointaccount",
    "dataaccesspointarn",
    // Batch jobs, replication, inventories: neither.
    "destinationregion",
    "existingjoboperation",
    "existingjobpriority",
    "inventoryaccessibleoptionalfields",
    "isreplicationpauserequest",
    "jobsuspendedcause",
    "requestjoboperation",
    "requestjobpriority",
    // Tags of buckets count only where a bucket is told so, which needs PutBucketAbac.
    "buckettag/",
    // No bucket locks objects; requests that ask for it are refused.
    "object-lock-legal-hold",
    "object-lock-mode",
    "object-lock-remaining-retention-days",
    "object-lock-retain-until-date",
    // Whatever ends TLS, the program or what stands before it, does not say.
    "tlsversion",
];

/// Requests, and the actions that each asks leave for.
fn requests<'a>(
    all: &'a [(&'a str, &'a str)],
    copy: &'a [(&'a str, &'a str)],
) -> [(Sent<'a>, &'static [&'static str]); 16] {
    const READ: &str = "s3:GetObject";
    const WRITE: &str = "s3:PutObject";
    [
        (("GET /", all, ""), &["s3:ListAllMyBuckets"]),
        (("PUT /others", all, ""), &["s3:CreateBucket"]),
        (
            ("GET /photos?prefix=a&delimiter=b&max-keys=1", all, ""),
            &["s3:ListBucket"],
        ),
        (
            ("GET /photos?versions&prefix=a&delimiter=b&max-keys=1", all, ""),
            &["s3:ListBucketVersions"],
        ),
        (("GET /photos?uploads", all, ""), &["s3:ListBucketMultipartUploads"]),
        (("GET /photos?acl", all, ""), &["s3:GetBucketAcl"]),
        (("PUT /photos?acl", all, ""), &["s3:PutBucketAcl"]),
        (
            ("PUT /photos/k", all, "v"),
            &[WRITE, READ, "s3:PutObjectAcl", "s3:PutObjectTagging"],
        ),
        (
            ("PUT /photos/k", copy, ""),
            &[WRITE, READ, "s3:PutObjectAcl", "s3:PutObjectTagging"],
        ),
        (
            ("GET /photos/k?versionId=null", all, ""),
            &[READ, "s3:GetObjectVersion"],
        ),
        (
            ("DELETE /photos/none?versionId=null", all, ""),
            &["s3:DeleteObject", "s3:DeleteObjectVersion", READ],
        ),
        (
            ("GET /photos/k?acl&versionId=null", all, ""),
            &["s3:GetObjectAcl", "s3:GetObjectVersionAcl"],
        ),
        (
            ("PUT /photos/k?acl&versionId=null", all, ""),
            &["s3:PutObjectAcl", "s3:PutObjectVersionAcl"],
        ),
        (
            ("GET /photos/k?tagging&versionId=null", all, ""),
            &["s3:GetObjectTagging", "s3:GetObjectVersionTagging"],
        ),
        (
            ("PUT /photos/k?tagging&versionId=null", all, TAGS),
            &["s3:PutObjectTagging", "s3:PutObjectVersionTagging"],
        ),
        // It removes the tag that the others see, if nothing keeps it from doing so.
        (
            ("DELETE /photos/k?tagging&versionId=null", all, ""),
            &["s3:DeleteObjectTagging", "s3:DeleteObjectVersionTagging"],
        ),
    ]
}

#[tokio::test]
async fn every_key_that_a_policy_may_ask_for_is_carried_or_known_to_be_absent() {
    let rig = Rig::new().await;
    rig.call(Who::Admin, "PUT /photos/k", &[("x-amz-tagging", "old=x")], "v")
        .await
        .ok();
    let all: Vec<(&str, &str)> = crate::call::HEADER_KEYS
        .into_iter()
        .filter(|name| !["x-amz-copy-source", "x-amz-content-sha256"].contains(name))
        .map(|name| (name, "v"))
        .chain([
            ("x-amz-tagging", "a=1"),
            ("x-amz-grant-full-control", "v"),
            ("x-amz-grant-read", "v"),
            ("x-amz-grant-read-acp", "v"),
            ("x-amz-grant-write", "v"),
            ("x-amz-grant-write-acp", "v"),
        ])
        .collect();
    let copy: Vec<_> = all
        .iter()
        .copied()
        .chain([("x-amz-copy-source", "/photos/k")])
        .collect();
    let requests = requests(&all, &copy);
    let named: BTreeSet<&str> = requests.iter().flat_map(|(_, actions)| *actions).copied().collect();
    for (action, key) in policy::condition_keys() {
        let is_absent = ABSENT.contains(&key);
        let condition = match key {
            "existingobjecttag/" => carries("s3:ExistingObjectTag/old"),
            "requestobjecttag/" => carries("s3:RequestObjectTag/a"),
            other => carries(&format!("s3:{other}")),
        };
        let actions: Vec<&str> = match action {
            _ if is_absent => vec!["s3:*"],
            Some(action) => named
                .iter()
                .copied()
                .filter(|name| name.eq_ignore_ascii_case(action))
                .collect(),
            None => named.iter().copied().collect(),
        };
        for action in actions {
            let mut is_carried = false;
            for (sent, asked) in &requests {
                if is_carried || !(is_absent || asked.contains(&action)) {
                    continue;
                }
                rig.tag_again().await;
                is_carried = rig.is_denied_when(action, &condition, *sent).await;
            }
            // There is no bucket yet to have an account.
            let of_no_bucket = key == "resourceaccount" && ["s3:ListAllMyBuckets", "s3:CreateBucket"].contains(&action);
            assert_eq!(is_carried, !is_absent && !of_no_bucket, "{action} {key}");
        }
    }
    for absent in ABSENT {
        assert!(policy::condition_keys().any(|(_, key)| key == absent), "{absent}");
    }
}
