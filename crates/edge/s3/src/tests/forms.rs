//! Uploads from browsers.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use sigv4::{Scope, SigningKey};

use super::*;

/// What a form holds, in order.
pub(super) struct Form {
    fields: Vec<(String, String)>,
    file_name: &'static str,
    file: String,
}

const DATE: &str = "20260115T120000Z";

impl Form {
    /// Signed by the key, as SDKs do it: each field is named by a condition.
    pub(super) fn signed(key: &str, secret: &str, fields: &[(&str, &str)], more: &[Value]) -> Self {
        let credential = format!("{key}/20260115/us-east-1/s3/aws4_request");
        let mut all = vec![
            ("x-amz-algorithm", "AWS4-HMAC-SHA256"),
            ("x-amz-credential", credential.as_str()),
            ("x-amz-date", DATE),
        ];
        all.extend_from_slice(fields);
        let mut conditions: Vec<Value> = vec![json!({"bucket": "photos"})];
        conditions.extend(all.iter().map(|(name, value)| match value.split_once("${filename}") {
            Some((prefix, _)) => json!(["starts-with", format!("${name}"), prefix]),
            None => json!({*name: value}),
        }));
        conditions.extend_from_slice(more);
        let mut form = Self::open(&all);
        form.sign(
            secret,
            &json!({"expiration": "2026-01-15T12:05:00.000Z", "conditions": conditions}),
        );
        form
    }

    /// Nobody's.
    pub(super) fn open(fields: &[(&str, &str)]) -> Self {
        Self {
            fields: fields.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect(),
            file_name: "n.txt",
            file: "hello".to_owned(),
        }
    }

    pub(super) fn sign(&mut self, secret: &str, policy: &Value) {
        let policy = STANDARD.encode(policy.to_string());
        let scope = Scope {
            date: "20260115".to_owned(),
            region: Region::new("us-east-1"),
            service: "s3".to_owned(),
        };
        let signature = SigningKey::derive(&Secret::new(secret), &scope).sign(&policy);
        self.fields.push(("policy".to_owned(), policy));
        self.fields.push(("x-amz-signature".to_owned(), signature));
    }

    pub(super) fn with(mut self, name: &str, value: &str) -> Self {
        self.fields.retain(|(known, _)| known != name);
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(super) fn without(mut self, name: &str) -> Self {
        self.fields.retain(|(known, _)| known != name);
        self
    }

    pub(super) fn body(&self) -> String {
        use std::fmt::Write as _;
        let mut body = String::new();
        for (name, value) in &self.fields {
            write!(
                body,
                "--XyZ\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            )
            .unwrap();
        }
        let (name, file) = (self.file_name, &self.file);
        write!(
            body,
            "--XyZ\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: text/css\r\n\r\n{file}\r\n\
             --XyZ\r\nContent-Disposition: form-data; name=\"submit\"\r\n\r\nUpload\r\n--XyZ--\r\n"
        )
        .unwrap();
        body
    }
}

pub(super) fn admins(fields: &[(&str, &str)], more: &[Value]) -> Form {
    Form::signed("AKIAADMIN", "s-admin", fields, more)
}

pub(super) const TYPE: (&str, &str) = ("content-type", "multipart/form-data; boundary=XyZ");

impl Rig {
    pub(super) async fn post(&self, form: &Form) -> Got {
        self.call(Who::Nobody, "POST /photos", &[TYPE], &form.body()).await
    }
}

#[tokio::test]
async fn a_form_is_a_put() {
    let rig = Rig::new().await;
    let form = admins(
        &[
            ("key", "a b/${filename}"),
            ("Content-Type", "text/plain"),
            ("Cache-Control", "max-age=5"),
            ("x-amz-meta-Note", "von ${filename}"),
            ("x-amz-storage-class", "STANDARD_IA"),
            ("x-amz-server-side-encryption", "AES256"),
            ("Content-MD5", "XUFAKrxLKna5cZ2REBfFkg=="),
            ("x-amz-checksum-crc32", "NhCmhg=="),
            (
                "tagging",
                "<Tagging><TagSet><Tag><Key>team</Key><Value>red</Value></Tag></TagSet></Tagging>",
            ),
        ],
        &[],
    );
    let got = rig.post(&form).await;
    assert_eq!((got.status, got.body.as_str()), (204, ""));
    assert_eq!(got.header("etag"), "\"5d41402abc4b2a76b9719d911017c592\"");
    assert_eq!(got.header("location"), "http://localhost:4566/photos/a%20b%2Fn.txt");
    assert_eq!(got.header("x-amz-server-side-encryption"), "AES256");
    assert_eq!(got.header("x-amz-checksum-crc32"), "NhCmhg==");
    let read = rig.call(Who::Admin, "GET /photos/a%20b/n.txt", &[], "").await.ok();
    assert_eq!(read.body, "hello");
    for (name, value) in [
        ("content-type", "text/plain"),
        ("cache-control", "max-age=5"),
        ("x-amz-meta-note", "von n.txt"),
        ("x-amz-storage-class", "STANDARD_IA"),
        ("x-amz-tagging-count", "1"),
    ] {
        assert_eq!(read.header(name), value);
    }
}

#[tokio::test]
async fn the_answer_is_what_the_form_asks_for() {
    let rig = Rig::new().await;
    for (field, value, status, location) in [
        (
            "success_action_status",
            "200",
            200,
            "http://localhost:4566/photos/a%2Fn.txt",
        ),
        (
            "success_action_status",
            "204",
            204,
            "http://localhost:4566/photos/a%2Fn.txt",
        ),
        (
            "success_action_status",
            "404",
            204,
            "http://localhost:4566/photos/a%2Fn.txt",
        ),
        (
            "success_action_redirect",
            "/relative",
            204,
            "http://localhost:4566/photos/a%2Fn.txt",
        ),
        (
            "success_action_redirect",
            "https://",
            204,
            "http://localhost:4566/photos/a%2Fn.txt",
        ),
        (
            "success_action_redirect",
            "https://app.example/done",
            303,
            "https://app.example/done?bucket=photos&key=a%2Fn.txt&etag=%225d41402abc4b2a76b9719d911017c592%22",
        ),
        (
            "success_action_redirect",
            "HTTPS://app.example/a b/ü#top",
            303,
            "HTTPS://app.example/a%20b/%C3%BC?bucket=photos&key=a%2Fn.txt&etag=%225d41402abc4b2a76b9719d911017c592%22#top",
        ),
        (
            "success_action_redirect",
            "javascript://app.example/",
            204,
            "http://localhost:4566/photos/a%2Fn.txt",
        ),
        (
            "redirect",
            "http://app.example/?n=1",
            303,
            "http://app.example/?n=1&bucket=photos&key=a%2Fn.txt&etag=%225d41402abc4b2a76b9719d911017c592%22",
        ),
    ] {
        let got = rig
            .post(&admins(&[("key", "a/${filename}"), (field, value)], &[]))
            .await;
        assert_eq!((got.status, got.body.as_str()), (status, ""), "{field} {value}");
        assert_eq!(got.header("location"), location);
        assert_eq!(got.header("etag"), "\"5d41402abc4b2a76b9719d911017c592\"");
    }
    let form = admins(&[("key", "prés/&x"), ("success_action_status", "201")], &[]);
    let got = rig.post(&form).await;
    assert_eq!((got.status, got.header("content-type")), (201, "application/xml"));
    let location = "http://localhost:4566/photos/pr%C3%A9s%2F%26x";
    assert_eq!(got.header("location"), location);
    assert_eq!(
        got.body,
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<PostResponse><Location>{location}</Location><Bucket>photos</Bucket>\
             <Key>prés/&amp;x</Key><ETag>&quot;5d41402abc4b2a76b9719d911017c592&quot;</ETag></PostResponse>"
        )
    );
}

#[tokio::test]
async fn a_buckets_own_host_takes_forms_too() {
    let rig = Rig::new().await;
    let body = admins(&[("key", "${filename}")], &[]).body();
    let host = ("host", "photos.s3.localhost:4566");
    let got = rig.call(Who::Nobody, "POST /", &[host, TYPE], &body).await;
    assert_eq!(got.status, 204, "{}", got.body);
    assert_eq!(got.header("location"), "http://photos.s3.localhost:4566/n.txt");
    rig.call(Who::Admin, "GET /photos/n.txt", &[], "").await.ok();
}

/// Signed by the administrator, for ever, on the date that it says.
fn dated(date: &str) -> Form {
    let mut form = Form::open(&[
        ("key", "dated"),
        ("x-amz-algorithm", "AWS4-HMAC-SHA256"),
        ("x-amz-date", date),
    ])
    .with("x-amz-credential", "AKIAADMIN/20260115/us-east-1/s3/aws4_request");
    let conditions = json!([{"bucket": "photos"}, {"key": "dated"}, {"x-amz-algorithm": "AWS4-HMAC-SHA256"},
        {"x-amz-date": date}, ["starts-with", "$x-amz-credential", ""]]);
    form.sign(
        "s-admin",
        &json!({"expiration": "9999-12-31T23:59:59Z", "conditions": conditions}),
    );
    form
}

#[tokio::test]
async fn forms_that_are_not_as_signed_store_nothing() {
    let rig = Rig::new().await;
    let form = || admins(&[("key", "k")], &[]);
    let mut expired = Form::open(&[
        ("key", "k"),
        ("x-amz-algorithm", "AWS4-HMAC-SHA256"),
        ("x-amz-date", DATE),
    ])
    .with("x-amz-credential", "AKIAADMIN/20260115/us-east-1/s3/aws4_request");
    expired.sign(
        "s-admin",
        &json!({"expiration": "2026-01-15T11:59:59Z", "conditions": []}),
    );
    let mut renamed = form();
    renamed
        .fields
        .iter_mut()
        .filter(|(name, _)| name == "key")
        .for_each(|field| field.1 = "other".to_owned());
    for (form, status, code, message) in [
        (
            expired,
            403,
            "AccessDenied",
            "Invalid according to Policy: Policy expired.",
        ),
        (
            renamed,
            403,
            "AccessDenied",
            "Invalid according to Policy: Policy Condition failed: [&quot;eq&quot;, &quot;$key&quot;, &quot;k&quot;]",
        ),
        (
            form().with("x-amz-meta-a", "1"),
            403,
            "AccessDenied",
            "Invalid according to Policy: Extra input fields: x-amz-meta-a",
        ),
        (
            form().without("key"),
            400,
            "InvalidArgument",
            "Bucket POST must contain a field named 'key'.  If it is specified, please check the order of the fields.",
        ),
        (
            form().without("x-amz-signature"),
            400,
            "InvalidArgument",
            "Bucket POST must contain a field named 'X-Amz-Signature'.  If it is specified, please check the order of the fields.",
        ),
        (
            form().with("policy", "eyJ9"),
            403,
            "SignatureDoesNotMatch",
            "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
        ),
        (
            Form::signed("AKIANOBODY", "s", &[("key", "k")], &[]),
            403,
            "InvalidAccessKeyId",
            "The AWS Access Key Id you provided does not exist in our records.",
        ),
        (Form::open(&[("key", "k")]), 403, "AccessDenied", "Access Denied"),
        // A signature of the future would have no age that a bucket's policy could ask for.
        (
            dated("20260115T121501Z"),
            403,
            "AccessDenied",
            "Request is not yet valid",
        ),
    ] {
        let got = rig.post(&form).await;
        got.is(status, code);
        assert_eq!(got.element("Message"), message);
    }
    let list = rig.call(Who::Admin, "GET /photos?list-type=2", &[], "").await.ok();
    assert_eq!(list.element("KeyCount"), "0");
    // Clocks may differ by so much.
    let got = rig.post(&dated("20260115T121500Z")).await;
    assert_eq!((got.status, got.body.as_str()), (204, ""));
}

#[tokio::test]
async fn forms_that_say_what_no_put_may_store_nothing() {
    let rig = Rig::new().await;
    let range = |min: u64, max: u64| admins(&[("key", "k")], &[json!(["content-length-range", min, max])]);
    for (form, status, code, message) in [
        (
            range(6, 9),
            400,
            "EntityTooSmall",
            "Your proposed upload is smaller than the minimum allowed size",
        ),
        (
            range(1, 4),
            400,
            "EntityTooLarge",
            "Your proposed upload exceeds the maximum allowed size",
        ),
        (
            admins(&[("key", "k"), ("acl", "public-read")], &[]),
            400,
            "AccessControlListNotSupported",
            "The bucket does not allow ACLs",
        ),
        (
            admins(&[("key", "k"), ("Content-MD5", "XUFAKrxLKna5cZ2REBfFkA==")], &[]),
            400,
            "BadDigest",
            "The Content-MD5 you specified did not match what we received.",
        ),
        (
            admins(&[("key", "k"), ("x-amz-storage-class", "FakeClass")], &[]),
            400,
            "InvalidStorageClass",
            "The storage class you specified is not valid",
        ),
        (
            admins(&[("key", &"k".repeat(1025))], &[]),
            400,
            "KeyTooLongError",
            "Your key is too long",
        ),
    ] {
        let got = rig.post(&form).await;
        got.is(status, code);
        assert_eq!(got.element("Message"), message);
    }
    let list = rig.call(Who::Admin, "GET /photos?list-type=2", &[], "").await.ok();
    assert_eq!(list.element("KeyCount"), "0");
    let got = rig.post(&range(1, 4)).await;
    assert_eq!((got.element("ProposedSize"), got.element("MaxSizeAllowed")), ("5", "4"));
    let got = rig.post(&range(6, 9)).await;
    assert_eq!((got.element("ProposedSize"), got.element("MinSizeAllowed")), ("5", "6"));
}
