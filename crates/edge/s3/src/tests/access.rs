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

/// Reference 10.1: what the signer put into the query counts as a header, and what it leaves out stays out.
/// In the query alone, and in the query and as a header.
#[tokio::test]
async fn a_header_that_is_signed_for_may_stand_in_the_query() {
    let rig = Rig::new().await;
    let put = |line: String, headers: Vec<(&'static str, &'static str)>| {
        rig.send(rig.signed(Who::Nobody, &line, &headers, "jpeg"))
    };
    for sent in [vec![], vec![("x-amz-storage-class", "STANDARD_IA")]] {
        let mut headers = HeaderMap::new();
        headers.insert("host", HeaderValue::from_static("localhost:4566"));
        headers.insert("x-amz-storage-class", HeaderValue::from_static("STANDARD_IA"));
        let target = Target {
            method: "PUT",
            path: "/photos/signed",
            query: "x-amz-storage-class=STANDARD_IA",
        };
        let query = signer(Who::Admin)
            .unwrap()
            .presign(
                target,
                &headers,
                ContentHash::Unsigned,
                rig.cx.wall(),
                Duration::from_secs(60),
            )
            .unwrap();
        assert!(
            query.contains("X-Amz-SignedHeaders=host%3Bx-amz-storage-class"),
            "{query}"
        );
        put(format!("PUT /photos/signed?{query}"), sent).await.ok();
        let got = rig.call(Who::Admin, "HEAD /photos/signed", &[], "").await;
        assert_eq!(got.header("x-amz-storage-class"), "STANDARD_IA");
        let other = format!(
            "PUT /photos/signed?{}",
            query.replace("class=STANDARD_IA", "class=GLACIER_IR")
        );
        put(other, vec![]).await.is(403, "SignatureDoesNotMatch");
    }
}

#[tokio::test]
async fn a_presigned_query_brings_headers() {
    let rig = Rig::new().await;
    let address = |target: &str| {
        let (path, query) = target.split_once('?').unwrap();
        let mut headers = HeaderMap::new();
        headers.insert("host", HeaderValue::from_static("localhost:4566"));
        let target = Target {
            method: "PUT",
            path,
            query,
        };
        let age = Duration::from_secs(60);
        let signer = signer(Who::Admin).unwrap();
        let query = signer
            .presign(target, &headers, ContentHash::Unsigned, rig.cx.wall(), age)
            .unwrap();
        format!("PUT {path}?{query}")
    };
    let put = |line: String, headers: Vec<(&'static str, &'static str)>| {
        let request = rig.signed(Who::Nobody, &line, &headers, "jpeg");
        rig.send(request)
    };
    put(
        address("/photos/a?X-Amz-Meta-Album=harbour&x-amz-checksum-crc32=AAAAAA%3D%3D&x-amz-tagging=a%3D1"),
        vec![],
    )
    .await
    .ok();
    let got = rig.call(Who::Admin, "HEAD /photos/a", &[], "").await;
    assert_eq!(
        (got.header("x-amz-meta-album"), got.header("x-amz-tagging-count")),
        ("harbour", "1")
    );

    for (target, headers, code) in [
        ("/photos/a?If-None-Match=%2A", vec![], "PreconditionFailed"),
        (
            "/photos/a?x-amz-expected-bucket-owner=999999999999",
            vec![],
            "AccessDenied",
        ),
        ("/photos/b?x-amz-copy-source=%2Fphotos%2Fnone", vec![], "NoSuchKey"),
        (
            "/photos/b?x-amz-server-side-encryption=aws%3Akms",
            vec![],
            "NotImplemented",
        ),
        (
            "/photos/b?x-amz-acl=private&x-amz-acl=public-read",
            vec![],
            "AuthorizationQueryParametersError",
        ),
        (
            "/photos/b?x-amz-acl=private",
            vec![("x-amz-acl", "public-read")],
            "AccessDenied",
        ),
        ("/photos/b?x-id=PutObject", vec![("x-amz-meta-a", "1")], "AccessDenied"),
    ] {
        let got = put(address(target), headers).await;
        assert_eq!(got.element("Code"), code, "{target}: {}", got.body);
    }
    rig.call(Who::Admin, "GET /photos/b", &[], "")
        .await
        .is(404, "NoSuchKey");

    // Only in presigned requests: elsewhere such parameters mean nothing.
    rig.call(Who::Admin, "PUT /photos/plain?x-amz-meta-album=harbour", &[], "x")
        .await
        .ok();
    let got = rig.call(Who::Admin, "HEAD /photos/plain", &[], "").await;
    assert_eq!(got.header("x-amz-meta-album"), "");
    // What was added to the query later was not signed.
    let added = format!("{}&x-amz-meta-b=2", address("/photos/c?x-id=PutObject"));
    put(added, vec![]).await.is(403, "SignatureDoesNotMatch");
}

#[tokio::test]
async fn presigned_urls() {
    let rig = Rig::new().await;
    rig.call(Who::Admin, "PUT /photos/ana/k", &[], "v").await.ok();
    assert_eq!(
        rig.send(rig.presigned(Who::Ana, "GET", "/photos/ana/k", 10, 60))
            .await
            .ok()
            .body,
        "v"
    );
    let expired = rig.send(rig.presigned(Who::Ana, "GET", "/photos/ana/k", 61, 60)).await;
    expired.is(403, "AccessDenied");
    assert_eq!(expired.element("Message"), "Request has expired");
    let mut other_key = rig.presigned(Who::Ana, "GET", "/photos/ana/k", 10, 60);
    *other_key.uri_mut() = other_key.uri().to_string().replace("/ana/k", "/ana/l").parse().unwrap();
    rig.send(other_key).await.is(403, "SignatureDoesNotMatch");
    rig.send(rig.presigned(Who::Ana, "GET", "/photos/bob/k", 10, 60))
        .await
        .is(403, "AccessDenied");
    rig.send(rig.presigned(Who::Ana, "PUT", "/photos/ana/new", 10, 60))
        .await
        .is(411, "MissingContentLength");
}

#[tokio::test]
async fn an_address_of_an_unknown_key_dies_all_the_same() {
    let rig = Rig::new().await;
    rig.call(Who::Admin, "PUT /photos/k", &[], "v").await.ok();
    let by_anybody = |request: Request<Body>| {
        let uri = request.uri().to_string().replace("AKIAADMIN", "AKIAANYBODY");
        rig.send(rig.signed(Who::Nobody, &format!("GET {uri}"), &[], ""))
    };
    let got = by_anybody(rig.presigned(Who::Admin, "GET", "/photos/k", 10, 60)).await;
    assert_eq!(got.ok().body, "v");
    let got = by_anybody(rig.presigned(Who::Admin, "GET", "/photos/k", 61, 60)).await;
    got.is(403, "AccessDenied");
    assert_eq!(
        (got.element("Message"), got.element("X-Amz-Expires")),
        ("Request has expired", "60")
    );
    let got = by_anybody(rig.presigned(Who::Admin, "GET", "/photos/k", -901, 60)).await;
    assert_eq!(got.element("Message"), "Request is not yet valid");

    let now = rig.cx.wall().secs();
    for (expires, status) in [(now, 200), (now - 1, 403)] {
        let line = format!("GET /photos/k?AWSAccessKeyId=AKIAANYBODY&Signature=x&Expires={expires}");
        assert_eq!(rig.call(Who::Nobody, &line, &[], "").await.status, status, "{line}");
    }
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
        signer(Who::Admin)
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
