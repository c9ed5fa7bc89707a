//! Buckets as a whole: regions, lists, ownership and ACLs.

use super::*;

fn constraint(name: &str) -> String {
    format!("<CreateBucketConfiguration><LocationConstraint>{name}</LocationConstraint></CreateBucketConfiguration>")
}

impl Rig {
    /// A client that is configured for this region.
    fn at(mut self, region: &str) -> Self {
        self.cx.region = Region::new(region);
        self
    }
}

#[tokio::test]
async fn a_bucket_is_made_where_its_endpoint_is() {
    let rig = Rig::new().await;
    let north = constraint("eu-west-1");
    let made = rig.call(Who::Admin, "PUT /north", &[], &north).await.ok();
    assert_eq!(
        (made.header("location"), made.header("x-amz-bucket-arn")),
        ("/north", "arn:aws:s3:::north")
    );
    rig.call(Who::Admin, "PUT /photos", &[], "").await.ok();
    for (bucket, body) in [("north", north.as_str()), ("north", ""), ("photos", &north)] {
        rig.call(Who::Admin, &format!("PUT /{bucket}"), &[], body)
            .await
            .is(409, "BucketAlreadyOwnedByYou");
    }
    rig.call(Who::Admin, "PUT /No", &[], "")
        .await
        .is(400, "InvalidBucketName");
    let got = rig.call(Who::Admin, "PUT /south", &[], &constraint("moon")).await;
    got.is(400, "InvalidLocationConstraint");
    assert_eq!(got.element("LocationConstraint"), "moon");
    rig.call(Who::Ana, "PUT /anas", &[], "").await.is(403, "AccessDenied");
    let tagged = "<CreateBucketConfiguration><Tags><Tag><Key>aws:a</Key><Value>1</Value></Tag></Tags></CreateBucketConfiguration>";
    let got = rig.call(Who::Admin, "PUT /tagged", &[], tagged).await;
    got.is(400, "InvalidTag");
    assert_eq!(
        got.element("Message"),
        "User-defined tag keys can't start with &quot;aws:&quot;. This prefix is reserved for system tags. Remove &quot;aws:&quot; from \
         your tag keys and try again."
    );
    rig.call(Who::Admin, "HEAD /tagged", &[], "").await.is(404, "");

    let rig = rig.at("eu-west-1");
    for (body, named) in [
        (String::new(), "unspecified"),
        (constraint(""), "unspecified"),
        (constraint("us-west-2"), "us-west-2"),
    ] {
        let got = rig.call(Who::Admin, "PUT /south", &[], &body).await;
        got.is(400, "IllegalLocationConstraintException");
        assert!(
            got.element("Message")
                .starts_with(&format!("The {named} location constraint")),
            "{}",
            got.body
        );
    }
    rig.call(Who::Admin, "PUT /No", &[], "")
        .await
        .is(400, "InvalidBucketName");
    rig.call(Who::Admin, "HEAD /south", &[], "").await.is(404, "");
    rig.call(Who::Admin, "PUT /south", &[], &constraint("EU")).await.ok();
    for (bucket, named) in [
        ("north", ">eu-west-1<"),
        ("south", ">EU<"),
        ("photos", "/\"></LocationConstraint>"),
    ] {
        let got = rig.call(Who::Admin, &format!("GET /{bucket}?location"), &[], "").await;
        assert!(got.body.contains(named), "{}", got.body);
    }
}

#[tokio::test]
async fn a_bucket_goes_when_it_is_empty() {
    let rig = Rig::new().await;
    rig.call(Who::Admin, "PUT /photos/k", &[], "x").await.ok();
    let delete = || rig.call(Who::Admin, "DELETE /photos", &[], "");
    delete().await.is(409, "BucketNotEmpty");
    rig.call(Who::Admin, "DELETE /photos/k", &[], "").await.ok();
    // Another sub-resource's name makes no deletion of the bucket.
    for query in ["versions", "uploads", "delete", "location"] {
        rig.call(Who::Admin, &format!("DELETE /photos?{query}"), &[], "")
            .await
            .is(405, "MethodNotAllowed");
    }
    assert_eq!(delete().await.status, 204);
    delete().await.is(404, "NoSuchBucket");
}

#[tokio::test]
async fn a_bucket_tells_its_region() {
    let rig = Rig::new().await;
    rig.call(Who::Admin, "PUT /north", &[], &constraint("EU")).await.ok();
    for (who, line, status, region) in [
        (Who::Admin, "HEAD /north", 200, "eu-west-1"),
        (Who::Admin, "GET /north", 200, "eu-west-1"),
        (Who::Admin, "GET /north?list-type=2", 200, "eu-west-1"),
        (Who::Admin, "GET /photos?list-type=2", 200, "us-east-1"),
        (Who::Nobody, "HEAD /north", 403, "eu-west-1"),
        (Who::Admin, "GET /north?list-type=2&encoding-type=x", 400, "eu-west-1"),
        (Who::Admin, "HEAD /nowhere", 404, ""),
        (Who::Admin, "GET /north/k", 404, ""),
        (Who::Admin, "GET /north?tagging", 404, ""),
    ] {
        let got = rig.call(who, line, &[], "").await;
        assert_eq!(
            (got.status, got.header("x-amz-bucket-region")),
            (status, region),
            "{line}"
        );
    }
    let head = rig.call(Who::Admin, "HEAD /north", &[], "").await;
    assert_eq!(head.header("x-amz-bucket-arn"), "arn:aws:s3:::north");
}

#[tokio::test]
async fn buckets_are_listed_by_region() {
    let rig = Rig::new().await;
    for bucket in ["north", "norway"] {
        rig.call(Who::Admin, &format!("PUT /{bucket}"), &[], &constraint("eu-west-1"))
            .await
            .ok();
    }
    let list = async |query: &str| {
        let got = rig.call(Who::Admin, &format!("GET /{query}"), &[], "").await.ok();
        let names = got.body.split("<Name>").skip(1).filter_map(|rest| rest.split_once('<'));
        let names = names.map(|(name, _)| name.to_owned()).collect::<Vec<_>>();
        (names, got)
    };
    let (all, got) = list("").await;
    assert_eq!(all, ["north", "norway", "photos"]);
    assert_eq!(
        (got.element("BucketArn"), got.element("BucketRegion")),
        ("arn:aws:s3:::north", "")
    );
    for (query, expected, region) in [
        ("?bucket-region=eu-west-1", vec!["north", "norway"], "eu-west-1"),
        ("?bucket-region=us-east-1", vec!["photos"], "us-east-1"),
        ("?bucket-region=us-west-2", vec![], ""),
        ("?bucket-region=eu-west-1&prefix=norw", vec!["norway"], "eu-west-1"),
        ("?prefix=ph", vec!["photos"], "us-east-1"),
        ("?continuation-token=", vec!["north", "norway", "photos"], "eu-west-1"),
    ] {
        let (names, got) = list(query).await;
        assert_eq!(
            (names, got.element("BucketRegion")),
            (owned(&expected), region),
            "{query}"
        );
    }
    let (first, got) = list("?bucket-region=eu-west-1&max-buckets=1").await;
    let token = got.element("ContinuationToken");
    assert_eq!((first, token), (owned(&["north"]), "norway"));
    let (rest, got) = list(&format!(
        "?bucket-region=eu-west-1&max-buckets=1&continuation-token={token}"
    ))
    .await;
    assert_eq!((rest, got.element("ContinuationToken")), (owned(&["norway"]), ""));

    let got = rig.call(Who::Admin, "GET /?bucket-region=atlantis-1", &[], "").await;
    got.is(400, "InvalidArgument");
    assert_eq!(
        (got.element("Message"), got.element("ArgumentName")),
        ("Argument value atlantis-1 is not a valid AWS Region", "bucket-region")
    );
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

#[tokio::test]
async fn acls_follow_the_buckets_ownership() {
    let rig = Rig::new().await;
    let own = rig.call(Who::Admin, "GET /photos?acl", &[], "").await.ok().body;
    let shared = own.replace("FULL_CONTROL", "READ");
    let id = own.split_once("<ID>").unwrap().1.split_once('<').unwrap().0;
    let stranger = "f".repeat(64);
    let anothers = own.replacen(id, &stranger, 1);
    let both_anothers = own.replace(id, &stranger);
    let nobodys = own.replacen(&format!("<ID>{id}</ID>"), "", 1);
    let ownerless = own.replace("Owner>", "Other>");
    let listless = own.replace("AccessControlList>", "List>");
    let rule = |name: &str| format!("<Rule><ObjectOwnership>{name}</ObjectOwnership></Rule>");
    let controls = |rules: &str| format!("<OwnershipControls>{rules}</OwnershipControls>");

    for (ownership, is_off) in [
        (Some("BucketOwnerEnforced"), true),
        (Some("BucketOwnerPreferred"), false),
        (Some("ObjectWriter"), false),
        (Some("BucketOwnerEnforced"), true),
        (None, false),
    ] {
        if let Some(name) = ownership {
            let body = controls(&rule(name));
            rig.call(Who::Admin, "PUT /photos?ownershipControls", &[], &body)
                .await
                .ok();
        } else {
            rig.call(Who::Admin, "DELETE /photos?ownershipControls", &[], "")
                .await
                .ok();
            rig.call(Who::Admin, "GET /photos?ownershipControls", &[], "")
                .await
                .is(404, "OwnershipControlsNotFoundError");
        }
        let off = "AccessControlListNotSupported";
        let when_off = |otherwise: &'static str| if is_off { off } else { otherwise };
        for (headers, body, expected) in [
            (vec![("x-amz-acl", "bucket-owner-full-control")], "", ""),
            (vec![("x-amz-acl", "private")], "", when_off("")),
            (vec![("x-amz-acl", "public-read")], "", when_off("AccessDenied")),
            (vec![("x-amz-acl", "aws-exec-read")], "", when_off("NotImplemented")),
            (vec![("x-amz-grant-read", "id=1")], "", when_off("NotImplemented")),
            (vec![], own.as_str(), ""),
            (vec![], shared.as_str(), when_off("NotImplemented")),
            (vec![], anothers.as_str(), "AccessDenied"),
            (vec![], both_anothers.as_str(), "AccessDenied"),
            (vec![], nobodys.as_str(), "MalformedACLError"),
            (vec![], ownerless.as_str(), "MalformedACLError"),
            (vec![], listless.as_str(), "MalformedACLError"),
            (vec![], "<AccessControlPolicy/>", "MalformedACLError"),
            (vec![], "<Acl/>", "MalformedXML"),
            (vec![], "", "MissingSecurityHeader"),
        ] {
            for line in ["PUT /photos?acl", "PUT /photos/k?acl"] {
                rig.call(Who::Admin, "PUT /photos/k", &[], "x").await.ok();
                let got = rig.call(Who::Admin, line, &headers, body).await;
                assert_eq!(got.element("Code"), expected, "{ownership:?} {line} {headers:?} {body}");
            }
            if body.is_empty() && !headers.is_empty() {
                let got = rig.call(Who::Admin, "PUT /photos/new", &headers, "x").await;
                assert_eq!(got.element("Code"), expected, "{ownership:?} {headers:?}");
            }
        }
    }
    for rules in [String::new(), rule("Everybody"), rule("ObjectWriter").repeat(2)] {
        rig.call(Who::Admin, "PUT /photos?ownershipControls", &[], &controls(&rules))
            .await
            .is(400, "MalformedXML");
    }
    rig.call(Who::Admin, "DELETE /photos?publicAccessBlock", &[], "")
        .await
        .ok();
    rig.call(Who::Admin, "PUT /photos?acl", &[("x-amz-acl", "public-read")], "")
        .await
        .is(501, "NotImplemented");
}

#[tokio::test]
async fn a_new_bucket_is_private() {
    let rig = Rig::new().await;
    for (ownership, acl, expected) in [
        ("BucketOwnerEnforced", "private", ""),
        (
            "BucketOwnerEnforced",
            "public-read",
            "InvalidBucketAclWithObjectOwnership",
        ),
        ("ObjectWriter", "private", ""),
        (
            "ObjectWriter",
            "public-read",
            "InvalidBucketAclWithBlockPublicAccessError",
        ),
        ("ObjectWriter", "log-delivery-write", "NotImplemented"),
        ("Everybody", "private", "InvalidArgument"),
    ] {
        let headers = [("x-amz-object-ownership", ownership), ("x-amz-acl", acl)];
        let got = rig.call(Who::Admin, "PUT /another", &headers, "").await;
        assert_eq!(got.element("Code"), expected, "{headers:?}");
    }
}

/// An address of Signature Version 2 names no region, and what the client says of itself is none either: the global endpoint.
#[tokio::test]
async fn who_signs_for_no_region_says_where_a_bucket_is() {
    let rig = Rig::new().await.at("eu-west-1");
    let expires = rig.cx.wall().secs() + 60;
    let query = format!("AWSAccessKeyId=AKIAANYBODY&Expires={expires}&Signature=x");
    for (bucket, body, location) in [
        ("plain", String::new(), "/\"></LocationConstraint>"),
        ("west", constraint("eu-west-1"), ">eu-west-1<"),
        ("north", constraint("eu-north-1"), ">eu-north-1<"),
    ] {
        let line = format!("PUT /{bucket}?{query}");
        rig.call(Who::Nobody, &line, &[], &body).await.ok();
        let got = rig.call(Who::Admin, &format!("GET /{bucket}?location"), &[], "").await;
        assert!(got.body.contains(location), "{}", got.body);
    }
}

#[tokio::test]
async fn a_configuration_says_each_thing_once() {
    let rig = Rig::new().await;
    let west = "<LocationConstraint>eu-west-1</LocationConstraint>";
    let north = "<LocationConstraint>eu-north-1</LocationConstraint>";
    let tags = "<Tags><Tag><Key>a</Key><Value>b</Value></Tag></Tags>";
    let zone = "<Location><Name>use1-az4</Name><Type>AvailabilityZone</Type></Location>";
    let directory = "<Bucket><DataRedundancy>SingleAvailabilityZone</DataRedundancy><Type>Directory</Type></Bucket>";
    for (parts, status, code) in [
        (vec![west, north], 400, "MalformedXML"),
        (vec![west, west], 400, "MalformedXML"),
        (vec![tags, tags], 400, "MalformedXML"),
        (vec![zone, directory], 501, "NotImplemented"),
        (vec![zone], 501, "NotImplemented"),
        (vec![directory], 501, "NotImplemented"),
        (vec![zone, directory, directory], 400, "MalformedXML"),
    ] {
        let body = format!(
            "<CreateBucketConfiguration>{}</CreateBucketConfiguration>",
            parts.concat()
        );
        rig.call(Who::Admin, "PUT /another", &[], &body).await.is(status, code);
        rig.call(Who::Admin, "HEAD /another", &[], "").await.is(404, "");
    }
    let body = format!("<CreateBucketConfiguration>{west}{tags}</CreateBucketConfiguration>");
    rig.call(Who::Admin, "PUT /another", &[], &body).await.ok();
}
