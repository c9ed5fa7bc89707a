//! The context keys that requests carry: a policy that asks for a key which no request carries never matches.
//! Reference: identity-pools-iam 6.3, 11.2.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Mutex,
};

use super::*;

/// A question's action and single keys; those with several values are joined by commas.
type Asked = (String, BTreeMap<String, String>);

/// What was asked of IAM.
#[derive(Clone, Default)]
struct Record(Arc<Mutex<Vec<Asked>>>);

impl Record {
    /// Whatever is asked is written down before it is decided.
    fn of(rig: &mut Rig) -> Self {
        let record = Self::default();
        let asked = Arc::clone(&record.0);
        rig.s3.gate.decide = Arc::new(move |_, question| {
            let mut keys: BTreeMap<_, _> = question.keys.single.iter().cloned().collect();
            keys.extend(
                question
                    .keys
                    .many
                    .iter()
                    .map(|(key, values)| (key.clone(), values.join(","))),
            );
            asked.lock().unwrap().push((question.action.to_owned(), keys));
            async move { Ok(decide(&question)) }.boxed()
        });
        record
    }

    fn take(&self) -> Vec<Asked> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

const TAGS: &str = "<Tagging><TagSet><Tag><Key>a</Key><Value>1</Value></Tag><Tag><Key>b</Key><Value>2</Value></Tag></TagSet></Tagging>";

fn configuration(constraint: &str) -> String {
    format!(
        "<CreateBucketConfiguration><LocationConstraint>{constraint}</LocationConstraint></CreateBucketConfiguration>"
    )
}

#[tokio::test]
async fn keys_come_from_the_operation_its_headers_and_its_document() {
    let mut rig = Rig::new().await;
    rig.call(Who::Admin, "PUT /photos/k", &[("x-amz-tagging", "old=x")], "v")
        .await
        .ok();
    let record = Record::of(&mut rig);
    let copy: &[_] = &[("x-amz-copy-source", "/photos/k")];
    let creation = "s3:ObjectCreationOperation";
    let (west, header_tags): (_, &[_]) = (configuration("us-west-2"), &[("x-amz-tagging", "a=0&c=3")]);
    let none = None::<&str>;
    for (line, headers, body, key, expected) in [
        ("PUT /photos/n", &[][..], "v", creation, Some("true")),
        ("PUT /photos/n", copy, "", creation, Some("true")),
        ("POST /photos/n?uploadId=u", &[], "", creation, Some("true")),
        ("POST /photos/n?uploads", &[], "", creation, Some("false")),
        (
            "PUT /photos/n?partNumber=1&uploadId=u",
            &[],
            "v",
            creation,
            Some("false"),
        ),
        (
            "PUT /photos/n?partNumber=1&uploadId=u",
            copy,
            "",
            creation,
            Some("false"),
        ),
        ("GET /photos/k", &[], "", creation, none),
        (
            "PUT /photos/n",
            &[("if-none-match", "*")],
            "v",
            "s3:if-none-match",
            Some("*"),
        ),
        ("PUT /photos/n", &[("if-match", "*")], "v", "s3:if-match", Some("*")),
        ("PUT /photos/k?tagging", &[], TAGS, "s3:RequestObjectTag/a", Some("1")),
        (
            "PUT /photos/k?tagging",
            &[],
            TAGS,
            "s3:RequestObjectTagKeys",
            Some("a,b"),
        ),
        (
            "PUT /photos/k?tagging",
            header_tags,
            TAGS,
            "s3:RequestObjectTag/a",
            Some("1"),
        ),
        (
            "PUT /photos/k?tagging",
            header_tags,
            TAGS,
            "s3:RequestObjectTag/c",
            none,
        ),
        ("PUT /photos/k", header_tags, "v", "s3:RequestObjectTag/c", Some("3")),
        ("PUT /others", &[], "", "s3:LocationConstraint", Some("us-east-1")),
        ("PUT /fourth", &[], &west, "s3:LocationConstraint", Some("us-west-2")),
        (
            "PUT /others",
            &[("x-amz-object-ownership", "ObjectWriter")],
            "",
            "s3:x-amz-object-ownership",
            Some("ObjectWriter"),
        ),
        ("GET /photos/k?versionId=null", &[], "", "s3:VersionId", Some("null")),
        ("GET /photos/k", &[], "", "s3:VersionId", none),
    ] {
        rig.call(Who::Admin, line, headers, body).await;
        let asked = record.take();
        assert_eq!(asked[0].1.get(key).map(String::as_str), expected, "{line} {key}");
    }
}

/// A statement that denies with a condition, and who it keeps from what.
#[tokio::test]
async fn what_is_denied_by_a_key_is_not_done() {
    let rig = Rig::new().await;
    rig.call(Who::Admin, "PUT /photos/k", &[], "v").await.ok();
    let deny = |action: &str, condition: &str| {
        format!(
            r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Deny","Principal":"*","Action":"s3:{action}","Resource":"arn:aws:s3:::photos/*"{condition}}}}}"#
        )
    };
    let when = |test: &str| format!(r#","Condition":{{{test}}}"#);
    let delete = "<Delete><Object><Key>k</Key><VersionId>null</VersionId></Object></Delete>";
    let other_tag = TAGS.replace(">1<", ">0<");
    let copy: &[_] = &[("x-amz-copy-source", "/photos/k")];
    for (action, condition, denied, allowed) in [
        (
            "PutObject",
            when(r#""Bool":{"s3:ObjectCreationOperation":"true"}"#),
            ("PUT /photos/n", &[][..], "v"),
            ("POST /photos/n?uploads", &[][..], ""),
        ),
        (
            "PutObject",
            when(r#""Null":{"s3:if-none-match":"true"},"Bool":{"s3:ObjectCreationOperation":"true"}"#),
            ("PUT /photos/n1", &[], "v"),
            ("PUT /photos/n1", &[("if-none-match", "*")], "v"),
        ),
        (
            "PutObjectTagging",
            when(r#""StringEquals":{"s3:RequestObjectTag/a":"1"}"#),
            ("PUT /photos/k?tagging", &[("x-amz-tagging", "a=0")], TAGS),
            ("PUT /photos/k?tagging", &[], &other_tag),
        ),
        (
            "GetObjectVersion",
            String::new(),
            ("GET /photos/k?versionId=null", &[], ""),
            ("GET /photos/k", &[], ""),
        ),
        (
            "GetObjectVersion",
            String::new(),
            (
                "PUT /photos/c",
                &[("x-amz-copy-source", "/photos/k?versionId=null")],
                "",
            ),
            ("PUT /photos/c", copy, ""),
        ),
        (
            "GetObject",
            when(r#""StringEquals":{"s3:authType":"REST-HEADER"}"#),
            ("PUT /photos/c", copy, ""),
            ("PUT /photos/c", &[], "v"),
        ),
        (
            "GetObjectVersionTagging",
            String::new(),
            ("GET /photos/k?tagging&versionId=null", &[], ""),
            ("GET /photos/k?tagging", &[], ""),
        ),
        (
            "DeleteObjectVersion",
            when(r#""StringEquals":{"s3:VersionId":"null"}"#),
            ("DELETE /photos/n?versionId=null", &[], ""),
            ("DELETE /photos/n", &[], ""),
        ),
        (
            "DeleteObjectVersion",
            String::new(),
            ("POST /photos?delete", &[], delete),
            ("DELETE /photos/n", &[], ""),
        ),
    ] {
        let document = deny(action, &condition);
        let put = rig.call(Who::Admin, "PUT /photos?policy", &[], &document).await;
        assert_eq!(put.status, 204, "{document}: {}", put.body);
        let (line, headers, body) = denied;
        let got = rig.call(Who::Admin, line, headers, body).await;
        assert_eq!(got.element("Code"), "AccessDenied", "{document}: {line}: {}", got.body);
        let (line, headers, body) = allowed;
        let got = rig.call(Who::Admin, line, headers, body).await;
        assert!(got.status < 300, "{document}: {line}: {}", got.body);
    }
    rig.call(Who::Admin, "HEAD /photos/k", &[], "").await.ok();
}

#[tokio::test]
async fn a_document_is_read_before_leave_is_asked_but_its_faults_come_after() {
    let rig = Rig::new().await;
    rig.call(Who::Admin, "PUT /photos/k", &[], "v").await.ok();
    let long = format!("<Tagging>{}</Tagging>", " ".repeat(256 << 10));
    for (line, body, code) in [
        ("PUT /photos/k?tagging", "<Tagging>", "MalformedXML"),
        ("PUT /photos/k?tagging", &long, "MaxMessageLengthExceeded"),
        ("PUT /others", "<Tagging/>", "MalformedXML"),
        ("PUT /others", &long, "MaxMessageLengthExceeded"),
    ] {
        rig.call(Who::Admin, line, &[], body).await.is(400, code);
        rig.call(Who::Ana, line, &[], body).await.is(403, "AccessDenied");
    }
}

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

#[tokio::test]
async fn every_key_that_a_policy_may_ask_for_is_carried_or_known_to_be_absent() {
    let mut rig = Rig::new().await;
    rig.call(Who::Admin, "PUT /photos/k", &[("x-amz-tagging", "old=x")], "v")
        .await
        .ok();
    let record = Record::of(&mut rig);
    let all: Vec<(&str, &str)> = crate::call::keys::HEADER_KEYS
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
    for (line, headers, body) in [
        ("GET /", &all, ""),
        ("PUT /others", &all, ""),
        ("GET /photos?prefix=a&delimiter=b&max-keys=1", &all, ""),
        ("GET /photos?versions&prefix=a&delimiter=b&max-keys=1", &all, ""),
        ("GET /photos?uploads", &all, ""),
        ("GET /photos?acl", &all, ""),
        ("PUT /photos?acl", &all, ""),
        ("PUT /photos/k", &all, "v"),
        ("PUT /photos/k", &copy, ""),
        ("GET /photos/k?versionId=null", &all, ""),
        ("DELETE /photos/none?versionId=null", &all, ""),
        ("GET /photos/k?acl&versionId=null", &all, ""),
        ("PUT /photos/k?acl&versionId=null", &all, ""),
        ("GET /photos/k?tagging&versionId=null", &all, ""),
        ("PUT /photos/k?tagging&versionId=null", &all, TAGS),
        // It removes the tag that the others see, so it comes last.
        ("DELETE /photos/k?tagging&versionId=null", &all, ""),
    ] {
        rig.call(Who::Admin, line, headers, body).await;
    }
    let general = |key: &str| {
        let key = key.trim_start_matches("s3:").to_ascii_lowercase();
        key.split_once('/')
            .map_or(key.clone(), |(start, _)| format!("{start}/"))
    };
    let mut carried: BTreeSet<(String, String)> = BTreeSet::new();
    for (action, keys) in record.take() {
        let action = action.to_ascii_lowercase();
        carried.extend(keys.keys().map(|key| (action.clone(), general(key))));
    }
    let asked: BTreeSet<&str> = carried.iter().map(|(action, _)| action.as_str()).collect();
    let anywhere: BTreeSet<&str> = carried.iter().map(|(_, key)| key.as_str()).collect();
    for (action, key) in policy::condition_keys() {
        let is_absent = ABSENT.contains(&key);
        assert_ne!(anywhere.contains(key), is_absent, "{key}");
        let actions: Vec<&str> = match action {
            Some(action) => asked.get(action).copied().into_iter().collect(),
            None => asked.iter().copied().collect(),
        };
        for action in actions {
            let is_carried = carried.contains(&(action.to_owned(), key.to_owned()));
            // There is no bucket yet to have an account.
            let of_no_bucket = key == "resourceaccount" && ["s3:listallmybuckets", "s3:createbucket"].contains(&action);
            assert!(is_carried || is_absent || of_no_bucket, "{action} {key}");
        }
    }
    for absent in ABSENT {
        assert!(policy::condition_keys().any(|(_, key)| key == absent), "{absent}");
    }
}
