//! One request on its way: what it is, who makes it, what it asks leave for.

pub(super) mod keys;

use std::sync::{Arc, OnceLock};

use http::HeaderMap;
use kernel::{ApiError, Code, Cx, Region, Result};
use objects::{Bucket, EtagTest, GLOBAL_REGION, errors};
use policy::{Policy, PolicyKind};

use super::{
    S3,
    address::Query,
    gate::{Keys, Question, Signed},
    headers::text,
    operation::Op,
    said::Said,
};

/// A request after its signature was checked.
pub(super) struct Call<'a> {
    pub s3: &'a S3,
    pub cx: &'a Cx,
    pub op: Op,
    pub query: Query,
    pub headers: HeaderMap,
    pub caller: iam::Caller,
    pub signed: Option<Signed>,
    /// Absent for ListBuckets and CreateBucket.
    pub bucket: Option<Bucket>,
    pub bucket_name: String,
    /// Empty for bucket operations.
    pub key: String,
    pub said: Said,
    /// The bucket's own policy as far as it counts, once it was read.
    pub policy: OnceLock<Option<Policy>>,
}

/// An action and the ARN it acts on.
pub(super) type Need = (&'static str, String);

pub(super) fn bucket_arn(bucket: &str) -> String {
    format!("arn:aws:s3:::{bucket}")
}

pub(super) fn object_arn(bucket: &str, key: &str) -> String {
    format!("arn:aws:s3:::{bucket}/{key}")
}

/// All that must be allowed before the operation begins. What concerns another bucket (the source of a copy) or single
/// keys (DeleteObjects) is asked where it is known.
pub(super) fn needs(op: Op, bucket: &str, key: &str, names_version: bool, headers: &HeaderMap) -> Vec<Need> {
    let resource = match (bucket.is_empty(), key.is_empty()) {
        (true, _) => "*".to_owned(),
        (false, true) => bucket_arn(bucket),
        (false, false) => object_arn(bucket, key),
    };
    if op == Op::DeleteObjects {
        return Vec::new();
    }
    let mut needs = vec![(op.action(), resource.clone())];
    if let Some(action) = op.version_action().filter(|_| names_version) {
        needs.push((action, resource.clone()));
    }
    // Who writes on condition of an ETag learns whether it is that. Reference: S3 user guide, conditional requests.
    if op.has_if_match() && text(headers, "if-match").is_some_and(|tag| EtagTest::parse(tag) != EtagTest::Any) {
        needs.push(("s3:GetObject", resource.clone()));
    }
    if op.writes_object() {
        if headers.contains_key("x-amz-acl") || headers.keys().any(|n| n.as_str().starts_with("x-amz-grant-")) {
            needs.push(("s3:PutObjectAcl", resource.clone()));
        }
        if headers.contains_key("x-amz-tagging") {
            needs.push(("s3:PutObjectTagging", resource));
        }
    }
    needs
}

impl Call<'_> {
    /// The bucket of a bucket or object operation.
    pub(super) fn bucket(&self) -> Result<&Bucket> {
        self.bucket
            .as_ref()
            .ok_or_else(|| errors::no_such_bucket(&self.bucket_name))
    }

    /// The region whose endpoint is called: the one that is signed for. Version 2 signs for none, and neither does nobody:
    /// that is the global endpoint.
    pub(super) fn endpoint(&self) -> Region {
        match self.signed {
            Some(Signed::Header(_) | Signed::Presigned(_)) => self.cx.region.clone(),
            Some(Signed::Version2 | Signed::Form(_)) | None => Region::new(GLOBAL_REGION),
        }
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        text(&self.headers, name)
    }

    /// A number in the query. Errors: InvalidArgument.
    pub(super) fn number(&self, name: &str, default: u32) -> Result<u32> {
        let Some(value) = self.query.get(name).filter(|v| !v.is_empty()) else {
            return Ok(default);
        };
        let number: i32 = value.parse().map_err(|_| errors::not_an_integer(name, value))?;
        u32::try_from(number).map_err(|_| errors::negative(name, value))
    }

    /// Asks for everything that the operation needs. Errors: AccessDenied, ExpectedBucketOwner's.
    pub(super) async fn authorize(&self) -> Result<()> {
        self.check_expected_owner("x-amz-expected-bucket-owner", self.bucket.as_ref())?;
        let keys = Arc::new(self.keys().await?);
        let names_version = self.version().is_some();
        for (action, resource) in needs(self.op, &self.bucket_name, &self.key, names_version, &self.headers) {
            self.ask(action, resource, self.bucket.as_ref(), &keys).await?;
        }
        Ok(())
    }

    /// One more question, such as for the source of a copy.
    pub(super) async fn ask(
        &self,
        action: &'static str,
        resource: String,
        bucket: Option<&Bucket>,
        keys: &Arc<Keys>,
    ) -> Result<()> {
        let resource_account = bucket.map_or_else(|| self.cx.account().clone(), |b| b.account.clone());
        // A bucket is called where it is: on AWS nobody reaches it by a signature for elsewhere, here everybody does. The
        // source of a copy counts where the source is (unconfirmed).
        let cx = Cx {
            region: bucket.map_or_else(|| self.endpoint(), |b| b.region.clone()),
            ..self.cx.clone()
        };
        self.s3
            .gate
            .authorize(
                cx,
                Question {
                    caller: self.caller.clone(),
                    action,
                    resource,
                    resource_account,
                    bucket_policy: bucket.map(|b| self.policy_of(b)).transpose()?.flatten(),
                    keys: Arc::clone(keys),
                },
            )
            .await
    }

    /// The bucket's policy as far as it counts: a public one says nothing to strangers under RestrictPublicBuckets.
    fn policy_of(&self, bucket: &Bucket) -> Result<Option<Policy>> {
        let own = bucket.name == self.bucket_name;
        if let Some(policy) = self.policy.get().filter(|_| own) {
            return Ok(policy.clone());
        }
        let policy = self.read_policy(bucket)?;
        if own {
            let _ = self.policy.set(policy.clone());
        }
        Ok(policy)
    }

    fn read_policy(&self, bucket: &Bucket) -> Result<Option<Policy>> {
        let Some(text) = &bucket.settings.policy else {
            return Ok(None);
        };
        let policy = Policy::parse(text, PolicyKind::Bucket).map_err(|e| ApiError::internal(e.message()))?;
        let stranger = self.caller.principal.is_anonymous() || self.caller.principal.account != bucket.account;
        let restricted = stranger && bucket.settings.restricts_public_buckets() && policy.is_public();
        Ok((!restricted).then_some(policy))
    }

    /// Errors: AccessDenied if the client expected another owner.
    pub(super) fn check_expected_owner(&self, header: &str, bucket: Option<&Bucket>) -> Result<()> {
        match (self.header(header), bucket) {
            (Some(expected), Some(bucket)) if expected != bucket.account.as_str() => Err(errors::access_denied()),
            _ => Ok(()),
        }
    }

    /// The version that the request names; an empty name is none.
    fn version(&self) -> Option<&str> {
        self.query.get("versionId").filter(|version| !version.is_empty())
    }

    /// A missing key is shown only to those who may list. Reference: identity-pools-iam 11.2, last line.
    pub(super) async fn hide_absence(&self, error: ApiError) -> ApiError {
        if error.code() != Code("NoSuchKey") {
            return error;
        }
        let keys = Arc::new(self.common_keys(self.bucket.as_ref()));
        let listing = self
            .ask(
                "s3:ListBucket",
                bucket_arn(&self.bucket_name),
                self.bucket.as_ref(),
                &keys,
            )
            .await;
        match listing {
            Ok(()) => error,
            Err(denied) => denied,
        }
    }

    /// Errors: InvalidArgument for any version but `null`.
    pub(super) fn check_version(&self) -> Result<()> {
        match self.query.get("versionId") {
            None | Some("null" | "") => Ok(()),
            Some(version) => Err(errors::invalid_version(version)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_put_needs() {
        let mut headers = HeaderMap::new();
        let actions = |op, headers: &HeaderMap| -> Vec<_> {
            needs(op, "b", "a/k", false, headers)
                .into_iter()
                .map(|(action, arn)| format!("{action} {arn}"))
                .collect()
        };
        assert_eq!(actions(Op::PutObject, &headers), ["s3:PutObject arn:aws:s3:::b/a/k"]);
        headers.insert("if-match", http::HeaderValue::from_static("*"));
        assert_eq!(
            actions(Op::DeleteObject, &headers),
            ["s3:DeleteObject arn:aws:s3:::b/a/k"]
        );
        headers.insert("if-match", http::HeaderValue::from_static("\"x\""));
        for (op, action) in [
            (Op::PutObject, "s3:PutObject"),
            (Op::CopyObject, "s3:PutObject"),
            (Op::CompleteMultipartUpload, "s3:PutObject"),
            (Op::DeleteObject, "s3:DeleteObject"),
        ] {
            let both = [
                format!("{action} arn:aws:s3:::b/a/k"),
                "s3:GetObject arn:aws:s3:::b/a/k".to_owned(),
            ];
            assert_eq!(actions(op, &headers), both, "{op:?}");
        }
        headers.remove("if-match");
        headers.insert("x-amz-acl", http::HeaderValue::from_static("private"));
        headers.insert("x-amz-tagging", http::HeaderValue::from_static("a=1"));
        assert_eq!(
            actions(Op::CreateMultipartUpload, &headers),
            [
                "s3:PutObject arn:aws:s3:::b/a/k",
                "s3:PutObjectAcl arn:aws:s3:::b/a/k",
                "s3:PutObjectTagging arn:aws:s3:::b/a/k"
            ]
        );
        assert_eq!(actions(Op::UploadPart, &headers), ["s3:PutObject arn:aws:s3:::b/a/k"]);
        assert_eq!(
            needs(Op::ListObjects, "b", "", false, &headers),
            [("s3:ListBucket", bucket_arn("b"))]
        );
        assert_eq!(
            needs(Op::ListBuckets, "", "", false, &headers),
            [("s3:ListAllMyBuckets", "*".to_owned())]
        );
        assert_eq!(needs(Op::DeleteObjects, "b", "", false, &headers), []);
    }

    /// Reference: identity-pools-iam 11.2.
    #[test]
    fn who_names_a_version_needs_leave_for_versions_too() {
        for (op, action) in [
            (Op::GetObject, Some("s3:GetObjectVersion")),
            (Op::HeadObject, Some("s3:GetObjectVersion")),
            (Op::DeleteObject, Some("s3:DeleteObjectVersion")),
            (Op::GetObjectAcl, Some("s3:GetObjectVersionAcl")),
            (Op::PutObjectAcl, Some("s3:PutObjectVersionAcl")),
            (Op::GetObjectTagging, Some("s3:GetObjectVersionTagging")),
            (Op::PutObjectTagging, Some("s3:PutObjectVersionTagging")),
            (Op::DeleteObjectTagging, Some("s3:DeleteObjectVersionTagging")),
            (Op::PutObject, None),
            (Op::ListObjects, None),
        ] {
            let asked = |names_version| -> Vec<_> {
                let needs = needs(op, "b", "k", names_version, &HeaderMap::new());
                needs.into_iter().map(|(action, _)| action).collect()
            };
            assert_eq!(asked(false), [op.action()], "{op:?}");
            let both: Vec<_> = std::iter::once(op.action()).chain(action).collect();
            assert_eq!(asked(true), both, "{op:?}");
        }
    }
}
