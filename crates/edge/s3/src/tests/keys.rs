//! The context keys that requests carry: a policy that asks for a key which no request carries never matches.
//! Reference: identity-pools-iam 6.3, 11.2.

use super::*;

impl Rig {
    /// As the object is at first, whatever was done to it.
    pub(super) async fn tag_again(&self) {
        let tags = [("old".to_owned(), "x".to_owned())].into();
        self.s3.objects.set_tags("photos", "k", tags).await.unwrap();
    }

    /// Whether the request is denied by a statement that denies the action on this condition, and by that alone.
    pub(super) async fn is_denied_when(&self, action: &str, condition: &str, (line, headers, body): Sent<'_>) -> bool {
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
pub(super) type Sent<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a str);

pub(super) fn carries(key: &str) -> String {
    format!(r#"{{"Null":{{"{key}":"false"}}}}"#)
}

pub(super) const TAGS: &str = "<Tagging><TagSet><Tag><Key>a</Key><Value>1</Value></Tag><Tag><Key>b</Key><Value>2</Value></Tag></TagSet></Tagging>";

fn configuration(constraint: &str) -> String {
    format!(
        "<CreateBucketConfiguration><LocationConstraint>{constraint}</LocationConstraint></CreateBucketConfiguration>"
    )
}

/// Requests, a key, and the value with which each carries it; none: it carries none.
async fn carry(rows: &[(Sent<'_>, &str, Option<&str>)]) {
    let rig = Rig::new().await;
    rig.call(Who::Admin, "PUT /photos/k", &[("x-amz-tagging", "old=x")], "v")
        .await
        .ok();
    for (sent, key, expected) in rows.iter().copied() {
        let line = sent.0;
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

#[tokio::test]
async fn keys_come_from_the_operation_and_its_headers() {
    let copy: &[_] = &[("x-amz-copy-source", "/photos/k")];
    let creation = "s3:ObjectCreationOperation";
    carry(&[
        (("PUT /photos/n", &[], "v"), creation, Some("true")),
        (("PUT /photos/n", copy, ""), creation, Some("true")),
        (("POST /photos/n?uploadId=u", &[], ""), creation, Some("true")),
        (("POST /photos/n?uploads", &[], ""), creation, Some("false")),
        (
            ("PUT /photos/n?partNumber=1&uploadId=u", &[], "v"),
            creation,
            Some("false"),
        ),
        (
            ("PUT /photos/n?partNumber=1&uploadId=u", copy, ""),
            creation,
            Some("false"),
        ),
        (("GET /photos/k", &[], ""), creation, None),
        (
            ("PUT /photos/n", &[("if-none-match", "*")], "v"),
            "s3:if-none-match",
            Some("*"),
        ),
        (("PUT /photos/n", &[("if-match", "*")], "v"), "s3:if-match", Some("*")),
    ])
    .await;
}

#[tokio::test]
async fn keys_come_from_tags_documents_and_versions() {
    let (west, header_tags): (_, &[_]) = (configuration("us-west-2"), &[("x-amz-tagging", "a=0&c=3")]);
    carry(&[
        (("PUT /photos/k?tagging", &[], TAGS), "s3:RequestObjectTag/a", Some("1")),
        (
            ("PUT /photos/k?tagging", &[], TAGS),
            "s3:RequestObjectTagKeys",
            Some("a,b"),
        ),
        (
            ("PUT /photos/k?tagging", header_tags, TAGS),
            "s3:RequestObjectTag/a",
            Some("1"),
        ),
        (
            ("PUT /photos/k?tagging", header_tags, TAGS),
            "s3:RequestObjectTag/c",
            None,
        ),
        (("PUT /photos/k", header_tags, "v"), "s3:RequestObjectTag/c", Some("3")),
        (("PUT /others", &[], ""), "s3:LocationConstraint", Some("us-east-1")),
        (("PUT /fourth", &[], &west), "s3:LocationConstraint", Some("us-west-2")),
        (
            ("PUT /others", &[("x-amz-object-ownership", "ObjectWriter")], ""),
            "s3:x-amz-object-ownership",
            Some("ObjectWriter"),
        ),
        (("GET /photos/k?versionId=null", &[], ""), "s3:VersionId", Some("null")),
        (("GET /photos/k", &[], ""), "s3:VersionId", None),
    ])
    .await;
}

fn deny(action: &str, condition: &str) -> String {
    format!(
        r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Deny","Principal":"*","Action":"s3:{action}","Resource":"arn:aws:s3:::photos/*"{condition}}}}}"#
    )
}

/// A statement that denies with a condition, and who it keeps from what.
#[tokio::test]
async fn what_is_denied_by_a_key_is_not_done() {
    let rig = Rig::new().await;
    rig.call(Who::Admin, "PUT /photos/k", &[], "v").await.ok();
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
