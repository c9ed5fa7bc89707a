//! `If-Match` and its kin. Pure. RFC 9110 section 13.2.2 gives the order; S3 compares whole seconds.

#[cfg(test)]
mod tests;

use kernel::Timestamp;

use crate::error::{Error, Result};

/// The list of an `If-Match` or `If-None-Match` header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EtagTest {
    /// `*`
    Any,
    /// Without quotes.
    OneOf(Vec<String>),
}

impl EtagTest {
    /// Reads the header's value; quotes and the weak mark are optional.
    pub fn parse(value: &str) -> Self {
        if value.trim() == "*" {
            return Self::Any;
        }
        let clean = |tag: &str| tag.trim().trim_start_matches("W/").trim_matches('"').to_owned();
        Self::OneOf(value.split(',').map(clean).collect())
    }

    fn holds(&self, etag: &str) -> bool {
        match self {
            Self::Any => true,
            Self::OneOf(tags) => tags.iter().any(|tag| tag == etag),
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conditions {
    pub if_match: Option<EtagTest>,
    pub if_none_match: Option<EtagTest>,
    pub if_modified_since: Option<Timestamp>,
    pub if_unmodified_since: Option<Timestamp>,
}

/// Whose conditions a read checks: that decides what a refusal says.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reader {
    /// 304 if the client has it already.
    Client,
    /// 412 in any case, naming the copy's own headers.
    Copy,
}

impl Reader {
    fn failed(self, header: &str) -> Error {
        match self {
            Self::Client => failed(header),
            Self::Copy => failed(&format!("x-amz-copy-source-{header}")),
        }
    }
}

/// What must be true of an object for it to be deleted. Reference: S3 API, ObjectIdentifier.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeleteConditions {
    pub etag: Option<EtagTest>,
    /// Compared in whole seconds.
    pub modified_at: Option<Timestamp>,
    /// Bytes.
    pub size: Option<u64>,
}

impl DeleteConditions {
    /// For an object that exists.
    pub(crate) fn check(&self, etag: &str, modified: Timestamp, size: u64) -> Result<()> {
        let holds = self.etag.as_ref().is_none_or(|test| test.holds(etag))
            && self.modified_at.is_none_or(|t| t.secs() == modified.secs())
            && self.size.is_none_or(|wanted| wanted == size);
        if holds { Ok(()) } else { Err(failed("If-Match")) }
    }

    /// For a key that names nothing: it counts as deleted, unless the client says which object it means.
    pub(crate) fn check_absent(&self, key: &str) -> Result<()> {
        match self.etag {
            Some(_) => Err(Error::NoSuchKey { key: key.to_owned() }),
            None => Ok(()),
        }
    }
}

impl Conditions {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// For reads of an object that exists.
    pub(crate) fn check_read(&self, etag: &str, modified: Timestamp, reader: Reader) -> Result<()> {
        let modified = modified.secs();
        match (&self.if_match, self.if_unmodified_since) {
            (Some(test), _) if !test.holds(etag) => return Err(reader.failed("If-Match")),
            (None, Some(t)) if modified > t.secs() => return Err(reader.failed("If-Unmodified-Since")),
            _ => {}
        }
        let refusal = match (&self.if_none_match, self.if_modified_since) {
            (Some(test), _) if test.holds(etag) => "If-None-Match",
            (None, Some(t)) if modified <= t.secs() => "If-Modified-Since",
            _ => return Ok(()),
        };
        match reader {
            Reader::Client => Err(Error::NotModified { etag: etag.to_owned() }),
            Reader::Copy => Err(reader.failed(refusal)),
        }
    }

    /// What S3 implements of a write's conditions: one, `If-None-Match: *` or `If-Match` with an ETag.
    /// Errors: NotImplemented.
    pub fn check_form_of_write(&self) -> Result<()> {
        match (&self.if_match, &self.if_none_match) {
            (Some(_), Some(_)) => Err(not_implemented("If-Match,If-None-Match", SEVERAL)),
            (Some(EtagTest::Any), None) => Err(not_implemented("If-Match", &value_of("If-Match"))),
            (None, Some(EtagTest::OneOf(_))) => Err(not_implemented("If-None-Match", &value_of("If-None-Match"))),
            _ => Ok(()),
        }
    }

    /// For writes; `current` is the ETag of what is there.
    pub(crate) fn check_write(&self, key: &str, current: Option<&str>) -> Result<()> {
        match (&self.if_match, current) {
            (Some(_), None) => return Err(Error::NoSuchKey { key: key.to_owned() }),
            (Some(test), Some(etag)) if !test.holds(etag) => return Err(failed("If-Match")),
            _ => {}
        }
        match (&self.if_none_match, current) {
            (Some(test), Some(etag)) if test.holds(etag) => Err(failed("If-None-Match")),
            _ => Ok(()),
        }
    }
}

fn failed(header: &str) -> Error {
    Error::PreconditionFailed {
        header: header.to_owned(),
    }
}

/// A write may have one condition.
const SEVERAL: &str = "Multiple conditional request headers present in the request";

/// Of a write's header that S3 knows only of reads.
fn value_of(header: &str) -> String {
    format!("We don't accept the provided value of {header} header for this API")
}

fn not_implemented(header: &'static str, more: &str) -> Error {
    Error::NotImplemented {
        header: Some(header),
        more: Some(more.to_owned()),
    }
}
