//! Finding an object: by one read of the store. Whoever serves it judges it then, and opens it.

use store::records::objects as records;

use super::{
    conditions::{Conditions, Reader},
    stored::Object,
};
use crate::{error::Result, objects::Objects};

/// An object as it was found. It is this one that is judged and, if that goes well, served.
pub struct Found {
    pub object: Object,
    /// None: the bytes are in files.
    pub(super) held: Option<Vec<u8>>,
}

impl Found {
    /// Errors: NotModified, PreconditionFailed.
    pub fn check(&self, conditions: &Conditions) -> Result<()> {
        self.check_for(conditions, Reader::Client)
    }

    pub(super) fn check_for(&self, conditions: &Conditions, reader: Reader) -> Result<()> {
        conditions.check_read(&self.object.etag, self.object.modified_at, reader)
    }
}

impl Objects {
    /// As it is now, by one read; none: there is no such key.
    pub async fn find(&self, bucket: &str, key: &str) -> Result<Option<Found>> {
        let (bucket, key) = (bucket.to_owned(), key.to_owned());
        let found = self
            .store
            .look_up(move |r| records::whole_object(r, &bucket, &key))
            .await?;
        let Some(whole) = found else { return Ok(None) };
        Ok(Some(Found {
            object: Object::of_row(whole.row)?,
            held: whole.bytes,
        }))
    }
}
