//! PutObject, what forms share with it, and what all writers check.

use http::{HeaderMap, Response, StatusCode, header};
use kernel::Result;
use objects::{NewObject, Put, errors};

use super::{
    Body,
    acl::is_public,
    body::Inbound,
    call::Call,
    empty,
    headers::{self, object_headers, set, set_checksum, write_conditions},
};

impl Call<'_> {
    pub(super) async fn put_object(&self, body: Inbound) -> Result<Response<Body>> {
        let put = self.put(body).await?;
        let mut response = empty(StatusCode::OK);
        stored(&put, response.headers_mut());
        Ok(response)
    }

    /// Writes the body as the headers say.
    pub(super) async fn put(&self, body: Inbound) -> Result<Put> {
        self.check_object_acl()?;
        refuse_object_lock(&self.headers)?;
        let new = NewObject {
            headers: object_headers(&self.headers)?,
            tags: headers::tags(&self.headers)?,
            conditions: write_conditions(&self.headers)?,
            integrity: body.integrity(&self.headers)?,
        };
        self.s3
            .objects
            .put(self.cx, &self.bucket_name, &self.key, new, body.into_stream())
            .await
    }

    /// Of a bucket's ACL too. Errors: AccessControlListNotSupported where ACLs are off; where they are on AccessDenied for
    /// public ones that the bucket blocks, and NotImplemented for other grants.
    pub(super) fn check_object_acl(&self) -> Result<()> {
        let granted = self.has_grant_headers();
        let settings = &self.bucket()?.settings;
        match self.header("x-amz-acl") {
            None | Some("bucket-owner-full-control") if !granted => Ok(()),
            _ if settings.acls_are_off() => Err(errors::acl_not_supported()),
            Some("private" | "bucket-owner-read") if !granted => Ok(()),
            Some(acl) if is_public(acl) && settings.blocks_public_acls() => Err(errors::access_denied()),
            _ => Err(errors::not_implemented()),
        }
    }
}

/// What an answer says of the object that was written.
pub(super) fn stored(put: &Put, out: &mut HeaderMap) {
    set(out, header::ETAG.as_str(), &format!("\"{}\"", put.etag));
    set_checksum(&put.checksum, out);
}

/// No bucket has object lock. Errors: InvalidRequest.
pub(super) fn refuse_object_lock(headers: &HeaderMap) -> Result<()> {
    if headers
        .keys()
        .any(|name| name.as_str().starts_with("x-amz-object-lock-"))
    {
        return Err(errors::invalid_request("Bucket is missing Object Lock Configuration"));
    }
    Ok(())
}
