//! Object tags.

use std::collections::BTreeMap;

use axum::body::Body;
use http::{Response, StatusCode};
use kernel::Result;
use objects::{Error, Found};

use crate::{
    answer::{document, empty},
    call::S3Call,
    tags::write_tags,
};

impl S3Call<'_> {
    pub(crate) async fn read_object_tagging(&self, found: Option<Found<'_>>) -> Result<Response<Body>> {
        match found {
            Some(found) => Ok(document(write_tags(&found.object.tags))),
            None => Err(self.absence().await),
        }
    }

    pub(crate) async fn write_object_tagging(&self) -> Result<Response<Body>> {
        self.set_tags(self.said.tags.clone()).await?;
        Ok(empty(StatusCode::OK))
    }

    pub(crate) async fn delete_object_tagging(&self) -> Result<Response<Body>> {
        self.set_tags(BTreeMap::new()).await?;
        Ok(empty(StatusCode::NO_CONTENT))
    }

    async fn set_tags(&self, tags: BTreeMap<String, String>) -> Result<()> {
        let (bucket, key) = (&self.intent.bucket, &self.intent.key);
        match self.s3.objects.set_tags(bucket, key, tags).await {
            Err(Error::NoSuchKey { .. }) => Err(self.absence().await),
            done => Ok(done?),
        }
    }
}
