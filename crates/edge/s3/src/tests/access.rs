use super::*;

const PUBLIC: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::photos/pub/*"}]}"#;

#[tokio::test]
async fn identity_policies_hold_with_awss_sentence() {
    let rig = Rig::new().await;
    rig.call(Who::Ana, "PUT /photos/ana/x", &[], "mine").await.ok();
    let denied = rig.call(Who::Ana, "PUT /photos/bob/x", &[], "x").await;
    denied.is(403, "AccessDenied");
    assert_eq!(
        denied.element("Message"),
        "User: arn:aws:iam::123456789012:user/ana is not authorized to perform: s3:PutObject on resource: &quot;arn:aws:s3:::photos/bob/x&quot; because no identity-based policy allows the s3:PutObject action"
    );
    rig.call(Who::Ana, "GET /photos?list-type=2&prefix=ana%2F", &[], "")
        .await
        .ok();
    rig.call(Who::Ana, "GET /photos?list-type=2", &[], "")
        .await
        .is(403, "AccessDenied");
    rig.call(Who::Ana, "GET /photos?list-type=2&prefix=", &[], "")
        .await
        .is(403, "AccessDenied");
    // Nor does she learn what is not there: she may not list.
    rig.call(Who::Ana, "GET /photos/ana/none", &[], "")
        .await
        .is(403, "AccessDenied");
    // Paths are not resolved: this is a key of its own, outside of hers.
    rig.call(Who::Ana, "GET /photos/ana%2F..%2Fbob/x", &[], "")
        .await
        .is(403, "AccessDenied");
    rig.call(Who::Ana, "GET /photos?policy", &[], "")
        .await
        .is(403, "AccessDenied");
    assert_eq!(rig.call(Who::Ana, "HEAD /photos", &[], "").await.status, 403);
}

/// Reference 9: 77, 78.
#[tokio::test]
async fn a_copy_is_asked_of_its_source_too_and_absence_is_for_those_who_list() {
    let rig = Rig::new().await;
    for key in ["ana/x", "bob/x"] {
        rig.call(Who::Admin, &format!("PUT /photos/{key}"), &[], "x").await.ok();
    }
    let copy = async |source: &str| {
        rig.call(Who::Ana, "PUT /photos/ana/copy", &[("x-amz-copy-source", source)], "")
            .await
    };
    copy("photos/ana/x").await.ok();
    for (source, action, resource) in [
        ("photos/bob/x", "s3:GetObject", "arn:aws:s3:::photos/bob/x"),
        ("photos/ana/none", "s3:ListBucket", "arn:aws:s3:::photos"),
    ] {
        let denied = copy(source).await;
        denied.is(403, "AccessDenied");
        let sentence = format!("perform: {action} on resource: &quot;{resource}&quot; because");
        assert!(denied.element("Message").contains(&sentence), "{}", denied.body);
    }
    for (who, status, code) in [(Who::Ana, 403, "AccessDenied"), (Who::Admin, 404, "NoSuchKey")] {
        rig.call(who, "GET /photos/ana/none", &[], "").await.is(status, code);
    }
}

/// Reference 9: 57 to 59.
#[tokio::test]
async fn strangers_need_a_public_policy_that_is_not_blocked() {
    let rig = Rig::new().await;
    rig.call(Who::Admin, "PUT /photos/pub/x", &[], "open").await.ok();
    rig.call(Who::Nobody, "GET /photos/pub/x", &[], "")
        .await
        .is(403, "AccessDenied");
    rig.call(Who::Nobody, "GET /", &[], "").await.is(403, "AccessDenied");
    let blocked = rig.call(Who::Admin, "PUT /photos?policy", &[], PUBLIC).await;
    blocked.is(403, "AccessDenied");
    assert!(
        blocked
            .body
            .contains("because public policies are prevented by the BlockPublicPolicy setting"),
        "{}",
        blocked.body
    );

    assert_eq!(
        rig.call(Who::Admin, "DELETE /photos?publicAccessBlock", &[], "")
            .await
            .status,
        204
    );
    rig.call(Who::Admin, "GET /photos?publicAccessBlock", &[], "")
        .await
        .is(404, "NoSuchPublicAccessBlockConfiguration");
    assert_eq!(
        rig.call(Who::Admin, "PUT /photos?policy", &[], PUBLIC).await.status,
        204
    );
    assert_eq!(rig.call(Who::Admin, "GET /photos?policy", &[], "").await.body, PUBLIC);
    assert_eq!(
        rig.call(Who::Admin, "GET /photos?policyStatus", &[], "")
            .await
            .element("IsPublic"),
        "true"
    );
    assert_eq!(rig.call(Who::Nobody, "GET /photos/pub/x", &[], "").await.body, "open");
    rig.call(Who::Nobody, "GET /photos/other", &[], "")
        .await
        .is(403, "AccessDenied");
    rig.call(Who::Nobody, "GET /photos/pub/none", &[], "")
        .await
        .is(403, "AccessDenied");
    rig.call(Who::Nobody, "PUT /photos/pub/x", &[], "x")
        .await
        .is(403, "AccessDenied");
    rig.call(
        Who::Nobody,
        "GET /photos/pub/x?response-content-type=text%2Fhtml",
        &[],
        "",
    )
    .await
    .is(400, "InvalidRequest");

    let restrict = "<PublicAccessBlockConfiguration><RestrictPublicBuckets>true</RestrictPublicBuckets></PublicAccessBlockConfiguration>";
    rig.call(Who::Admin, "PUT /photos?publicAccessBlock", &[], restrict)
        .await
        .ok();
    rig.call(Who::Nobody, "GET /photos/pub/x", &[], "")
        .await
        .is(403, "AccessDenied");
    rig.call(Who::Ana, "GET /photos/pub/x", &[], "").await.ok();
    rig.call(Who::Admin, "PUT /photos?policy", &[], "{")
        .await
        .is(400, "MalformedPolicy");
    let elsewhere = PUBLIC.replace("photos", "other");
    rig.call(Who::Admin, "PUT /photos?policy", &[], &elsewhere)
        .await
        .is(400, "MalformedPolicy");
}

#[tokio::test]
async fn signatures_are_checked_before_anything_is_said() {
    let rig = Rig::new().await;
    rig.call(Who::Admin, "PUT /photos/k", &[], "v").await.ok();
    let mut tampered = rig.signed(Who::Admin, "GET /photos/k", &[], "");
    *tampered.uri_mut() = "/photos/other".parse().unwrap();
    let got = rig.send(tampered).await;
    got.is(403, "SignatureDoesNotMatch");
    assert_eq!(got.element("AWSAccessKeyId"), "AKIAADMIN");

    let mut forged = rig.signed(Who::Admin, "PUT /photos/k", &[], "true");
    *forged.body_mut() = Body::from("lies");
    rig.send(forged).await.is(400, "XAmzContentSHA256Mismatch");
    assert_eq!(rig.call(Who::Admin, "GET /photos/k", &[], "").await.body, "v");

    let mut unknown = rig.signed(Who::Admin, "GET /photos/k", &[], "");
    let header = unknown.headers()["authorization"]
        .to_str()
        .unwrap()
        .replace("AKIAADMIN", "AKIANOBODY");
    unknown
        .headers_mut()
        .insert("authorization", HeaderValue::try_from(header).unwrap());
    rig.send(unknown).await.is(403, "InvalidAccessKeyId");

    for (name, value) in [
        ("authorization", "AWS AKIAADMIN:c2ln"),
        ("authorization", "AWS4-HMAC-SHA256 nonsense"),
    ] {
        let got = rig.call(Who::Nobody, "GET /photos/k", &[(name, value)], "").await;
        assert_eq!(got.status, 400, "{value}: {}", got.body);
    }
    let line = "GET /photos/k?AWSAccessKeyId=AKIAADMIN&Signature=x&Expires=9999999999";
    let got = rig.call(Who::Nobody, line, &[], "").await;
    got.is(403, "SignatureDoesNotMatch");
    assert_eq!(got.element("CanonicalRequest"), "");
    let mut refusing = Rig::new().await;
    refusing.s3.version2 = Version2Addresses::Refused;
    refusing
        .call(Who::Nobody, line, &[], "")
        .await
        .is(400, "InvalidRequest");
}

#[tokio::test]
async fn chunked_uploads_with_a_trailing_checksum() {
    let rig = Rig::new().await;
    let send = |chunks: &'static str, length: &'static str| {
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("host", "localhost:4566"),
            ("content-encoding", "aws-chunked"),
            ("x-amz-decoded-content-length", length),
            ("x-amz-trailer", "x-amz-checksum-crc32"),
        ] {
            headers.insert(name, HeaderValue::from_static(value));
        }
        let target = Target {
            method: "PUT",
            path: "/photos/k",
            query: "",
        };
        signer(Who::Admin, &rig.cx.region)
            .unwrap()
            .sign(target, &mut headers, ContentHash::UnsignedChunks, rig.cx.wall())
            .unwrap();
        let mut request = Request::builder()
            .method("PUT")
            .uri("/photos/k")
            .body(Body::from(chunks))
            .unwrap();
        *request.headers_mut() = headers;
        rig.send(request)
    };
    send("5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n", "5")
        .await
        .ok();
    let got = rig.call(Who::Admin, "GET /photos/k", &[], "").await;
    assert_eq!((got.body.as_str(), got.header("content-encoding")), ("hello", ""));
    send("5\r\nhellx\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n", "5")
        .await
        .is(400, "BadDigest");
    send("5\r\nhello\r\n0\r\n\r\n", "5")
        .await
        .is(400, "MalformedTrailerError");
    send("5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n", "6")
        .await
        .is(400, "IncompleteBody");
    send("5\r\nhel", "5").await.is(400, "IncompleteBody");
    assert_eq!(rig.call(Who::Admin, "GET /photos/k", &[], "").await.body, "hello");
}
