//! What clients ask for on condition, and what answers and refusals say beside their codes.

use std::fmt::Write;

use super::*;

pub(super) fn parts(list: &[(u32, &str)]) -> String {
    let mut parts = String::new();
    for (number, etag) in list {
        let etag = etag.replace('"', "&quot;");
        let _ = write!(
            parts,
            "<Part><PartNumber>{number}</PartNumber><ETag>{etag}</ETag></Part>"
        );
    }
    format!("<CompleteMultipartUpload>{parts}</CompleteMultipartUpload>")
}

#[tokio::test]
async fn each_deletion_keeps_its_own_conditions() {
    let rig = Rig::new().await;
    for key in ["same", "other", "longer", "older", "new", "ana/x"] {
        rig.call(Who::Admin, &format!("PUT /photos/{key}"), &[], "x").await.ok();
    }
    let etag = "&quot;9dd4e461268c8034f5c8564e155c67a6&quot;";
    let body = format!(
        "<Delete><Object><Key>same</Key><ETag>{etag}</ETag></Object>\
         <Object><Key>other</Key><ETag>&quot;abc&quot;</ETag></Object>\
         <Object><Key>longer</Key><Size>2</Size></Object>\
         <Object><Key>older</Key><LastModifiedTime>Thu, 15 Jan 2026 11:59:59 GMT</LastModifiedTime></Object>\
         <Object><Key>new</Key><LastModifiedTime>2026-01-15T12:00:00Z</LastModifiedTime><Size>1</Size></Object>\
         <Object><Key>none</Key><ETag>{etag}</ETag></Object></Delete>"
    );
    let got = rig.call(Who::Admin, "POST /photos?delete", &[], &body).await.ok();
    let failed = |key: &str| {
        format!(
            "<Error><Key>{key}</Key><Code>PreconditionFailed</Code><Message>At least one of the pre-conditions you specified did not hold</Message></Error>"
        )
    };
    for expected in [
        "<Deleted><Key>same</Key></Deleted>".to_owned(),
        failed("other"),
        failed("longer"),
        failed("older"),
        "<Deleted><Key>new</Key></Deleted>".to_owned(),
        "<Error><Key>none</Key><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>"
            .to_owned(),
    ] {
        assert!(got.body.contains(&expected), "{expected} in {}", got.body);
    }
    for (key, status) in [
        ("same", 404),
        ("other", 200),
        ("longer", 200),
        ("older", 200),
        ("new", 404),
    ] {
        assert_eq!(
            rig.call(Who::Admin, &format!("HEAD /photos/{key}"), &[], "")
                .await
                .status,
            status,
            "{key}"
        );
    }
    for wrong in ["<Size>many</Size>", "<LastModifiedTime>lately</LastModifiedTime>"] {
        let body =
            format!("<Delete><Object><Key>ana/x</Key></Object><Object><Key>other</Key>{wrong}</Object></Delete>");
        rig.call(Who::Admin, "POST /photos?delete", &[], &body)
            .await
            .is(400, "MalformedXML");
    }

    for (header, value, status, code) in [
        ("if-match", "\"abc\"", 412, "PreconditionFailed"),
        ("x-amz-if-match-size", "1", 501, "NotImplemented"),
        (
            "x-amz-if-match-last-modified-time",
            "Thu, 15 Jan 2026 12:00:00 GMT",
            501,
            "NotImplemented",
        ),
    ] {
        let got = rig
            .call(Who::Admin, "DELETE /photos/ana/x", &[(header, value)], "")
            .await;
        got.is(status, code);
        assert_eq!(got.element("Header"), if status == 501 { header } else { "" });
    }
    rig.call(Who::Admin, "DELETE /photos/none", &[("if-match", "*")], "")
        .await
        .is(404, "NoSuchKey");
    assert_eq!(rig.call(Who::Admin, "GET /photos/ana/x", &[], "").await.body, "x");
    assert_eq!(
        rig.call(Who::Ana, "DELETE /photos/ana/x", &[("if-match", "*")], "")
            .await
            .status,
        204
    );
}

#[tokio::test]
async fn writes_take_one_condition() {
    let rig = Rig::new().await;
    let etag = rig
        .call(Who::Admin, "PUT /photos/k", &[], "x")
        .await
        .ok()
        .header("etag")
        .to_owned();
    for (headers, named) in [
        (vec![("if-none-match", etag.as_str())], "If-None-Match"),
        (vec![("if-match", "*")], "If-Match"),
        (
            vec![("if-match", etag.as_str()), ("if-none-match", "*")],
            "If-Match,If-None-Match",
        ),
    ] {
        let copying = [&headers[..], &[("x-amz-copy-source", "photos/k")]].concat();
        for headers in [headers, copying] {
            let got = rig.call(Who::Admin, "PUT /photos/k", &headers, "").await;
            got.is(501, "NotImplemented");
            assert_eq!(got.element("Header"), named);
            assert_ne!(got.element("additionalMessage"), "");
        }
    }
    assert_eq!(rig.call(Who::Admin, "GET /photos/k", &[], "").await.body, "x");
    rig.call(Who::Admin, "PUT /photos/k", &[("if-match", &etag)], "y")
        .await
        .ok();
}

#[tokio::test]
async fn copies_name_the_condition_that_failed() {
    let rig = Rig::new().await;
    let etag = rig
        .call(Who::Admin, "PUT /photos/k", &[], "x")
        .await
        .ok()
        .header("etag")
        .to_owned();
    let copy = async |target: &str, more: &[(&str, &str)]| {
        let headers = [&[("x-amz-copy-source", "photos/k")], more].concat();
        rig.call(Who::Admin, &format!("PUT /photos/{target}"), &headers, "")
            .await
    };
    for (name, value) in [
        ("If-Match", "\"zz\""),
        ("If-None-Match", etag.as_str()),
        ("If-Modified-Since", "Thu, 15 Jan 2026 12:00:00 GMT"),
        ("If-Unmodified-Since", "Thu, 15 Jan 2026 11:59:59 GMT"),
    ] {
        let name = format!("x-amz-copy-source-{name}");
        let got = copy("c", &[(&name.to_ascii_lowercase(), value)]).await;
        got.is(412, "PreconditionFailed");
        assert_eq!(got.element("Condition"), name);
    }
    let to_come = "Thu, 15 Jan 2026 17:00:00 GMT";
    copy("c", &[("x-amz-copy-source-if-modified-since", to_come)])
        .await
        .ok();
    let begun = rig.call(Who::Admin, "POST /photos/m?uploads", &[], "").await.ok();
    let part = format!("m?partNumber=1&uploadId={}", begun.element("UploadId"));
    copy(&part, &[("x-amz-copy-source-if-modified-since", to_come)])
        .await
        .ok();
    let read = rig
        .call(Who::Admin, "GET /photos/k", &[("if-modified-since", to_come)], "")
        .await;
    assert_eq!(read.status, 200);

    let class = ("x-amz-storage-class", "STANDARD");
    copy("k", &[]).await.is(400, "InvalidRequest");
    copy("k", &[class, ("if-none-match", "*")])
        .await
        .is(412, "PreconditionFailed");
    copy("k", &[class, ("if-match", &etag)]).await.ok();
    copy("k", &[("x-amz-server-side-encryption", "AES256")]).await.ok();
    let rule = "<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>";
    rig.call(Who::Admin, "PUT /photos?encryption", &[], rule).await.ok();
    copy("k", &[]).await.ok();
}
