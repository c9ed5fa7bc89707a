//! AbortMultipartUpload.

use store::records::objects as records;

use crate::{
    error::{Error, Result},
    objects::Objects,
};

impl Objects {
    /// Errors: NoSuchUpload.
    pub async fn abort_upload(&self, bucket: &str, key: &str, id: &str) -> Result<()> {
        let (bucket, key, upload_id) = (bucket.to_owned(), key.to_owned(), id.to_owned());
        self.store
            .transact(move |tx| {
                if !records::delete_upload(tx, &bucket, &key, &upload_id)? {
                    return Err(Error::NoSuchUpload { id: upload_id.clone() }.into());
                }
                records::drop_content(tx, &upload_id)?;
                Ok(())
            })
            .await?;
        self.folder.remove(id).await;
        Ok(())
    }

    /// True while there may be more.
    pub(crate) async fn abort_some_uploads(&self, bucket: &str) -> Result<bool> {
        let name = bucket.to_owned();
        let uploads = self
            .store
            .read(move |r| records::uploads_from(r, &name, "", "", 100))
            .await?;
        for upload in &uploads {
            match self.abort_upload(bucket, &upload.key, &upload.id).await {
                // Ended by somebody else.
                Ok(()) | Err(Error::NoSuchUpload { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(!uploads.is_empty())
    }
}
