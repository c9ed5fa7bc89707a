//! ListBuckets, CreateBucket, HeadBucket, DeleteBucket.

use axum::body::Body;
use http::{Response, StatusCode, header};
use iam::canonical_id;
use kernel::Result;
use objects::{BucketListRequest, Location, Ownership, Settings, bucket_arn, check_bucket_name, is_known_region};

use crate::{
    acl::is_public,
    answer::{document, empty},
    call::S3Call,
    errors::{self, refusal},
    headers::{has_grants, set, to_xml_date},
    xml::rooted,
};

const MAX_BUCKETS: u32 = 10_000;
const BUCKET_ARN: &str = "x-amz-bucket-arn";

impl S3Call<'_> {
    pub(crate) async fn list_buckets(&self) -> Result<Response<Body>> {
        let region = self.query.get("bucket-region").unwrap_or("");
        if !region.is_empty() && !is_known_region(region, &self.intent.manner.endpoint) {
            return Err(errors::unknown_region(region));
        }
        let request = BucketListRequest {
            prefix: self.query.get("prefix").unwrap_or(""),
            region,
            from: self.query.get("continuation-token").unwrap_or(""),
            max: self.number("max-buckets", MAX_BUCKETS)?.clamp(1, MAX_BUCKETS) as usize,
        };
        let account = &self.caller.principal.account;
        let page = self.s3.objects.buckets(account, request).await?;
        // The region is told to those who ask for less than all, as S3 does.
        let names_region = ["prefix", "bucket-region", "continuation-token", "max-buckets"]
            .iter()
            .any(|name| self.query.has(name));
        let mut xml = rooted("ListAllMyBucketsResult");
        xml.open("Owner")
            .element("ID", canonical_id(account))
            .close()
            .open("Buckets");
        for bucket in &page.buckets {
            xml.open("Bucket")
                .element("Name", &bucket.name)
                .element("BucketArn", bucket_arn(&bucket.name))
                .element("CreationDate", to_xml_date(bucket.created_at));
            if names_region {
                xml.element("BucketRegion", bucket.region.as_str());
            }
            xml.close();
        }
        xml.close()
            .optional("Prefix", self.query.get("prefix"))
            .optional("ContinuationToken", page.next);
        Ok(document(xml))
    }

    pub(crate) async fn create_bucket(&self) -> Result<Response<Body>> {
        // A name that can't be is refused wherever it is asked for.
        check_bucket_name(&self.intent.bucket)?;
        let location = Location::choose(self.said.constraint.as_deref(), &self.intent.manner.endpoint)?;
        let ownership = match self.header("x-amz-object-ownership") {
            None => Ownership::BucketOwnerEnforced,
            Some(name) => Ownership::ALL.into_iter().find(|o| o.as_str() == name).ok_or_else(|| {
                errors::invalid_argument("Invalid x-amz-object-ownership header", "x-amz-object-ownership", name)
            })?,
        };
        self.check_new_acl(ownership)?;
        if self.header("x-amz-bucket-object-lock-enabled") == Some("true") {
            return Err(errors::not_implemented());
        }
        let settings = Settings {
            ownership: Some(ownership),
            location: location.named,
            tags: self.said.tags.clone(),
            ..Settings::of_new_bucket()
        };
        self.s3
            .objects
            .create_bucket(self.cx, &self.intent.bucket, &location.region, &settings)
            .await?;
        let mut response = empty(StatusCode::OK);
        let out = response.headers_mut();
        set(out, header::LOCATION.as_str(), &format!("/{}", self.intent.bucket));
        set(out, BUCKET_ARN, &bucket_arn(&self.intent.bucket));
        Ok(response)
    }

    /// A new bucket may be private; public ones need a policy.
    /// Errors: InvalidBucketAclWithObjectOwnership, InvalidBucketAclWithBlockPublicAccessError, NotImplemented.
    fn check_new_acl(&self, ownership: Ownership) -> Result<()> {
        let granted = has_grants(self.headers);
        match self.header("x-amz-acl") {
            None | Some("private") if !granted => Ok(()),
            _ if ownership == Ownership::BucketOwnerEnforced => Err(refusal(
                "InvalidBucketAclWithObjectOwnership",
                "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
            )),
            Some(acl) if is_public(acl) => Err(refusal(
                "InvalidBucketAclWithBlockPublicAccessError",
                "Bucket cannot have public ACLs set with BlockPublicAccess enabled",
            )),
            _ => Err(errors::not_implemented()),
        }
    }

    /// The region is named as in every answer about the bucket as a whole, see `request::operation::names_region`.
    pub(crate) fn head_bucket(&self) -> Response<Body> {
        let mut response = empty(StatusCode::OK);
        let out = response.headers_mut();
        set(out, BUCKET_ARN, &bucket_arn(&self.intent.bucket));
        set(out, "x-amz-access-point-alias", "false");
        set(out, header::CONTENT_TYPE.as_str(), "application/xml");
        response
    }

    pub(crate) async fn delete_bucket(&self) -> Result<Response<Body>> {
        self.s3.objects.delete_bucket(&self.intent.bucket).await?;
        Ok(empty(StatusCode::NO_CONTENT))
    }
}
