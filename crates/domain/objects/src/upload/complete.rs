//! CompleteMultipartUpload. Who sends it again because the answer was lost gets the same answer for a day, whatever became of
//! the object since: the completion did happen, and nothing is written again.

use std::collections::HashSet;

use kernel::Cx;
use md5::{Digest, Md5};
use serde::{Deserialize, Serialize};
use store::{
    Read, Stop, StoreError,
    records::objects::{self as records, FinishedUploadRow, ObjectRow, PartRow},
};

use super::stored::{MAX_PARTS, MIN_PART_SIZE, StoredPart, UploadDoc, all_parts, part_of};
use crate::{
    content::{Algorithm, Checksum, Sha256, checksum::of_parts, folder::to_the_end},
    document::{from_doc, row_size, to_doc},
    error::{Error, Result},
    object::{
        Conditions,
        stored::{ObjectDoc, Segment, dropped},
    },
    objects::Objects,
};

/// A part as CompleteMultipartUpload names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChosenPart {
    pub number: u32,
    /// Quotes are optional.
    pub etag: String,
    pub checksum: Option<(Algorithm, String)>,
}

/// What the client computed of the whole object.
#[derive(Clone, Debug, Default)]
pub struct Whole {
    pub checksum: Option<(Algorithm, String)>,
    /// Bytes.
    pub size: Option<u64>,
}

/// What a client asks for: an object of these parts, which must come out as it says.
#[derive(Clone, Debug, Default)]
pub struct Completion {
    pub chosen: Vec<ChosenPart>,
    pub whole: Whole,
    /// Of the object that is there already.
    pub conditions: Conditions,
}

#[derive(Clone, Debug)]
pub struct Completed {
    /// Without quotes: `<md5 of the parts' md5s>-<parts>`.
    pub etag: String,
    pub checksum: Checksum,
}

/// How long a finished upload is remembered: a day in milliseconds.
const REMEMBERED: i64 = 24 * 60 * 60 * 1000;

/// Forgotten with each one that is remembered, so that they never pile up.
const FORGOTTEN_AT_ONCE: i64 = 16;

/// A finished upload as it is remembered.
#[derive(Debug, Serialize, Deserialize)]
struct Finished {
    /// [`digest`] of the parts that were chosen.
    parts: String,
    etag: String,
    checksum: Checksum,
    size: u64,
}

/// Numbers and ETags of the chosen parts: whether a completion is the same.
fn digest(chosen: &[ChosenPart]) -> String {
    let mut hash = Sha256::new();
    for part in chosen {
        hash.update(&part.number.to_be_bytes());
        hash.update(bare(&part.etag).as_bytes());
        hash.update(b"\n");
    }
    hex::encode(hash.finish())
}

fn bare(etag: &str) -> &str {
    etag.trim().trim_matches('"')
}

fn finished(
    r: &mut impl Read,
    (bucket, key, id): (&str, &str, &str),
    now: i64,
) -> Result<Option<Finished>, StoreError> {
    let doc = records::finished_upload(r, bucket, key, id, now - REMEMBERED)?;
    let parsed = doc.map(|doc| serde_json::from_str(&doc)).transpose();
    parsed.map_err(|error| StoreError::corrupt("finished_uploads", id, "doc", error))
}

impl Finished {
    /// The first answer again. Errors: NoSuchUpload for other parts, and those of [`Whole::check`].
    fn again(self, id: &str, chosen: &[ChosenPart], whole: &Whole) -> Result<Completed> {
        if self.parts != digest(chosen) {
            return Err(Error::NoSuchUpload { id: id.to_owned() });
        }
        whole.check(&self.checksum, self.size)?;
        Ok(Completed {
            etag: self.etag,
            checksum: self.checksum,
        })
    }
}

impl Whole {
    /// Errors: BadDigest, InvalidRequest.
    fn check(&self, checksum: &Checksum, size: u64) -> Result<()> {
        if let Some((algorithm, value)) = &self.checksum
            && (*algorithm != checksum.algorithm || *value != checksum.value)
        {
            return Err(Error::ChecksumMismatch {
                algorithm: algorithm.name(),
            });
        }
        match self.size.filter(|expected| *expected != size) {
            Some(expected) => Err(Error::ObjectSizeMismatch {
                expected,
                computed: size,
            }),
            None => Ok(()),
        }
    }
}

impl Objects {
    /// Makes the object out of the chosen parts.
    /// Errors: NoSuchUpload, InvalidPart, InvalidPartOrder, EntityTooSmall, BadDigest, PreconditionFailed.
    pub async fn complete_upload(
        &self,
        cx: &Cx,
        (bucket, key, id): (&str, &str, &str),
        asked: Completion,
    ) -> Result<Completed> {
        let Completion {
            chosen,
            whole,
            conditions,
        } = asked;
        let now = cx.now().millis();
        let target = (bucket.to_owned(), key.to_owned(), id.to_owned());
        let (upload, rows, before) = self
            .store
            .read(move |r| {
                let (bucket, key, id) = (target.0.as_str(), target.1.as_str(), target.2.as_str());
                match records::upload(r, bucket, key, id)? {
                    Some(upload) => Ok((Some(upload), all_parts(r, id)?, None)),
                    None => Ok((None, Vec::new(), finished(r, (bucket, key, id), now)?)),
                }
            })
            .await?;
        let Some(upload) = upload else {
            let before = before.ok_or_else(|| Error::NoSuchUpload { id: id.to_owned() })?;
            return before.again(id, &chosen, &whole);
        };
        let upload: UploadDoc = from_doc(&upload.doc)?;
        let used = choose(id, &upload, &chosen, &rows)?;

        let Made {
            etag,
            checksum,
            size,
            segments,
        } = made(&upload, used)?;
        whole.check(&checksum, size)?;
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
        let finish = Finish {
            doc: to_doc(&Finished {
                parts: digest(&chosen),
                etag: etag.clone(),
                checksum: checksum.clone(),
                size,
            })?,
            row,
            seen: rows,
            conditions,
            now,
        };
        let (objects, bucket, upload) = (self.clone(), bucket.to_owned(), id.to_owned());
        let committed = to_the_end(async move {
            let committed = objects.commit_upload(bucket, finish).await?;
            if let Committed::Now { replaced } = &committed {
                objects.folder.keep_parts(&upload, kept).await;
                if let Some(id) = replaced {
                    objects.folder.remove(id).await;
                }
            }
            Ok(committed)
        });
        match committed.await? {
            Committed::Now { .. } => Ok(Completed { etag, checksum }),
            Committed::Before(before) => before.again(id, &chosen, &whole),
        }
    }

    async fn commit_upload(&self, bucket: String, finish: Finish) -> Result<Committed> {
        Ok(self
            .store
            .transact(move |tx| {
                let Finish {
                    row,
                    doc,
                    seen,
                    conditions,
                    now,
                } = &finish;
                if records::upload(tx, &bucket, &row.key, &row.content)?.is_none() {
                    return match finished(tx, (&bucket, &row.key, &row.content), *now)? {
                        Some(before) => Ok(Committed::Before(before)),
                        None => Err(Error::NoSuchUpload {
                            id: row.content.clone(),
                        }
                        .into()),
                    };
                }
                if all_parts(tx, &row.content)? != *seen {
                    return Err(Stop::Raced);
                }
                let old = records::object(tx, &bucket, &row.key)?;
                conditions.check_write(&row.key, old.as_ref().map(|o| o.etag.as_str()))?;
                records::delete_upload(tx, &bucket, &row.key, &row.content)?;
                records::put_object(tx, &bucket, row)?;
                let replaced = dropped(tx, old)?;
                records::forget_finished_uploads(tx, now - REMEMBERED, FORGOTTEN_AT_ONCE)?;
                let finished = FinishedUploadRow {
                    key: row.key.clone(),
                    id: row.content.clone(),
                    finished_at: *now,
                    doc: doc.clone(),
                };
                records::remember_finished_upload(tx, &bucket, &finished)?;
                Ok(Committed::Now { replaced })
            })
            .await?)
    }
}

/// What a completion commits.
struct Finish {
    row: ObjectRow,
    /// Of [`Finished`].
    doc: String,
    /// The parts that the object was made of; they must still be the upload's.
    seen: Vec<PartRow>,
    conditions: Conditions,
    /// Milliseconds since the epoch.
    now: i64,
}

enum Committed {
    Now {
        /// The file that the key named until then.
        replaced: Option<String>,
    },
    /// By a completion that was quicker.
    Before(Finished),
}

/// What the parts make.
struct Made {
    etag: String,
    checksum: Checksum,
    size: u64,
    segments: Vec<Segment>,
}

/// Errors: internal for what can't be read any more.
fn made(upload: &UploadDoc, used: Vec<UsedPart>) -> Result<Made> {
    let mut md5 = Md5::new();
    for part in &used {
        md5.update(hex::decode(&part.etag).map_err(Error::internal)?);
    }
    let sums: Vec<_> = used.iter().map(|p| (p.checksum.clone(), p.size)).collect();
    let checksum = of_parts(upload.algorithm, upload.kind, &sums)
        .ok_or_else(|| Error::internal("a part's checksum is unreadable"))?;
    Ok(Made {
        etag: format!("{}-{}", hex::encode(md5.finalize()), used.len()),
        checksum,
        size: used.iter().map(|p| p.size).sum(),
        segments: used
            .into_iter()
            .map(|p| Segment {
                file: p.file,
                size: p.size,
            })
            .collect(),
    })
}

struct UsedPart {
    etag: String,
    size: u64,
    checksum: String,
    file: String,
}

/// The rules of a completion, in S3's order: parts ascending, each there and the same, none but the last too small.
fn choose(id: &str, upload: &UploadDoc, chosen: &[ChosenPart], rows: &[PartRow]) -> Result<Vec<UsedPart>> {
    if chosen.is_empty() || chosen.len() > MAX_PARTS {
        return Err(Error::MalformedDocument);
    }
    if chosen
        .iter()
        .zip(chosen.iter().skip(1))
        .any(|(a, b)| a.number >= b.number)
    {
        return Err(Error::InvalidPartOrder { upload: id.to_owned() });
    }
    let mut used = Vec::with_capacity(chosen.len());
    for wanted in chosen {
        let found = rows
            .binary_search_by_key(&i64::from(wanted.number), |row| row.number)
            .ok();
        let invalid = || Error::InvalidPart {
            upload: id.to_owned(),
            number: wanted.number,
            etag: bare(&wanted.etag).to_owned(),
        };
        let row = found.and_then(|i| rows.get(i)).ok_or_else(invalid)?;
        let StoredPart { shown, file } = part_of(row)?;
        let same_checksum = match &wanted.checksum {
            Some((algorithm, value)) if *algorithm == upload.algorithm => *value == shown.checksum,
            Some(_) => !upload.chosen,
            None => true,
        };
        if bare(&wanted.etag) != shown.etag || !same_checksum {
            return Err(invalid());
        }
        used.push((shown, file));
    }
    let last = used.len() - 1;
    let small = used.iter().take(last).find(|(part, _)| part.size < MIN_PART_SIZE);
    if let Some((part, _)) = small {
        return Err(Error::EntityTooSmall {
            proposed: part.size,
            limit: MIN_PART_SIZE,
            number: Some(part.number),
            etag: Some(part.etag.clone()),
        });
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
