//! Listing a bucket: keys in order of their bytes, rolled up to common prefixes. Pages go along the primary key; what
//! lies under a prefix that is listed already is skipped by seeking past it.

use store::{
    StoreError,
    records::objects::{self as records, ObjectRow},
};

use super::stored::Object;
use crate::{error::Result, objects::Objects};

/// Rows fetched at a time when prefixes are rolled up: most of them may be skipped.
const ROLLED_UP_BATCH: usize = 128;

#[derive(Clone, Debug, Default)]
pub struct ListRequest {
    pub prefix: String,
    /// Empty: no rolling up.
    pub delimiter: String,
    /// Only what comes after this key, or after all keys of this common prefix.
    pub after: Option<String>,
    /// Keys and prefixes together.
    pub max: usize,
}

/// One page.
#[derive(Clone, Debug, Default)]
pub struct Listing {
    pub objects: Vec<Object>,
    pub prefixes: Vec<String>,
    pub truncated: bool,
    /// The last key or prefix of the page: the next page's `after`. Present if truncated.
    pub last: Option<String>,
}

impl Objects {
    /// One page of a bucket's objects, from one snapshot.
    pub async fn list(&self, bucket: &str, request: ListRequest) -> Result<Listing> {
        let bucket = bucket.to_owned();
        let page = self
            .store
            .read(move |r| {
                page(
                    &request,
                    |row: &ObjectRow| row.key.as_str(),
                    |from, limit| records::objects_from(r, &bucket, from, i64::try_from(limit).unwrap_or(i64::MAX)),
                )
            })
            .await?;
        Ok(Listing {
            objects: page.items.into_iter().map(Object::of_row).collect::<Result<_>>()?,
            prefixes: page.prefixes,
            truncated: page.truncated,
            last: page.last,
        })
    }
}

#[derive(Debug)]
struct Page<T> {
    items: Vec<T>,
    prefixes: Vec<String>,
    truncated: bool,
    last: Option<String>,
}

/// `fetch(from, n)`: the first `n` items whose key is `from` or comes after it.
fn page<T>(
    request: &ListRequest,
    key_of: impl Fn(&T) -> &str,
    mut fetch: impl FnMut(&str, usize) -> Result<Vec<T>, StoreError>,
) -> Result<Page<T>, StoreError> {
    let mut page = Page {
        items: Vec::new(),
        prefixes: Vec::new(),
        truncated: false,
        last: None,
    };
    if request.max == 0 {
        return Ok(page);
    }
    let mut from = request.after.as_deref().unwrap_or("").max(&request.prefix).to_owned();
    let mut seen = request.after.clone();
    loop {
        // Two more than fit: the one that was seen, and the one that shows that there are more.
        let wanted = request.max - page.items.len() - page.prefixes.len() + 2;
        let wanted = if request.delimiter.is_empty() {
            wanted
        } else {
            wanted.min(ROLLED_UP_BATCH)
        };
        let batch = fetch(&from, wanted)?;
        let exhausted = batch.len() < wanted;
        for item in batch {
            let key = key_of(&item);
            // `from` may lie beyond the batch's rows: they are under a prefix that is listed.
            if key < from.as_str() || seen.as_deref().is_some_and(|seen| key <= seen) {
                continue;
            }
            if !key.starts_with(&request.prefix) {
                return Ok(page);
            }
            let rolled_up = common_prefix(key, request).map(str::to_owned);
            if let Some(prefix) = &rolled_up
                && request.after.as_deref() == Some(prefix.as_str())
            {
                match after_prefix(prefix) {
                    Some(next) => from = next,
                    None => return Ok(page),
                }
                continue;
            }
            if page.items.len() + page.prefixes.len() == request.max {
                page.truncated = true;
                return Ok(page);
            }
            seen = Some(key.to_owned());
            if let Some(prefix) = rolled_up {
                let next = after_prefix(&prefix);
                page.last = Some(prefix.clone());
                page.prefixes.push(prefix);
                match next {
                    Some(next) => from = next,
                    None => return Ok(page),
                }
            } else {
                key.clone_into(&mut from);
                page.last = Some(key.to_owned());
                page.items.push(item);
            }
        }
        if exhausted {
            return Ok(page);
        }
    }
}

/// The key up to and including the first delimiter behind the request's prefix.
fn common_prefix<'k>(key: &'k str, request: &ListRequest) -> Option<&'k str> {
    if request.delimiter.is_empty() {
        return None;
    }
    let rest = key.get(request.prefix.len()..)?;
    let end = request.prefix.len() + rest.find(&request.delimiter)? + request.delimiter.len();
    key.get(..end)
}

/// The smallest text after all that begin with `prefix`; none if there is no such text. UTF-8 sorts as code points do.
pub(crate) fn after_prefix(prefix: &str) -> Option<String> {
    let mut text = prefix.to_owned();
    while let Some(last) = text.pop() {
        let next = match last {
            '\u{D7FF}' => Some('\u{E000}'),
            other => char::from_u32(u32::from(other) + 1),
        };
        if let Some(next) = next {
            text.push(next);
            return Some(text);
        }
    }
    None
}

#[cfg(test)]
mod tests;
