//! Addresses that were signed beforehand.

use super::*;

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
        let query = signer(Who::Admin, &rig.cx.region)
            .unwrap()
            .presign(
                &target.with(&headers),
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
        let signer = signer(Who::Admin, &rig.cx.region).unwrap();
        let query = signer
            .presign(&target.with(&headers), ContentHash::Unsigned, rig.cx.wall(), age)
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
        rig.send(rig.presigned(Who::Ana, "GET /photos/ana/k", 10, 60))
            .await
            .ok()
            .body,
        "v"
    );
    let expired = rig.send(rig.presigned(Who::Ana, "GET /photos/ana/k", 61, 60)).await;
    expired.is(403, "AccessDenied");
    assert_eq!(expired.element("Message"), "Request has expired");
    let mut other_key = rig.presigned(Who::Ana, "GET /photos/ana/k", 10, 60);
    *other_key.uri_mut() = other_key.uri().to_string().replace("/ana/k", "/ana/l").parse().unwrap();
    rig.send(other_key).await.is(403, "SignatureDoesNotMatch");
    rig.send(rig.presigned(Who::Ana, "GET /photos/bob/k", 10, 60))
        .await
        .is(403, "AccessDenied");
    rig.send(rig.presigned(Who::Ana, "PUT /photos/ana/new", 10, 60))
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
    let got = by_anybody(rig.presigned(Who::Admin, "GET /photos/k", 10, 60)).await;
    assert_eq!(got.ok().body, "v");
    let got = by_anybody(rig.presigned(Who::Admin, "GET /photos/k", 61, 60)).await;
    got.is(403, "AccessDenied");
    assert_eq!(
        (got.element("Message"), got.element("X-Amz-Expires")),
        ("Request has expired", "60")
    );
    let got = by_anybody(rig.presigned(Who::Admin, "GET /photos/k", -901, 60)).await;
    assert_eq!(got.element("Message"), "Request is not yet valid");

    let now = rig.cx.wall().secs();
    for (expires, status) in [(now, 200), (now - 1, 403)] {
        let line = format!("GET /photos/k?AWSAccessKeyId=AKIAANYBODY&Signature=x&Expires={expires}");
        assert_eq!(rig.call(Who::Nobody, &line, &[], "").await.status, status, "{line}");
    }
}
