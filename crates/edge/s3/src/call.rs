//! One request that was read: what every handler answers from.

use std::sync::Arc;

use http::HeaderMap;
use iam::Caller;
use kernel::{ApiError, Cx, Result};
use objects::{Bucket, Error, Found, Intent, On};

use crate::{
    arrival::{address::Query, said::Said},
    endpoint::S3,
    errors,
    headers::text,
};

pub(crate) struct Call<'a> {
    pub s3: &'a S3,
    pub cx: &'a Cx,
    pub caller: Caller,
    pub intent: Intent,
    pub query: Query,
    pub headers: HeaderMap,
    pub said: Said,
    /// Absent for ListBuckets and CreateBucket.
    pub bucket: Option<Arc<Bucket>>,
}

impl Call<'_> {
    /// The bucket of a bucket or object operation.
    pub(crate) fn bucket(&self) -> Result<&Bucket> {
        let missing = || Error::NoSuchBucket {
            bucket: self.intent.bucket.clone(),
        };
        Ok(self.bucket.as_deref().ok_or_else(missing)?)
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        text(&self.headers, name)
    }

    /// A number in the query. Errors: InvalidArgument.
    pub(crate) fn number(&self, name: &str, default: u32) -> Result<u32> {
        let Some(value) = self.query.get(name).filter(|v| !v.is_empty()) else {
            return Ok(default);
        };
        let number: i32 = value.parse().map_err(|_| errors::not_an_integer(name, value))?;
        u32::try_from(number).map_err(|_| errors::negative(name, value))
    }

    /// Finds the object that the operation is about, if it needs one, and judges by it all that the operation needs. None: it
    /// is about no object, or there is none. Errors: AccessDenied.
    pub(crate) async fn judged(&self) -> Result<Option<Found>> {
        let objects = &self.s3.objects;
        let found = if self.intent.operation.needs_object() {
            objects.find(&self.intent.bucket, &self.intent.key).await?
        } else {
            None
        };
        let on = On {
            bucket: self.bucket.as_deref(),
            object: found.as_ref().map(|found| &found.object),
        };
        objects.authorize(self.cx, &self.caller, &self.intent, on).await?;
        Ok(found)
    }

    /// What is said of a key that names nothing.
    pub(crate) async fn absence(&self) -> ApiError {
        match self.bucket() {
            Ok(bucket) => {
                let objects = &self.s3.objects;
                objects
                    .absence(self.cx, &self.caller, &self.intent, bucket)
                    .await
                    .into()
            }
            Err(error) => error,
        }
    }

    /// Errors: InvalidArgument for any version but `null`.
    pub(crate) fn check_version(&self) -> Result<()> {
        match self.query.get("versionId") {
            None | Some("null" | "") => Ok(()),
            Some(version) => Err(errors::invalid_version(version)),
        }
    }
}
