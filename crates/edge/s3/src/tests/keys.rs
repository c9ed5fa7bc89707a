//! The context keys that requests carry: a policy that asks for a key which no request carries never matches.
//! Reference: identity-pools-iam 6.3, 11.2.

use std::collections::BTreeSet;

use super::*;

impl Rig {
    /// As the object is at first, whatever was done to it.
    async fn tag_again(&self) {
        let tags = [("old".to_owned(), "x".to_owned())].into();
        self.s3.objects.set_tags("photos", "k", tags).await.unwrap();
    }

    /// Whether the request is denied by a statement that denies the action on this condition, and by that alone.
    async fn is_denied_when(&self, action: &str, condition: &str, (line, headers, body): Sent<'_>) -> bool {
        let statement = format!(r#"{{"Effect":"Deny","Action":"{action}","Resource":"*","Condition":{condition}}}"#);
        self.grant(
            "admin",
            format!(r#"{{"Version":"2012-10-17","Statement":[{statement}]}}"#),
        )
        .await;
        let got = self.call(Who::Admin, line, headers, body).await;
        got.body.contains("with an explicit deny in an identity-based policy")
    }
}

/// Line, headers and body.
type Sent<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a str);

fn carries(key: &str) -> String {
    format!(r#"{{"Null":{{"{key}":"false"}}}}"#)
}

const TAGS: &str = "<Tagging><TagSet><Tag><Key>a</Key><Value>1</Value></Tag><Tag><Key>b</Key><Value>2</Value></Tag></TagSet></Tagging>";

fn configuration(constraint: &str) -> String {
    format!(
        "<CreateBucketConfiguration><LocationConstraint>{constraint}</LocationConstraint></CreateBucketConfiguration>"
    )
}

#[tokio::test]
async fn keys_come_from_the_operation_its_headers_and_its_document() {
    let rig = Rig::new().await;
    rig.call(Who::Admin, "PUT /photos/k", &[("x-amz-tagging", "old=x")], "v")
        .await
        .ok();
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
        let sent = (line, headers, body);
        assert_eq!(
            rig.is_denied_when("s3:*", &carries(key), sent).await,
            expected.is_some(),
            "{line} {key}"
        );
        let values = match key {
            "s3:RequestObjectTagKeys" => r#"["a","b"]"#.to_owned(),
            _ => format!("\"{}\"", expected.unwrap_or("none")),
        };
        let equals = format!(r#"{{"ForAllValues:StringEquals":{{"{key}":{values}}},"Null":{{"{key}":"false"}}}}"#);
        assert_eq!(
            rig.is_denied_when("s3:*", &equals, sent).await,
            expected.is_some(),
            "{line} {key} {values}"
        );
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
    let all: Vec<(&str, &str)> = crate::arrival::intent::HEADER_KEYS
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
