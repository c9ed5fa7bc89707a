//! CreateMultipartUpload.

use std::collections::BTreeMap;

use kernel::Cx;
use store::records::objects::{self as records, UploadRow};

use super::stored::{Upload, UploadDoc, upload_of};
use crate::{
    content::{Algorithm, ChecksumType},
    document::to_doc,
    error::{Error, Result},
    object::{Headers, check_key, check_metadata},
    objects::Objects,
};

#[derive(Clone, Debug, Default)]
pub struct NewUpload {
    pub headers: Headers,
    pub tags: BTreeMap<String, String>,
    pub algorithm: Option<Algorithm>,
    pub checksum_type: Option<ChecksumType>,
}

impl Objects {
    /// Errors: NoSuchBucket, KeyTooLongError, MetadataTooLarge, InvalidRequest for an impossible checksum type.
    pub async fn begin_upload(&self, cx: &Cx, bucket: &str, key: &str, new: NewUpload) -> Result<Upload> {
        check_key(key)?;
        check_metadata(&new.headers)?;
        let algorithm = new.algorithm.unwrap_or(Algorithm::Crc64Nvme);
        let kind = algorithm.upload_type(new.checksum_type).ok_or_else(|| {
            let wish = new.checksum_type.map_or("", ChecksumType::name);
            Error::ImpossibleChecksumType {
                kind: wish,
                algorithm: algorithm.name().to_ascii_lowercase(),
            }
        })?;
        let doc = UploadDoc {
            headers: new.headers,
            tags: new.tags,
            algorithm,
            kind,
            chosen: new.algorithm.is_some(),
        };
        let row = UploadRow {
            key: key.to_owned(),
            id: kernel::hex(cx.rng(), 64),
            created_at: cx.wall().millis(),
            doc: to_doc(&doc)?,
        };
        let upload = upload_of(&row, &doc);
        let bucket = bucket.to_owned();
        self.store
            .transact(move |tx| {
                if records::bucket(tx, &bucket)?.is_none() {
                    return Err(Error::NoSuchBucket { bucket: bucket.clone() }.into());
                }
                records::insert_upload(tx, &bucket, &row)?;
                records::add_content(tx, &row.id, None)?;
                Ok(())
            })
            .await?;
        Ok(upload)
    }
}
