//! PutObject, and what forms and other writers share with it.

use axum::body::Body;
use http::{HeaderMap, Response, StatusCode, header};
use kernel::Result;
use objects::{NewObject, Put};

use crate::{
    answer::empty,
    body::Inbound,
    call::S3Call,
    errors,
    headers::{self, object_headers, set, set_checksum, write_conditions},
};

impl S3Call<'_> {
    pub(crate) async fn put_object(&self, body: Inbound) -> Result<Response<Body>> {
        let put = self.put(body).await?;
        let mut response = empty(StatusCode::OK);
        stored(&put, response.headers_mut());
        Ok(response)
    }

    /// Writes the body as the headers say.
    pub(crate) async fn put(&self, body: Inbound) -> Result<Put> {
        self.check_object_acl()?;
        refuse_object_lock(self.headers)?;
        let new = NewObject {
            headers: object_headers(self.headers)?,
            tags: headers::tags(self.headers)?,
            conditions: write_conditions(self.headers)?,
            integrity: body.integrity(self.headers)?,
        };
        let target = (self.intent.bucket.as_str(), self.intent.key.as_str());
        let put = self.s3.objects.put(self.cx, target, new, body.into_stream());
        Ok(put.await?)
    }
}

/// What an answer says of the object that was written.
pub(crate) fn stored(put: &Put, out: &mut HeaderMap) {
    set(out, header::ETAG.as_str(), &format!("\"{}\"", put.etag));
    set_checksum(&put.checksum, out);
}

/// No bucket has object lock. Errors: InvalidRequest.
pub(crate) fn refuse_object_lock(headers: &HeaderMap) -> Result<()> {
    if headers
        .keys()
        .any(|name| name.as_str().starts_with("x-amz-object-lock-"))
    {
        return Err(errors::invalid_request("Bucket is missing Object Lock Configuration"));
    }
    Ok(())
}
