//! ListBuckets, CreateBucket, HeadBucket, DeleteBucket.

use http::{Response, StatusCode, header};
use kernel::{Region, Result};
use objects::{Ownership, Settings, errors};

use super::{
    Body,
    body::Inbound,
    call::Call,
    canonical_id, document, empty,
    headers::{set, to_xml_date},
    refusal,
    xml::{Node, Xml},
};

const MAX_BUCKETS: u32 = 10_000;

impl Call<'_> {
    pub(super) async fn list_buckets(&self) -> Result<Response<Body>> {
        let prefix = self.query.get("prefix").unwrap_or("");
        let token = self.query.get("continuation-token").unwrap_or("");
        let max = self.number("max-buckets", MAX_BUCKETS)?.clamp(1, MAX_BUCKETS);
        let account = &self.principal.account;
        let page = self.s3.objects.buckets(account, prefix, token, max as usize).await?;
        let mut xml = Xml::new("ListAllMyBucketsResult");
        xml.open("Owner")
            .element("ID", canonical_id(account))
            .close()
            .open("Buckets");
        for bucket in &page.buckets {
            xml.open("Bucket")
                .element("Name", &bucket.name)
                .element("CreationDate", to_xml_date(bucket.created_at));
            // The region is told to those who page, as S3 does.
            if self.query.has("max-buckets") || self.query.has("bucket-region") {
                xml.element("BucketRegion", bucket.region.as_str());
            }
            xml.close();
        }
        xml.close()
            .optional("Prefix", self.query.get("prefix"))
            .optional("ContinuationToken", page.next);
        Ok(document(xml))
    }

    pub(super) async fn create_bucket(&self, body: Inbound) -> Result<Response<Body>> {
        let body = body.document(&self.headers).await?;
        let mut region = Region::new("us-east-1");
        let mut tags = std::collections::BTreeMap::new();
        if !body.is_empty() {
            let configuration = Node::parse(&body, "CreateBucketConfiguration")?;
            match configuration.value("LocationConstraint").as_deref() {
                None | Some("") => {}
                // The old name of eu-west-1.
                Some("EU") => region = Region::new("eu-west-1"),
                Some("us-east-1") => return Err(errors::invalid_location()),
                Some(name) if is_region(name) => region = Region::new(name),
                Some(_) => return Err(errors::invalid_location()),
            }
            if let Some(set) = configuration.child("Tags") {
                tags = super::tagging::read_tags(set, objects::TagSet::NewBucket)?;
            }
        }
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
            tags,
            ..Settings::of_new_bucket()
        };
        self.s3
            .objects
            .create_bucket(self.cx, &self.bucket_name, &region, &settings)
            .await?;
        let mut response = empty(StatusCode::OK);
        set(
            response.headers_mut(),
            header::LOCATION.as_str(),
            &format!("/{}", self.bucket_name),
        );
        Ok(response)
    }

    /// A new bucket may be private; public ones need a policy. Errors: InvalidBucketAclWithObjectOwnership, NotImplemented.
    fn check_new_acl(&self, ownership: Ownership) -> Result<()> {
        let granted = self
            .headers
            .keys()
            .any(|name| name.as_str().starts_with("x-amz-grant-"));
        match self.header("x-amz-acl") {
            None | Some("private") if !granted => Ok(()),
            _ if ownership == Ownership::BucketOwnerEnforced => Err(refusal(
                "InvalidBucketAclWithObjectOwnership",
                "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
            )),
            _ => Err(errors::not_implemented()),
        }
    }

    pub(super) fn head_bucket(&self) -> Result<Response<Body>> {
        let bucket = self.bucket()?;
        let mut response = empty(StatusCode::OK);
        set(response.headers_mut(), "x-amz-bucket-region", bucket.region.as_str());
        set(response.headers_mut(), "x-amz-access-point-alias", "false");
        set(response.headers_mut(), header::CONTENT_TYPE.as_str(), "application/xml");
        Ok(response)
    }

    pub(super) async fn delete_bucket(&self) -> Result<Response<Body>> {
        self.s3.objects.delete_bucket(&self.bucket_name).await?;
        Ok(empty(StatusCode::NO_CONTENT))
    }
}

fn is_region(name: &str) -> bool {
    let mut parts = name.split('-');
    let letters = parts
        .next()
        .is_some_and(|p| p.len() == 2 && p.bytes().all(|b| b.is_ascii_lowercase()));
    letters
        && name
            .rsplit('-')
            .next()
            .is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit()) && !n.is_empty())
        && name.len() <= 32
        && name
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}
