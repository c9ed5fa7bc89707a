//! Which operation, and which refusal, a method and a query are.

use super::*;

fn found(request: &str) -> Result<Operation> {
    let (method, target) = request.split_once(' ').unwrap();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let level = match path {
        "/" => Level::Service,
        "/b" => Level::Bucket,
        _ => Level::Object,
    };
    operation(
        &method.parse().unwrap(),
        level,
        &Query::parse(query).unwrap(),
        path.ends_with("copy"),
    )
}

#[test]
fn operations_and_their_actions() {
    for (request, expected) in [
        ("GET /", "s3:ListAllMyBuckets"),
        ("PUT /b", "s3:CreateBucket"),
        ("HEAD /b", "s3:ListBucket"),
        ("DELETE /b", "s3:DeleteBucket"),
        ("GET /b?location", "s3:GetBucketLocation"),
        ("GET /b", "s3:ListBucket"),
        ("GET /b?list-type=2&prefix=x", "s3:ListBucket"),
        ("GET /b?versions", "s3:ListBucketVersions"),
        ("GET /b?uploads=", "s3:ListBucketMultipartUploads"),
        ("GET /b/k?x-id=GetObject", "s3:GetObject"),
        ("HEAD /b/k", "s3:GetObject"),
        ("PUT /b/k?x-id=PutObject", "s3:PutObject"),
        ("PUT /b/copy", "s3:PutObject"),
        ("DELETE /b/k", "s3:DeleteObject"),
        ("POST /b/k?uploads", "s3:PutObject"),
        ("PUT /b/k?partNumber=1&uploadId=u", "s3:PutObject"),
        ("PUT /b/k?partNumber=1&uploadId=", "s3:PutObject"),
        ("GET /b/k?partNumber=1", "s3:GetObject"),
        ("PUT /b/copy?partNumber=1&uploadId=u", "s3:PutObject"),
        ("POST /b/k?uploadId=u", "s3:PutObject"),
        ("DELETE /b/k?uploadId=u", "s3:AbortMultipartUpload"),
        ("GET /b/k?uploadId=u", "s3:ListMultipartUploadParts"),
        ("GET /b/k?tagging", "s3:GetObjectTagging"),
        ("PUT /b/k?tagging", "s3:PutObjectTagging"),
        ("DELETE /b/k?tagging", "s3:DeleteObjectTagging"),
        ("GET /b?policy=", "s3:GetBucketPolicy"),
        ("PUT /b?policy", "s3:PutBucketPolicy"),
        ("DELETE /b?policy", "s3:DeleteBucketPolicy"),
        ("GET /b?cors", "s3:GetBucketCORS"),
        ("PUT /b?cors", "s3:PutBucketCORS"),
        ("DELETE /b?cors", "s3:PutBucketCORS"),
        ("DELETE /b?website", "s3:DeleteBucketWebsite"),
        ("GET /b?publicAccessBlock", "s3:GetBucketPublicAccessBlock"),
        ("GET /b?lifecycle", "s3:GetLifecycleConfiguration"),
        ("DELETE /b?encryption", "s3:PutEncryptionConfiguration"),
        ("GET /b?acl", "s3:GetBucketAcl"),
        ("GET /b?acl&acl", "s3:GetBucketAcl"),
        ("PUT /b/k?tagging&tagging=", "s3:PutObjectTagging"),
        ("PUT /b/k?partNumber=1&partNumber=2&uploadId=u", "s3:PutObject"),
    ] {
        assert_eq!(found(request).unwrap().action(), Some(expected), "{request}");
    }
    assert_eq!(found("POST /b?delete=").unwrap(), Operation::DeleteObjects);
    for (request, expected) in [
        ("POST /", "MethodNotAllowed"),
        ("PATCH /b", "MethodNotAllowed"),
        ("DELETE /b?acl", "MethodNotAllowed"),
        ("PUT /b/k?partNumber=1", "InvalidArgument"),
        ("PUT /b/k?partNumber=", "InvalidArgument"),
        ("DELETE /b/k?partNumber=1", "InvalidArgument"),
        ("GET /b?acl&versioning", "InvalidArgument"),
        ("PUT /b/k?acl&tagging", "InvalidArgument"),
        ("POST /b/k?uploads&uploadId=u", "InvalidArgument"),
        ("PUT /b?location", "MethodNotAllowed"),
        ("DELETE /b/k?acl", "MethodNotAllowed"),
        ("POST /b/k", "MethodNotAllowed"),
        ("DELETE /b?inventory&id=x", "NotImplemented"),
        ("DELETE /b/k?legal-hold", "NotImplemented"),
        ("PUT /b/k?renameObject", "NotImplemented"),
        ("PUT /b/k?encryption", "NotImplemented"),
        ("DELETE /b/k?annotation", "NotImplemented"),
        ("DELETE /b/k?what-comes-next", "NotImplemented"),
        ("PUT /b?metadataInventoryTable", "NotImplemented"),
        ("DELETE /b?what-comes-next=", "NotImplemented"),
        ("POST /b", "MethodNotAllowed"),
        ("POST /b?policy", "MethodNotAllowed"),
    ] {
        assert_eq!(found(request).unwrap_err().code().0, expected, "{request}");
    }
}

#[test]
fn forms_are_posted_to_buckets() {
    for (method, level, query, expected) in [
        ("POST", Level::Bucket, "", true),
        ("POST", Level::Bucket, "x-id=PostObject", true),
        ("POST", Level::Bucket, "delete", false),
        ("POST", Level::Bucket, "delete=1", false),
        ("POST", Level::Bucket, "policy", false),
        ("POST", Level::Bucket, "metadataTable=", false),
        ("POST", Level::Bucket, "what-comes-next", false),
        ("PUT", Level::Bucket, "", false),
        ("POST", Level::Object, "", false),
        ("POST", Level::Service, "", false),
    ] {
        let found = is_form(&method.parse().unwrap(), level, &Query::parse(query).unwrap());
        assert_eq!(found, expected, "{method} {level:?} {query}");
    }
}

#[test]
fn a_refused_method_is_told_with_what_it_was_for() {
    for (request, kind) in [
        ("PUT /", "SERVICE"),
        ("PATCH /b", "BUCKET"),
        ("POST /b?acl", "ACL"),
        ("PUT /b?location", "LOCATION"),
        ("DELETE /b?logging", "LOGGING_STATUS"),
        ("DELETE /b?versioning", "VERSIONING"),
        ("POST /b?policy", "BUCKETPOLICY"),
        ("DELETE /b?versions", "BUCKETVERSIONS"),
        ("DELETE /b?uploads", "UPLOADS"),
        ("PUT /b?delete", "MULTI_OBJECT_DELETE"),
        ("GET /b?delete", "MULTI_OBJECT_DELETE"),
        ("POST /b/k", "OBJECT"),
        ("PATCH /b/k", "OBJECT"),
        ("DELETE /b/k?acl", "ACL"),
        ("POST /b/k?tagging", "OBJECT_TAGGING"),
        ("DELETE /b/k?uploads", "UPLOADS"),
        ("PUT /b/k?uploads", "UPLOADS"),
        ("PATCH /b/k?uploadId=u", "UPLOAD"),
        ("PATCH /b/k?uploadId=u&partNumber=1", "PART"),
    ] {
        let refused = found(request).unwrap_err();
        let method = request.split(' ').next().unwrap();
        let members = refused.members().iter().map(|(name, value)| (*name, value.as_str()));
        assert_eq!(refused.code().0, "MethodNotAllowed", "{request}");
        assert_eq!(
            members.collect::<Vec<_>>(),
            [("Method", method), ("ResourceType", kind)],
            "{request}"
        );
    }
}
