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
    rig.call(
        Who::Admin,
        "PUT /photos/moved",
        &[("x-amz-website-redirect-location", "/docs/")],
        "",
    )
    .await
    .ok();
    rig
}

#[tokio::test]
async fn a_website_by_host_and_by_path() {
    let rig = site().await;
    let host = [("host", "photos.s3-website-us-east-1.localhost")];
    for (path, status, body, location) in [
        ("/", 200, "home", ""),
        ("/docs/", 200, "docs", ""),
        ("/docs", 302, "", "/docs/"),
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
        (302, "/_website/photos/docs/")
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
    assert_eq!(
        rig.call(Who::Nobody, "PUT /_website/photos/x", &[], "x").await.status,
        405
    );
    let none = rig.call(Who::Nobody, "GET /_website/nowhere/", &[], "").await;
    assert_eq!(
        (none.status, none.header("content-type")),
        (404, "text/html; charset=utf-8")
    );
    assert!(none.body.contains("<li>Code: NoSuchBucket</li>"), "{}", none.body);
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
async fn cors_follows_the_buckets_rules() {
    let rig = Rig::new().await;
    rig.call(Who::Admin, "PUT /photos/k", &[], "v").await.ok();
    let ask = [
        ("origin", "https://app.example.com"),
        ("access-control-request-method", "PUT"),
        ("access-control-request-headers", "content-type,X-Amz-Date"),
    ];
    let off = rig.call(Who::Nobody, "OPTIONS /photos/k", &ask, "").await;
    off.is(403, "AccessForbidden");
    assert_eq!(
        off.element("Message"),
        "CORSResponse: CORS is not enabled for this bucket."
    );
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
