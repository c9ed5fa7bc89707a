//! Tags: what a set of them may hold, and those of an object.

use std::collections::BTreeMap;

use store::{
    Record, Stop,
    records::{document::written, objects as records},
};

use super::stored::ObjectDoc;
use crate::{
    error::{Error, Result},
    objects::Objects,
};

/// Whose tags they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TagSet {
    Object,
    Bucket,
    /// As CreateBucket brings them.
    NewBucket,
}

impl TagSet {
    /// How many tags a set may have.
    fn most(self) -> usize {
        match self {
            Self::Object => 10,
            Self::Bucket | Self::NewBucket => 50,
        }
    }

    fn too_many(self) -> Error {
        let of = match self {
            Self::Object => "Object",
            Self::Bucket | Self::NewBucket => "Bucket",
        };
        Error::TooManyTags { of, limit: self.most() }
    }

    fn reserved(self) -> Error {
        match self {
            Self::Object => Error::ReservedTagKeyOfObject,
            Self::Bucket => Error::ReservedTagKeyOfBucket,
            Self::NewBucket => Error::ReservedTagKeyOfNewBucket,
        }
    }

    /// Errors: TooManyTags, or those for a key or value that is too long, has a character that tags may not
    /// have, or is AWS's own.
    pub fn check(self, tags: &BTreeMap<String, String>) -> Result<()> {
        if tags.len() > self.most() {
            return Err(self.too_many());
        }
        for (key, value) in tags {
            if key.starts_with("aws:") {
                return Err(self.reserved());
            }
            if key.is_empty() || key.chars().count() > 128 || !key.chars().all(is_tag_character) {
                return Err(Error::InvalidTagKey { key: key.clone() });
            }
            if value.chars().count() > 256 || !value.chars().all(is_tag_character) {
                return Err(Error::InvalidTagValue {
                    key: key.clone(),
                    value: value.clone(),
                });
            }
        }
        Ok(())
    }
}

/// Reference: S3 user guide, "Categorizing your objects using tags".
fn is_tag_character(c: char) -> bool {
    c.is_alphanumeric() || c.is_whitespace() || "+-=._:/@".contains(c)
}

impl Objects {
    /// Replaces all tags; the caller has checked them. Errors: NoSuchKey.
    pub async fn set_tags(&self, bucket: &str, key: &str, tags: BTreeMap<String, String>) -> Result<()> {
        let (bucket, key) = (bucket.to_owned(), key.to_owned());
        Ok(self
            .store
            .transact(move |tx| {
                let Some(row) = records::object(tx, &bucket, &key)? else {
                    return Err(Error::NoSuchKey { key: key.clone() }.into());
                };
                let mut doc: ObjectDoc = row.document("doc", &row.doc)?;
                doc.tags.clone_from(&tags);
                let doc = written(&doc)?;
                if records::set_object_doc(tx, &bucket, &key, &row.content, &doc)? {
                    Ok(())
                } else {
                    Err(Stop::Raced)
                }
            })
            .await?)
    }
}

#[cfg(test)]
mod tests {
    use kernel::ApiError;

    use super::*;

    #[test]
    fn what_a_set_may_hold() {
        let long = "k".repeat(129);
        for (set, key, value, expected) in [
            (
                TagSet::Object,
                "Größe (x)",
                "",
                Some("The TagKey you have provided is invalid"),
            ),
            (TagSet::Object, "Größe +-=._:/@ 1", "a b", None),
            (TagSet::Object, "", "v", Some("The TagKey you have provided is invalid")),
            (
                TagSet::Object,
                &long,
                "v",
                Some("The TagKey you have provided is invalid"),
            ),
            (
                TagSet::Object,
                "k",
                "<v>",
                Some("The TagValue you have provided is invalid"),
            ),
            (
                TagSet::Object,
                "aws:a",
                "v",
                Some("Your TagKey cannot be prefixed with aws:"),
            ),
            (
                TagSet::Bucket,
                "aws:a",
                "v",
                Some("System tags cannot be added/updated by requester"),
            ),
            (
                TagSet::NewBucket,
                "aws:a",
                "v",
                Some(
                    "User-defined tag keys can't start with \"aws:\". This prefix is reserved for system tags. Remove \"aws:\" from your tag keys and try again.",
                ),
            ),
        ] {
            let got = set
                .check(&[(key.to_owned(), value.to_owned())].into())
                .map_err(ApiError::from);
            assert_eq!(
                got.as_ref().err().map(ApiError::message),
                expected,
                "{set:?} {key} {value}"
            );
        }
        for (set, fits, sentence) in [
            (TagSet::Object, 10, "Object tags cannot be greater than 10"),
            (TagSet::Bucket, 50, "Bucket tags cannot be greater than 50"),
        ] {
            let some = |n: usize| (0..n).map(|n| (n.to_string(), String::new())).collect();
            assert!(set.check(&some(fits)).is_ok());
            assert_eq!(
                ApiError::from(set.check(&some(fits + 1)).unwrap_err()).message(),
                sentence
            );
        }
    }
}
