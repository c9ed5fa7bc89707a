//! Which bytes of an object are wanted.

use std::fmt;

use super::stored::Object;
use crate::error::{Error, Result};

/// One range of a `Range` header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RangeRequest {
    From {
        first: u64,
        last: Option<u64>,
    },
    /// The last so many bytes.
    Suffix(u64),
}

impl RangeRequest {
    /// Reads `bytes=0-9`, `bytes=10-` or `bytes=-5`. What is malformed or asks for several ranges is none: all is served.
    pub fn parse(header: &str) -> Option<Self> {
        let (first, last) = header.trim().strip_prefix("bytes=")?.split_once('-')?;
        let number = |text: &str| text.trim().parse::<u64>().ok();
        match (first.trim().is_empty(), last.trim().is_empty()) {
            (true, _) => number(last).map(Self::Suffix),
            (false, true) => number(first).map(|first| Self::From { first, last: None }),
            (false, false) => {
                let (first, last) = (number(first)?, number(last)?);
                (first <= last).then_some(Self::From {
                    first,
                    last: Some(last),
                })
            }
        }
    }

    /// Reads the range of a copy, `bytes=first-last`. Errors: MalformedCopyRange for every other form.
    pub fn parse_of_copy(header: &str) -> Result<Self> {
        let number = |text: &str| -> Option<u64> {
            let digits = text.bytes().all(|b| b.is_ascii_digit());
            digits.then(|| text.parse().ok()).flatten()
        };
        header
            .strip_prefix("bytes=")
            .and_then(|range| range.split_once('-'))
            .and_then(|(first, last)| Some((number(first)?, number(last)?)))
            .filter(|(first, last)| first <= last)
            .map(|(first, last)| Self::From {
                first,
                last: Some(last),
            })
            .ok_or_else(|| Error::MalformedCopyRange {
                range: header.to_owned(),
            })
    }

    /// Whether its last byte is none of so many.
    pub(crate) fn ends_beyond(self, size: u64) -> bool {
        matches!(self, Self::From { last: Some(last), .. } if last >= size)
    }

    /// None: not satisfiable.
    pub(crate) fn of(self, size: u64) -> Option<Span> {
        match self {
            Self::From { first, last } => {
                let end = last.map_or(size, |last| last.saturating_add(1).min(size));
                (first < size).then_some(Span { start: first, end })
            }
            Self::Suffix(0) => None,
            Self::Suffix(n) => (size > 0).then_some(Span {
                start: size.saturating_sub(n),
                end: size,
            }),
        }
    }
}

/// As a `Range` header has it.
impl fmt::Display for RangeRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::From { first, last: None } => write!(f, "bytes={first}-"),
            Self::From {
                first,
                last: Some(last),
            } => write!(f, "bytes={first}-{last}"),
            Self::Suffix(n) => write!(f, "bytes=-{n}"),
        }
    }
}

/// Bytes `start` to `end`, the end excluded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub start: u64,
    pub end: u64,
}

/// What of an object is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Select {
    #[default]
    Whole,
    Range(RangeRequest),
    /// From 1.
    Part(u64),
}

impl Select {
    /// None: all of it, no partial answer. Errors: InvalidRange; InvalidPartNumber for a part that is not there.
    pub fn span(self, object: &Object) -> Result<Option<Span>> {
        match self {
            Self::Whole => Ok(None),
            Self::Range(range) => match range.of(object.size) {
                Some(span) => Ok(Some(span)),
                None => Err(Error::InvalidRange {
                    requested: range.to_string(),
                    size: object.size,
                }),
            },
            Self::Part(number) => {
                let whole = [object.size];
                let parts: &[u64] = if object.parts.is_empty() { &whole } else { &object.parts };
                let index = usize::try_from(number).ok().and_then(|n| n.checked_sub(1));
                let size = index.and_then(|i| parts.get(i)).ok_or(Error::InvalidPartNumber {
                    requested: number,
                    actual: parts.len(),
                })?;
                let start = parts.iter().take(index.unwrap_or(0)).sum();
                Ok(Some(Span {
                    start,
                    end: start + size,
                }))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_of_a_ten_byte_object() {
        for (header, expected) in [
            ("bytes=0-3", Some(Some((0, 4)))),
            ("bytes=5-", Some(Some((5, 10)))),
            ("bytes=5-500", Some(Some((5, 10)))),
            ("bytes=-3", Some(Some((7, 10)))),
            ("bytes=-30", Some(Some((0, 10)))),
            ("bytes=10-", Some(None)),
            ("bytes=-0", Some(None)),
            ("bytes=3-1", None),
            ("bytes=0-1,3-4", None),
            ("items=0-1", None),
            ("bytes=x-y", None),
        ] {
            let read = RangeRequest::parse(header);
            assert_eq!(read.map(|r| r.of(10).map(|s| (s.start, s.end))), expected, "{header}");
            assert!(read.is_none_or(|r| r.to_string() == header), "{header}");
        }
        assert_eq!(RangeRequest::Suffix(1).of(0), None);
    }
}
