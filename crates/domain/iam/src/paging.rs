//! `MaxItems`, `Marker`, `IsTruncated`. Reference: identity-pools-iam 3.1.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use kernel::ApiError;
use store::records::iam::Page;

use crate::errors;

const DEFAULT: i32 = 100;

/// One row more than is asked for: whether there is a next page. Errors: ValidationError for a marker that is not ours.
pub(crate) fn page(marker: Option<&str>, max_items: Option<i32>) -> Result<Page, ApiError> {
    let after = match marker {
        None => String::new(),
        Some(text) => {
            let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok();
            bytes
                .and_then(|bytes| String::from_utf8(bytes).ok())
                .ok_or_else(errors::invalid_marker)?
        }
    };
    Ok(Page {
        after,
        limit: i64::from(max_items.unwrap_or(DEFAULT)) + 1,
    })
}

/// What fits on the page, and where the next one begins.
pub(crate) struct Cut<T> {
    pub items: Vec<T>,
    pub is_truncated: Option<bool>,
    pub marker: Option<String>,
}

/// `key` is what the list is ordered by.
pub(crate) fn cut<T>(mut items: Vec<T>, page: &Page, key: impl Fn(&T) -> String) -> Cut<T> {
    let asked = usize::try_from(page.limit - 1).unwrap_or(0);
    let truncated = items.len() > asked;
    items.truncate(asked);
    let marker = items
        .last()
        .filter(|_| truncated)
        .map(|last| BASE64_URL_SAFE_NO_PAD.encode(key(last)));
    Cut {
        is_truncated: Some(truncated),
        items,
        marker,
    }
}

/// Short lists are read whole and paged here, by position.
pub(crate) fn cut_by_position<T>(items: Vec<T>, page: &Page) -> Result<Cut<T>, ApiError> {
    let start: usize = match page.after.as_str() {
        "" => 0,
        text => text.parse().map_err(|_| errors::invalid_marker())?,
    };
    let limit = usize::try_from(page.limit).unwrap_or(0);
    let rest: Vec<(usize, T)> = items.into_iter().enumerate().skip(start).take(limit).collect();
    let Cut {
        items,
        is_truncated,
        marker,
    } = cut(rest, page, |(at, _)| (at + 1).to_string());
    Ok(Cut {
        items: items.into_iter().map(|(_, item)| item).collect(),
        is_truncated,
        marker,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_follow_each_other_without_gap_or_overlap() {
        let all: Vec<i32> = (0..7).collect();
        let mut marker = None;
        let mut seen = Vec::new();
        loop {
            let page = page(marker.as_deref(), Some(3)).unwrap();
            let cut = cut_by_position(all.clone(), &page).unwrap();
            assert!(cut.items.len() <= 3);
            seen.extend(cut.items);
            assert_eq!(cut.is_truncated, Some(cut.marker.is_some()));
            if cut.marker.is_none() {
                break;
            }
            marker = cut.marker;
        }
        assert_eq!(seen, all);
    }

    #[test]
    fn a_foreign_marker_is_refused() {
        assert_eq!(
            page(Some("not base64!"), None).unwrap_err().code(),
            kernel::Code::ValidationError
        );
        let page = page(Some("YWJj"), None).unwrap();
        assert!(cut_by_position(vec![1], &page).is_err());
    }
}
