use super::*;

const OPEN: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::photos/*"},{"Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::photos/secret"}]}"#;

async fn site() -> Rig {
    let rig = Rig::new().await;
    let website = "<WebsiteConfiguration><IndexDocument><Suffix>index.html</Suffix></IndexDocument><ErrorDocument><Key>error.html</Key></ErrorDocument>\
        <RoutingRules><RoutingRule><Condition><KeyPrefixEquals>old/</KeyPrefixEquals></Condition><Redirect><ReplaceKeyPrefixWith>new/</ReplaceKeyPrefixWith></Redirect></RoutingRule></RoutingRules></WebsiteConfiguration>";
    rig.call(Who::Admin, "PUT /photos?website", &[], website).await.ok();
    rig.call(Who::Admin, "DELETE /photos?publicAccessBlock", &[], "")
        .await
        .ok();
    rig.call(Who::Admin, "PUT /photos?policy", &[], OPEN).await.ok();
    for (key, body) in [
        ("index.html", "home"),
        ("error.html", "sorry"),
        ("docs/index.html", "docs"),
        ("/evil.com/index.html", "here"),
        ("secret", "s"),
    ] {
        rig.call(
            Who::Admin,
            &format!("PUT /photos/{key}"),
            &[("content-type", "text/html")],
            body,
        )
        .await
        .ok();
    }
    redirecting(&rig, "moved", "/docs/").await;
    rig
}

async fn redirecting(rig: &Rig, key: &str, to: &str) {
    let headers = [("x-amz-website-redirect-location", to)];
    rig.call(Who::Admin, &format!("PUT /photos/{key}"), &headers, "")
        .await
        .ok();
}

#[tokio::test]
async fn a_website_by_host_and_by_path() {
    let rig = site().await;
    let host = [("host", "photos.s3-website-us-east-1.localhost")];
    for (path, status, body, location) in [
        ("/", 200, "home", ""),
        ("/docs/", 200, "docs", ""),
        ("/docs", 302, "", "http://photos.s3-website-us-east-1.localhost/docs/"),
        (
            "//evil.com",
            302,
            "",
            "http://photos.s3-website-us-east-1.localhost//evil.com/",
        ),
        ("/moved", 301, "", "/docs/"),
        ("/old/x", 301, "", "http://photos.s3-website-us-east-1.localhost/new/x"),
        // Without leave to list a missing page is forbidden, as it is on AWS.
        ("/missing", 403, "sorry", ""),
        ("/secret", 403, "sorry", ""),
    ] {
        let got = rig.call(Who::Nobody, &format!("GET {path}"), &host, "").await;
        assert_eq!(
            (got.status, got.body.as_str(), got.header("location")),
            (status, body, location),
            "{path}"
        );
    }
    let by_path = rig.call(Who::Nobody, "GET /_website/photos/docs", &[], "").await;
    assert_eq!(
        (by_path.status, by_path.header("location")),
        (302, "http://localhost:4566/_website/photos/docs/")
    );
    let by_path = rig.call(Who::Nobody, "GET /_website/photos/", &[], "").await;
    assert_eq!(
        (by_path.body.as_str(), by_path.header("content-type")),
        ("home", "text/html")
    );
    let head = rig.call(Who::Nobody, "HEAD /_website/photos/", &[], "").await;
    assert_eq!(
        (head.status, head.body.as_str(), head.header("content-length")),
        (200, "", "4")
    );
    let put = rig.call(Who::Nobody, "PUT /_website/photos/x", &[], "x").await;
    let told = "<li>Method: PUT</li>\n<li>ResourceType: OBJECT</li>";
    assert!(put.status == 405 && put.body.contains(told), "{}", put.body);
    let none = rig.call(Who::Nobody, "GET /_website/nowhere/", &[], "").await;
    assert_eq!(
        (none.status, none.header("content-type")),
        (404, "text/html; charset=utf-8")
    );
    assert!(none.body.contains("<li>Code: NoSuchBucket</li>"), "{}", none.body);
}

/// Films are played by their parts.
#[tokio::test]
async fn a_website_answers_with_a_part_of_a_page() {
    let rig = site().await;
    for (path, range, status, body, part) in [
        ("", "bytes=1-2", 206, "om", "bytes 1-2/4"),
        ("docs/", "bytes=-1", 206, "s", "bytes 3-3/4"),
        ("", "bytes=0-1,3-3", 200, "home", ""),
        ("missing", "bytes=0-1", 403, "sorry", ""),
        ("", "bytes=4-", 416, "sorry", ""),
        ("moved", "bytes=0-", 301, "", ""),
    ] {
        let line = format!("GET /_website/photos/{path}");
        let got = rig.call(Who::Nobody, &line, &[("range", range)], "").await;
        assert_eq!(
            (got.status, got.body.as_str(), got.header("content-range")),
            (status, body, part),
            "{path} {range}"
        );
        if status == 206 {
            assert_eq!(got.header("content-length"), body.len().to_string());
        }
    }
}

#[tokio::test]
async fn a_listable_website_tells_what_is_missing() {
    let rig = site().await;
    let listable = OPEN.replace(
        "[{",
        r#"[{"Effect":"Allow","Principal":"*","Action":"s3:ListBucket","Resource":"arn:aws:s3:::photos"},{"#,
    );
    rig.call(Who::Admin, "PUT /photos?policy", &[], &listable).await.ok();
    let got = rig.call(Who::Nobody, "GET /_website/photos/missing", &[], "").await;
    assert_eq!((got.status, got.body.as_str()), (404, "sorry"));
}

#[tokio::test]
async fn an_error_document_may_lead_elsewhere() {
    let rig = site().await;
    redirecting(&rig, "error.html", "/found.html").await;
    let host = [("host", "photos.s3-website-us-east-1.localhost")];
    for (headers, path, location) in [
        (&host[..], "/missing", "/found.html"),
        (&[], "/_website/photos/secret", "/_website/photos/found.html"),
    ] {
        let got = rig.call(Who::Nobody, &format!("GET {path}"), headers, "").await;
        assert_eq!((got.status, got.header("location")), (301, location), "{path}");
    }
    redirecting(&rig, "error.html", "https://example.com/").await;
    let got = rig.call(Who::Nobody, "GET /missing", &host, "").await;
    assert_eq!((got.status, got.header("location")), (301, "https://example.com/"));
}

#[tokio::test]
async fn cors_follows_the_buckets_rules() {
    let rig = Rig::new().await;
    rig.call(Who::Admin, "PUT /photos/k", &[], "v").await.ok();
    let ask = [
        ("origin", "https://app.example.com"),
        ("access-control-request-method", "PUT"),
        ("access-control-request-headers", "content-type,X-Amz-Date"),
    ];
    let rules = "<CORSConfiguration><CORSRule><AllowedOrigin>https://app.example.com</AllowedOrigin><AllowedMethod>PUT</AllowedMethod><AllowedMethod>GET</AllowedMethod>\
        <AllowedHeader>*</AllowedHeader><ExposeHeader>ETag</ExposeHeader><MaxAgeSeconds>60</MaxAgeSeconds></CORSRule></CORSConfiguration>";
    rig.call(Who::Admin, "PUT /photos?cors", &[], rules).await.ok();
    let yes = rig.call(Who::Nobody, "OPTIONS /photos/k", &ask, "").await;
    for (name, value) in [
        ("access-control-allow-origin", "https://app.example.com"),
        ("access-control-allow-methods", "PUT, GET"),
        ("access-control-allow-headers", "content-type, x-amz-date"),
        ("access-control-expose-headers", "ETag"),
        ("access-control-max-age", "60"),
        ("access-control-allow-credentials", "true"),
    ] {
        assert_eq!((yes.status, yes.header(name)), (200, value), "{name}");
    }
    let stranger = [
        ("origin", "https://evil.test"),
        ("access-control-request-method", "PUT"),
    ];
    let no = rig.call(Who::Nobody, "OPTIONS /photos/k", &stranger, "").await;
    no.is(403, "AccessForbidden");
    assert!(no.body.contains("evalution"));
    assert_eq!((no.element("Method"), no.element("ResourceType")), ("PUT", "OBJECT"));
    let asks_nothing = rig.call(Who::Nobody, "OPTIONS /photos/k", &ask[..1], "").await;
    asks_nothing.is(400, "BadRequest");
    assert_eq!(
        asks_nothing.element("Message"),
        "Invalid Access-Control-Request-Method: null"
    );

    let origin = [("origin", "https://app.example.com")];
    let got = rig.call(Who::Admin, "GET /photos/k", &origin, "").await.ok();
    assert_eq!(got.header("access-control-allow-origin"), "https://app.example.com");
    // Refusals carry them too, or the page could not read them.
    let refused = rig.call(Who::Nobody, "GET /photos/k", &origin, "").await;
    assert_eq!(
        (refused.status, refused.header("access-control-allow-origin")),
        (403, "https://app.example.com")
    );
    let other = rig
        .call(Who::Admin, "GET /photos/k", &[("origin", "https://evil.test")], "")
        .await
        .ok();
    assert_eq!(other.header("access-control-allow-origin"), "");
}

#[tokio::test]
async fn a_website_answers_browsers_by_the_same_rules() {
    let rig = site().await;
    let ask = [
        ("origin", "https://app.example.com"),
        ("access-control-request-method", "GET"),
    ];
    let refused = rig.call(Who::Nobody, "OPTIONS /_website/photos/", &ask, "").await;
    assert_eq!(
        (refused.status, refused.header("content-type")),
        (403, "text/html; charset=utf-8")
    );
    let rules = "<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>";
    rig.call(Who::Admin, "PUT /photos?cors", &[], rules).await.ok();
    for (call, body) in [
        ("OPTIONS /_website/photos/", ""),
        ("GET /_website/photos/", "home"),
        ("GET /_website/photos/docs", ""),
    ] {
        let got = rig.call(Who::Nobody, call, &ask, "").await;
        assert_eq!(
            (got.header("access-control-allow-origin"), got.body.as_str()),
            ("*", body),
            "{call}"
        );
    }
}

/// Reference 11.4. The bucket is looked at before what is asked, the form of the question before the bucket.
#[tokio::test]
async fn a_preflight_that_no_rule_can_grant() {
    let rig = Rig::new().await;
    let off = "CORSResponse: CORS is not enabled for this bucket.";
    let none = "CORSResponse: Bucket not found";
    for (path, asked, sentence) in [
        ("/photos/k", Some("PUT"), off),
        ("/photos", Some("GET"), off),
        ("/photos/k", None, off),
        ("/nowhere/k", Some("GET"), none),
        ("/nowhere", None, none),
        ("/", Some("GET"), none),
        ("/", None, none),
    ] {
        let mut headers = vec![("origin", "https://app.example.com")];
        headers.extend(asked.map(|method| ("access-control-request-method", method)));
        let got = rig.call(Who::Nobody, &format!("OPTIONS {path}"), &headers, "").await;
        got.is(403, "AccessForbidden");
        assert_eq!(
            (
                got.element("Message"),
                got.element("Method"),
                got.element("ResourceType")
            ),
            (sentence, asked.unwrap_or("OPTIONS"), "BUCKET"),
            "{path} {asked:?}"
        );
    }
    for (headers, sentence) in [
        (vec![], "Insufficient information. Origin request header needed."),
        (
            vec![("origin", "https://a.test"), ("access-control-request-method", "put")],
            "Invalid Access-Control-Request-Method: put",
        ),
    ] {
        for path in ["/photos/k", "/nowhere", "/"] {
            let got = rig.call(Who::Nobody, &format!("OPTIONS {path}"), &headers, "").await;
            got.is(400, "BadRequest");
            assert_eq!(got.element("Message"), sentence, "{path}");
        }
    }
}
