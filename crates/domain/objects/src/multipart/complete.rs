//! CompleteMultipartUpload.

use std::collections::HashSet;

use kernel::{ApiError, Cx, Result};
use md5::{Digest, Md5};
use store::{
    done,
    records::objects::{self as records, ObjectRow, PartRow},
    refuse,
};

use crate::{
    Conditions, Objects,
    checksum::of_parts,
    errors,
    object::{ObjectDoc, Segment},
    row_size, to_doc,
};

use super::{ChosenPart, Completed, MAX_PARTS, MIN_PART_SIZE, StoredPart, UploadDoc, Whole, all_parts, part_of};

impl Objects {
    /// Makes the object out of the chosen parts. `whole` must be what comes out.
    /// Errors: NoSuchUpload, InvalidPart, InvalidPartOrder, EntityTooSmall, BadDigest, PreconditionFailed.
    pub async fn complete_upload(
        &self,
        cx: &Cx,
        (bucket, key, id): (&str, &str, &str),
        chosen: &[ChosenPart],
        whole: Whole,
        conditions: Conditions,
    ) -> Result<Completed> {
        let (_, upload) = self.upload(bucket, key, id).await?;
        let upload_id = id.to_owned();
        let rows = self.store.read(move |r| all_parts(r, &upload_id)).await?;
        let used = choose(&upload, chosen, &rows)?;

        let mut md5 = Md5::new();
        for part in &used {
            md5.update(hex::decode(&part.etag).map_err(ApiError::internal)?);
        }
        let etag = format!("{}-{}", hex::encode(md5.finalize()), used.len());
        let sums: Vec<_> = used.iter().map(|p| (p.checksum.clone(), p.size)).collect();
        let checksum = of_parts(upload.algorithm, upload.kind, &sums)
            .ok_or_else(|| ApiError::internal("a part's checksum is unreadable"))?;
        if let Some((algorithm, value)) = whole.checksum
            && (algorithm != checksum.algorithm || value != checksum.value)
        {
            return Err(errors::checksum_mismatch(algorithm.name()));
        }
        let size = used.iter().map(|p| p.size).sum();
        if let Some(expected) = whole.size.filter(|expected| *expected != size) {
            return Err(errors::object_size_mismatch(expected, size));
        }
        let segments: Vec<Segment> = used
            .iter()
            .map(|p| Segment {
                file: p.file.clone(),
                size: p.size,
            })
            .collect();
        let kept: HashSet<String> = segments.iter().map(|s| s.file.clone()).collect();
        let row = ObjectRow {
            key: key.to_owned(),
            size: row_size(size),
            etag: etag.clone(),
            modified_at: cx.wall().millis(),
            content: id.to_owned(),
            doc: to_doc(&ObjectDoc {
                headers: upload.headers,
                tags: upload.tags,
                checksum: Some(checksum.clone()),
                segments,
            })?,
        };
        let replaced = self.commit_upload(bucket, row, rows, conditions).await?;
        self.folder.keep_parts(id, kept).await;
        if let Some(id) = replaced {
            self.folder.remove(&id).await;
        }
        Ok(Completed { etag, checksum })
    }

    /// `seen`: the parts that the object was made of; they must still be the upload's.
    async fn commit_upload(
        &self,
        bucket: &str,
        row: ObjectRow,
        seen: Vec<PartRow>,
        conditions: Conditions,
    ) -> Result<Option<String>> {
        let bucket = bucket.to_owned();
        self.store
            .write(move |tx| {
                if all_parts(tx, &row.content)? != seen {
                    return refuse(errors::operation_aborted());
                }
                let old = records::object(tx, &bucket, &row.key)?;
                if let Err(refusal) = conditions.check_write(&row.key, old.as_ref().map(|o| o.etag.as_str())) {
                    return refuse(refusal);
                }
                if !records::delete_upload(tx, &bucket, &row.key, &row.content)? {
                    return refuse(errors::no_such_upload(&row.content));
                }
                records::put_object(tx, &bucket, &row)?;
                if let Some(old) = &old {
                    records::drop_content(tx, &old.content)?;
                }
                done(old.map(|old| old.content))
            })
            .await?
    }
}

struct UsedPart {
    etag: String,
    size: u64,
    checksum: String,
    file: String,
}

/// The rules of a completion, in S3's order: parts ascending, each there and the same, none but the last too small.
fn choose(upload: &UploadDoc, chosen: &[ChosenPart], rows: &[PartRow]) -> Result<Vec<UsedPart>> {
    if chosen.is_empty() || chosen.len() > MAX_PARTS {
        return Err(errors::malformed_xml());
    }
    if chosen
        .iter()
        .zip(chosen.iter().skip(1))
        .any(|(a, b)| a.number >= b.number)
    {
        return Err(errors::invalid_part_order());
    }
    let mut used = Vec::with_capacity(chosen.len());
    for wanted in chosen {
        let found = rows
            .binary_search_by_key(&i64::from(wanted.number), |row| row.number)
            .ok();
        let row = found.and_then(|i| rows.get(i)).ok_or_else(errors::invalid_part)?;
        let StoredPart { shown, file } = part_of(row)?;
        let same_checksum = match &wanted.checksum {
            Some((algorithm, value)) if *algorithm == upload.algorithm => *value == shown.checksum,
            Some(_) => !upload.chosen,
            None => true,
        };
        if wanted.etag.trim().trim_matches('"') != shown.etag || !same_checksum {
            return Err(errors::invalid_part());
        }
        used.push((shown, file));
    }
    let last = used.len() - 1;
    let small = used.iter().take(last).find(|(part, _)| part.size < MIN_PART_SIZE);
    if let Some((part, _)) = small {
        return Err(errors::entity_too_small(part.number, part.size, &part.etag));
    }
    Ok(used
        .into_iter()
        .map(|(p, file)| UsedPart {
            etag: p.etag,
            size: p.size,
            checksum: p.checksum,
            file,
        })
        .collect())
}
