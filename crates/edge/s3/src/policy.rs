//! A bucket's policy: read, checked, kept. Reference: identity-pools-iam 4.2, 7, 11.1, 11.5.

use http::Response;
use kernel::{ApiError, Code, Result};
use policy::{ParseError, Policy, PolicyKind};

use super::{
    Body,
    call::{Call, bucket_arn},
    operation::Setting,
    refusal,
    settings::absent,
    verbatim,
};

/// Bytes. Reference: identity-pools-iam 7.
const MAX_POLICY: usize = 20 * 1024;

impl Call<'_> {
    pub(super) async fn read_policy_document(&self) -> Result<Response<Body>> {
        let bucket = self.bucket()?;
        let kept = bucket.settings.policy.clone();
        let kept = kept.ok_or_else(|| absent(Setting::Policy, &bucket.name))?;
        let shown = (self.s3.gate.show_principals)(bucket.account.clone(), kept).await?;
        Ok(verbatim(shown, "application/json"))
    }

    /// Errors: MalformedPolicy, PolicyTooLarge, AccessDenied for a public one where those are blocked.
    pub(super) async fn write_policy(&self, body: Vec<u8>) -> Result<()> {
        let bucket = self.bucket()?;
        let text = String::from_utf8(body).ok().filter(|text| text.starts_with('{'));
        let text = text.ok_or_else(|| malformed(&ParseError::not_json(PolicyKind::Bucket)))?;
        check_size(&text)?;
        let policy = Policy::parse(&text, PolicyKind::Bucket).map_err(|error| malformed(&error))?;
        let kept = (self.s3.gate.keep_principals)(bucket.account.clone(), text).await?;
        // As it will be read: what is read can be put again.
        check_size(&(self.s3.gate.show_principals)(bucket.account.clone(), kept.clone()).await?)?;
        policy
            .require_sense_in(&bucket.name)
            .map_err(|error| malformed(&error))?;
        if policy.is_public() && bucket.settings.blocks_public_policy() {
            return Err(ApiError::new(
                Code::AccessDenied,
                format!(
                    "User: {} is not authorized to perform: s3:PutBucketPolicy on resource: \"{}\" because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.",
                    self.caller.principal.arn,
                    bucket_arn(&bucket.name)
                ),
            ));
        }
        self.change(move |s| s.policy = Some(kept.clone())).await
    }
}

/// Errors: PolicyTooLarge.
fn check_size(policy: &str) -> Result<()> {
    if policy.len() > MAX_POLICY {
        return Err(refusal(
            "PolicyTooLarge",
            "Normalized policy document exceeds the maximum allowed size",
        ));
    }
    Ok(())
}

fn malformed(error: &ParseError) -> ApiError {
    ApiError::new(Code(error.code()), error.message())
}
