use super::*;

#[tokio::test]
async fn an_object_comes_and_goes_in_both_styles() {
    let rig = Rig::new().await;
    let put = rig
        .call(
            Who::Admin,
            "PUT /photos/a/b%20c%2B.txt?x-id=PutObject",
            &[
                ("content-type", "text/plain"),
                ("x-amz-meta-k", "v"),
                ("x-amz-checksum-crc32", "NhCmhg=="),
            ],
            "hello",
        )
        .await
        .ok();
    assert_eq!(put.header("etag"), "\"5d41402abc4b2a76b9719d911017c592\"");
    assert_eq!(put.header("x-amz-checksum-crc32"), "NhCmhg==");

    let host = [("host", "photos.s3.localhost:4566"), ("x-amz-checksum-mode", "ENABLED")];
    let got = rig.call(Who::Admin, "GET /a/b%20c%2B.txt", &host, "").await.ok();
    assert_eq!(
        (
            got.body.as_str(),
            got.header("content-type"),
            got.header("x-amz-meta-k")
        ),
        ("hello", "text/plain", "v")
    );
    assert_eq!(
        (got.header("x-amz-checksum-crc32"), got.header("content-length")),
        ("NhCmhg==", "5")
    );
    assert_eq!(got.header("last-modified"), "Thu, 15 Jan 2026 12:00:00 GMT");
    assert_eq!(got.header("date"), "Thu, 15 Jan 2026 12:00:00 GMT");
    assert_eq!(got.header("x-amz-request-id"), rig.cx.request_id.as_str());

    let part = rig
        .call(Who::Admin, "GET /photos/a/b%20c%2B.txt", &[("range", "bytes=1-2")], "")
        .await;
    assert_eq!(
        (part.status, part.body.as_str(), part.header("content-range")),
        (206, "el", "bytes 1-2/5")
    );
    rig.call(Who::Admin, "GET /photos/a/b%20c%2B.txt", &[("range", "bytes=9-")], "")
        .await
        .is(416, "InvalidRange");

    let etag = put.header("etag").to_owned();
    let same = rig
        .call(
            Who::Admin,
            "GET /photos/a/b%20c%2B.txt",
            &[("if-none-match", &etag)],
            "",
        )
        .await;
    assert_eq!(
        (same.status, same.body.as_str(), same.header("etag")),
        (304, "", etag.as_str())
    );
    rig.call(Who::Admin, "PUT /photos/a/b%20c%2B.txt", &[("if-none-match", "*")], "x")
        .await
        .is(412, "PreconditionFailed");

    let head = rig.call(Who::Admin, "HEAD /photos/none", &[], "").await;
    assert_eq!((head.status, head.body.as_str()), (404, ""));
    rig.call(Who::Admin, "GET /photos/none", &[], "")
        .await
        .is(404, "NoSuchKey");
    assert_eq!(
        rig.call(Who::Admin, "DELETE /photos/a/b%20c%2B.txt", &[], "")
            .await
            .status,
        204
    );
    rig.call(Who::Admin, "GET /nowhere/k", &[], "")
        .await
        .is(404, "NoSuchBucket");
}

#[tokio::test]
async fn lists_in_both_versions() {
    let rig = Rig::new().await;
    for key in ["a/1", "a/2", "b%20%C3%A9", "c"] {
        rig.call(Who::Admin, &format!("PUT /photos/{key}"), &[], "x").await.ok();
    }
    let page = rig
        .call(
            Who::Admin,
            "GET /photos?delimiter=%2F&encoding-type=url&list-type=2&max-keys=2&prefix=",
            &[],
            "",
        )
        .await
        .ok();
    assert_eq!((page.element("KeyCount"), page.element("IsTruncated")), ("2", "true"));
    assert!(
        page.body
            .contains("<CommonPrefixes><Prefix>a/</Prefix></CommonPrefixes>"),
        "{}",
        page.body
    );
    assert_eq!(page.element("Key"), "b%20%C3%A9");
    let token = page.element("NextContinuationToken");
    let rest = rig
        .call(
            Who::Admin,
            &format!("GET /photos?continuation-token={token}&delimiter=%2F&list-type=2"),
            &[],
            "",
        )
        .await
        .ok();
    assert_eq!(
        (
            rest.element("Key"),
            rest.element("KeyCount"),
            rest.element("NextContinuationToken")
        ),
        ("c", "1", "")
    );
    rig.call(Who::Admin, "GET /photos?continuation-token=%25&list-type=2", &[], "")
        .await
        .is(400, "InvalidArgument");

    let first = rig
        .call(Who::Admin, "GET /photos/?delimiter=%2F&max-keys=1", &[], "")
        .await
        .ok();
    assert_eq!(first.element("NextMarker"), "a/");
    let second = rig
        .call(Who::Admin, "GET /photos/?delimiter=%2F&marker=a%2F", &[], "")
        .await
        .ok();
    assert_eq!((second.element("Key"), second.element("Marker")), ("b é", "a/"));
    rig.call(Who::Admin, "GET /photos?max-keys=x", &[], "")
        .await
        .is(400, "InvalidArgument");

    let versions = rig
        .call(Who::Admin, "GET /photos?prefix=c&versions", &[], "")
        .await
        .ok();
    assert_eq!(
        (versions.element("VersionId"), versions.element("IsLatest")),
        ("null", "true")
    );
    let all = rig.call(Who::Admin, "GET /", &[], "").await.ok();
    assert_eq!(all.element("Name"), "photos");
}

#[tokio::test]
async fn many_are_deleted_at_once() {
    let rig = Rig::new().await;
    for key in ["ana/1", "bob/2"] {
        rig.call(Who::Admin, &format!("PUT /photos/{key}"), &[], "x").await.ok();
    }
    let body = "<Delete><Object><Key>ana/1</Key></Object><Object><Key>bob/2</Key></Object><Object><Key>ana/ none</Key></Object></Delete>";
    let got = rig.call(Who::Ana, "POST /photos?delete=", &[], body).await.ok();
    assert!(got.body.contains("<Deleted><Key>ana/1</Key></Deleted>"), "{}", got.body);
    assert!(
        got.body.contains("<Deleted><Key>ana/ none</Key></Deleted>"),
        "{}",
        got.body
    );
    assert!(
        got.body.contains("<Error><Key>bob/2</Key><Code>AccessDenied</Code>"),
        "{}",
        got.body
    );
    assert_eq!(rig.call(Who::Admin, "HEAD /photos/bob/2", &[], "").await.status, 200);
    assert_eq!(rig.call(Who::Admin, "HEAD /photos/ana/1", &[], "").await.status, 404);
    rig.call(Who::Admin, "POST /photos?delete", &[], "<Delete></Delete>")
        .await
        .is(400, "MalformedXML");
    rig.call(
        Who::Admin,
        "POST /photos?delete",
        &[("content-md5", "AAAAAAAAAAAAAAAAAAAAAA==")],
        body,
    )
    .await
    .is(400, "BadDigest");
}

#[tokio::test]
async fn copies_and_tags() {
    let rig = Rig::new().await;
    rig.call(Who::Admin, "PUT /photos/src", &[("x-amz-tagging", "a=1")], "bytes")
        .await
        .ok();
    let copied = rig
        .call(
            Who::Admin,
            "PUT /photos/dst",
            &[("x-amz-copy-source", "/photos/src")],
            "",
        )
        .await
        .ok();
    assert_eq!(copied.element("ETag"), "&quot;4b3a6218bb3e3a7303e8a171a60fcf92&quot;");
    let tags = rig.call(Who::Admin, "GET /photos/dst?tagging", &[], "").await.ok();
    assert_eq!((tags.element("Key"), tags.element("Value")), ("a", "1"));
    let body = "<Tagging><TagSet><Tag><Key>b</Key><Value>2</Value></Tag></TagSet></Tagging>";
    rig.call(Who::Admin, "PUT /photos/dst?tagging", &[], body).await.ok();
    assert_eq!(
        rig.call(Who::Admin, "GET /photos/dst?tagging", &[], "")
            .await
            .element("Key"),
        "b"
    );
    assert_eq!(
        rig.call(Who::Admin, "DELETE /photos/dst?tagging", &[], "").await.status,
        204
    );
    assert_eq!(
        rig.call(Who::Admin, "GET /photos/dst?tagging", &[], "")
            .await
            .element("Key"),
        ""
    );

    rig.call(
        Who::Ana,
        "PUT /photos/ana/x",
        &[("x-amz-copy-source", "/photos/src")],
        "",
    )
    .await
    .is(403, "AccessDenied");
    rig.call(Who::Admin, "PUT /photos/x", &[("x-amz-copy-source", "photos/none")], "")
        .await
        .is(404, "NoSuchKey");
    rig.call(
        Who::Admin,
        "PUT /photos/src",
        &[("x-amz-copy-source", "photos/src")],
        "",
    )
    .await
    .is(400, "InvalidRequest");
}

#[tokio::test]
async fn an_upload_in_parts() {
    let rig = Rig::new().await;
    let begun = rig
        .call(
            Who::Ana,
            "POST /photos/ana/big?uploads=",
            &[("x-amz-checksum-algorithm", "CRC32")],
            "",
        )
        .await
        .ok();
    let id = begun.element("UploadId").to_owned();
    assert_eq!(begun.header("x-amz-checksum-type"), "COMPOSITE");
    let part = rig
        .call(
            Who::Ana,
            &format!("PUT /photos/ana/big?partNumber=1&uploadId={id}"),
            &[],
            "hello",
        )
        .await
        .ok();
    let list = rig
        .call(Who::Admin, &format!("GET /photos/ana/big?uploadId={id}"), &[], "")
        .await
        .ok();
    assert_eq!(
        (
            list.element("PartNumber"),
            list.element("ChecksumCRC32"),
            list.element("Size")
        ),
        ("1", "NhCmhg==", "5")
    );
    let uploads = rig.call(Who::Admin, "GET /photos?uploads", &[], "").await.ok();
    assert_eq!(uploads.element("UploadId"), id);
    let body = format!(
        "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>{}</ETag></Part></CompleteMultipartUpload>",
        part.header("etag").replace('"', "&quot;")
    );
    let done = rig
        .call(Who::Ana, &format!("POST /photos/ana/big?uploadId={id}"), &[], &body)
        .await
        .ok();
    assert!(done.element("ETag").ends_with("-1&quot;"), "{}", done.body);
    assert_eq!(rig.call(Who::Ana, "GET /photos/ana/big", &[], "").await.body, "hello");
    rig.call(Who::Admin, &format!("DELETE /photos/ana/big?uploadId={id}"), &[], "")
        .await
        .is(404, "NoSuchUpload");
    rig.call(Who::Admin, "PUT /photos/k?partNumber=x&uploadId=u", &[], "")
        .await
        .is(400, "InvalidArgument");
}

#[tokio::test]
async fn absent_settings_are_answered_in_aws_words() {
    let rig = Rig::new().await;
    for (name, status, expected) in [
        ("policy", 404, "NoSuchBucketPolicy"),
        ("cors", 404, "NoSuchCORSConfiguration"),
        ("website", 404, "NoSuchWebsiteConfiguration"),
        ("lifecycle", 404, "NoSuchLifecycleConfiguration"),
        ("replication", 404, "ReplicationConfigurationNotFoundError"),
        ("object-lock", 404, "ObjectLockConfigurationNotFoundError"),
        ("tagging", 404, "NoSuchTagSet"),
        ("location", 200, ""),
        ("versioning", 200, ""),
        ("logging", 200, ""),
        ("notification", 200, ""),
        ("accelerate", 200, ""),
    ] {
        rig.call(Who::Admin, &format!("GET /photos?{name}"), &[], "")
            .await
            .is(status, expected);
    }
    for (name, element, expected) in [
        ("requestPayment", "Payer", "BucketOwner"),
        ("encryption", "SSEAlgorithm", "AES256"),
        ("publicAccessBlock", "RestrictPublicBuckets", "true"),
        ("ownershipControls", "ObjectOwnership", "BucketOwnerEnforced"),
        ("acl", "Permission", "FULL_CONTROL"),
    ] {
        let got = rig.call(Who::Admin, &format!("GET /photos?{name}"), &[], "").await.ok();
        assert_eq!(got.element(element), expected, "{}", got.body);
    }
    let rule = "<LifecycleConfiguration><Rule><ID>x</ID><Status>Enabled</Status><Expiration><Days>1</Days></Expiration></Rule></LifecycleConfiguration>";
    rig.call(Who::Admin, "PUT /photos?lifecycle", &[], rule).await.ok();
    assert_eq!(rig.call(Who::Admin, "GET /photos?lifecycle", &[], "").await.body, rule);
    assert_eq!(
        rig.call(Who::Admin, "DELETE /photos?lifecycle", &[], "").await.status,
        204
    );
    rig.call(Who::Admin, "GET /photos?lifecycle", &[], "")
        .await
        .is(404, "NoSuchLifecycleConfiguration");
    let enabled = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>";
    rig.call(Who::Admin, "PUT /photos?versioning", &[], enabled)
        .await
        .is(501, "NotImplemented");
    rig.call(Who::Admin, "PUT /photos?acl", &[("x-amz-acl", "public-read")], "")
        .await
        .is(400, "AccessControlListNotSupported");
    rig.call(Who::Admin, "PUT /photos/k", &[("x-amz-acl", "public-read")], "x")
        .await
        .is(400, "AccessControlListNotSupported");
}
