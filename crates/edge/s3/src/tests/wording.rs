//! What answers say: encryption, markers, what was asked.

use super::{conditions::parts, *};

#[tokio::test]
async fn every_object_answer_says_how_it_is_encrypted() {
    let rig = Rig::new().await;
    let mut answers = Vec::new();
    for (line, copies) in [
        ("PUT /photos/k", false),
        ("GET /photos/k", false),
        ("HEAD /photos/k", false),
        ("PUT /photos/c", true),
        ("POST /photos/m?uploads", false),
    ] {
        let headers = [("x-amz-copy-source", "photos/k")];
        let got = rig
            .call(Who::Admin, line, if copies { &headers } else { &[] }, "")
            .await
            .ok();
        answers.push((line.to_owned(), got));
    }
    let id = answers[4].1.element("UploadId").to_owned();
    let line = format!("PUT /photos/m?partNumber=1&uploadId={id}");
    let copied = rig
        .call(Who::Admin, &line, &[("x-amz-copy-source", "photos/k")], "")
        .await
        .ok();
    let part = rig.call(Who::Admin, &line, &[], "x").await.ok();
    let body = parts(&[(1, part.header("etag"))]);
    let done = rig
        .call(Who::Admin, &format!("POST /photos/m?uploadId={id}"), &[], &body)
        .await
        .ok();
    answers.extend([
        ("UploadPartCopy".to_owned(), copied),
        (line, part),
        ("Complete".to_owned(), done),
    ]);
    for (line, got) in answers {
        assert_eq!(got.header("x-amz-server-side-encryption"), "AES256", "{line}");
    }
    let absent = rig.call(Who::Admin, "GET /photos/none", &[], "").await;
    assert_eq!(absent.header("x-amz-server-side-encryption"), "");
    for (value, status, code) in [("aws:kms", 501, "NotImplemented"), ("rot13", 400, "InvalidArgument")] {
        let headers = [("x-amz-server-side-encryption", value)];
        rig.call(Who::Admin, "PUT /photos/none", &headers, "x")
            .await
            .is(status, code);
    }
}

#[tokio::test]
async fn uploads_are_completed_again_and_listed_with_their_markers() {
    let rig = Rig::new().await;
    let empty = rig.call(Who::Admin, "GET /photos?uploads", &[], "").await.ok();
    assert!(empty.body.contains("<NextKeyMarker></NextKeyMarker>"), "{}", empty.body);
    let begun = rig.call(Who::Admin, "POST /photos/m?uploads", &[], "").await.ok();
    let id = begun.element("UploadId");
    let target = format!("/photos/m?uploadId={id}");
    let none = rig.call(Who::Admin, &format!("GET {target}"), &[], "").await.ok();
    assert_eq!(none.element("NextPartNumberMarker"), "0");
    let part = rig
        .call(
            Who::Admin,
            &format!("PUT /photos/m?partNumber=3&uploadId={id}"),
            &[],
            "x",
        )
        .await
        .ok();
    let list = rig.call(Who::Admin, &format!("GET {target}"), &[], "").await.ok();
    assert_eq!(
        (list.element("NextPartNumberMarker"), list.element("IsTruncated")),
        ("3", "false")
    );
    let uploads = rig.call(Who::Admin, "GET /photos?uploads", &[], "").await.ok();
    assert_eq!(
        (uploads.element("NextKeyMarker"), uploads.element("NextUploadIdMarker")),
        ("m", id)
    );

    let complete = async |body: &str| rig.call(Who::Admin, &format!("POST {target}"), &[], body).await;
    let nothing = complete("").await;
    nothing.is(400, "InvalidRequest");
    assert_eq!(nothing.element("Message"), "You must specify at least one part");
    let wrong = complete(&parts(&[(3, "\"abc\"")])).await;
    wrong.is(400, "InvalidPart");
    assert_eq!(
        (
            wrong.element("UploadId"),
            wrong.element("PartNumber"),
            wrong.element("ETag")
        ),
        (id, "3", "abc")
    );
    complete(&parts(&[(3, "a"), (1, "b")]))
        .await
        .is(400, "InvalidPartOrder");
    let body = parts(&[(3, part.header("etag"))]);
    let first = complete(&body).await.ok();
    let again = complete(&body).await.ok();
    assert_eq!(again.body, first.body);
    rig.call(
        Who::Admin,
        &format!("PUT /photos/m?partNumber=&uploadId={id}"),
        &[],
        "y",
    )
    .await
    .is(400, "InvalidArgument");
    rig.call(Who::Admin, "PUT /photos/m?partNumber=1&uploadId=", &[], "y")
        .await
        .is(404, "NoSuchUpload");
    for method in ["GET", "DELETE", "POST"] {
        let body = if method == "POST" { body.as_str() } else { "" };
        rig.call(Who::Admin, &format!("{method} /photos/m?uploadId="), &[], body)
            .await
            .is(404, "NoSuchUpload");
    }
    let part = rig.call(Who::Admin, "PUT /photos/m?partNumber=1", &[], "y").await;
    part.is(400, "InvalidArgument");
    assert_eq!(
        part.element("Message"),
        "This operation does not accept partNumber without uploadId"
    );
    assert_eq!(rig.call(Who::Admin, "GET /photos/m", &[], "").await.body, "x");
}

#[tokio::test]
async fn refusals_name_what_was_asked() {
    let rig = Rig::new().await;
    let script = [("x-amz-website-redirect-location", "javascript:x")];
    rig.call(Who::Admin, "PUT /photos/script", &script, "x")
        .await
        .is(400, "InvalidRedirectLocation");
    rig.call(Who::Admin, "GET /photos/script", &[], "")
        .await
        .is(404, "NoSuchKey");
    rig.call(Who::Admin, "PUT /photos/k", &[], "01234567").await.ok();
    let range = rig
        .call(Who::Admin, "GET /photos/k", &[("range", "bytes=1024-4096")], "")
        .await;
    range.is(416, "InvalidRange");
    assert_eq!(
        (range.element("ActualObjectSize"), range.element("RangeRequested")),
        ("8", "bytes=1024-4096")
    );
    let part = rig.call(Who::Admin, "GET /photos/k?partNumber=2", &[], "").await;
    part.is(416, "InvalidPartNumber");
    assert_eq!(
        (part.element("PartNumberRequested"), part.element("ActualPartCount")),
        ("2", "1")
    );
    let md5 = rig
        .call(Who::Admin, "PUT /photos/k", &[("content-md5", "bad")], "x")
        .await;
    md5.is(400, "InvalidDigest");
    assert_eq!(md5.element("Content-MD5"), "bad");
    let class = rig
        .call(Who::Admin, "PUT /photos/k", &[("x-amz-storage-class", "GOLD")], "x")
        .await;
    class.is(400, "InvalidStorageClass");
    assert_eq!(class.element("StorageClassRequested"), "GOLD");
    let long = "v".repeat(2048);
    let meta = rig
        .call(Who::Admin, "PUT /photos/k", &[("x-amz-meta-a", &long)], "x")
        .await;
    meta.is(400, "MetadataTooLarge");
    assert_eq!((meta.element("Size"), meta.element("MaxSizeAllowed")), ("2049", "2048"));
    let tags = "<Tagging><TagSet><Tag><Key>aws:a</Key><Value/></Tag></TagSet></Tagging>";
    let tag = rig.call(Who::Admin, "PUT /photos/k?tagging", &[], tags).await;
    tag.is(400, "InvalidTag");
    assert_eq!(tag.element("Message"), "Your TagKey cannot be prefixed with aws:");
    let twice = "<Tagging><TagSet><Tag><Key>a</Key><Value/></Tag><Tag><Key>a</Key><Value/></Tag></TagSet></Tagging>";
    let tag = rig.call(Who::Admin, "PUT /photos/k?tagging", &[], twice).await;
    assert_eq!((tag.element("Code"), tag.element("TagKey")), ("InvalidTag", "a"));
    let both = rig.call(Who::Admin, "GET /photos?acl&versioning", &[], "").await;
    both.is(400, "InvalidArgument");
    assert_eq!(
        (
            both.element("Message"),
            both.element("ArgumentName"),
            both.element("ArgumentValue")
        ),
        (
            "Conflicting query string parameters: acl, versioning",
            "ResourceType",
            "acl"
        )
    );
    assert_eq!(rig.call(Who::Admin, "GET /photos/k", &[], "").await.body, "01234567");
}

#[tokio::test]
async fn lists_are_strict_about_what_they_are_asked() {
    let rig = Rig::new().await;
    for key in ["k0", "k1", "k2"] {
        rig.call(Who::Admin, &format!("PUT /photos/{key}"), &[], "").await.ok();
    }
    let first = rig
        .call(Who::Admin, "GET /photos?list-type=2&max-keys=1&start-after=k0", &[], "")
        .await
        .ok();
    assert_eq!((first.element("StartAfter"), first.element("Key")), ("k0", "k1"));
    let token = first.element("NextContinuationToken");
    let line = format!("GET /photos?continuation-token={token}&list-type=2&max-keys=1&start-after=k0");
    let second = rig.call(Who::Admin, &line, &[], "").await.ok();
    assert_eq!((second.element("StartAfter"), second.element("Key")), ("", "k2"));
    for (query, sentence) in [
        (
            "list-type=2&continuation-token=",
            "The continuation token provided is incorrect",
        ),
        (
            "list-type=2&encoding-type=",
            "Invalid Encoding Method specified in Request",
        ),
        ("encoding-type=", "Invalid Encoding Method specified in Request"),
        ("encoding-type=base64", "Invalid Encoding Method specified in Request"),
        ("uploads&encoding-type=", "Invalid Encoding Method specified in Request"),
        (
            "versions&encoding-type=",
            "Invalid Encoding Method specified in Request",
        ),
        (
            "max-keys=-1",
            "Argument maxKeys must be an integer between 0 and 2147483647",
        ),
        (
            "max-keys=ten",
            "Provided max-keys not an integer or within integer range",
        ),
        (
            "list-type=2&max-keys=2147483648",
            "Provided max-keys not an integer or within integer range",
        ),
        (
            "uploads&max-uploads=2157483647",
            "Provided max-uploads not an integer or within integer range",
        ),
        (
            "uploads&max-uploads=-1",
            "Argument max-uploads must be an integer between 0 and 2147483647",
        ),
    ] {
        let got = rig.call(Who::Admin, &format!("GET /photos?{query}"), &[], "").await;
        got.is(400, "InvalidArgument");
        assert_eq!(got.element("Message"), sentence, "{query}");
    }
}
