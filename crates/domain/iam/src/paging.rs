//! `MaxItems`, `Marker`, `IsTruncated`. Reference: identity-pools-iam 3.1.

use kernel::{ApiError, Cx};
use store::records::iam;

use crate::{Iam, errors};

const DEFAULT: i32 = 100;

/// One page of one list.
#[derive(Clone)]
pub(crate) struct ListPage {
    sealed: vault::Page,
    /// As the store is asked: for one row more than is shown.
    pub rows: iam::Page,
}

/// What fits on the page, and where the next one begins.
pub(crate) struct Cut<T> {
    pub items: Vec<T>,
    pub is_truncated: Option<bool>,
    pub marker: Option<String>,
}

impl Iam {
    /// The page of the account's list that is called so. Errors: ValidationError for a marker that is not this list's.
    pub(crate) fn page(
        &self,
        cx: &Cx,
        list: &[&str],
        marker: Option<&str>,
        max_items: Option<i32>,
    ) -> Result<ListPage, ApiError> {
        let size = usize::try_from(max_items.unwrap_or(DEFAULT)).unwrap_or(1);
        let place = [&[cx.account().as_str()], list].concat();
        let sealed = vault::Page::open(&self.keyring, &place, size, marker, cx.now());
        let sealed = sealed.map_err(|_| errors::invalid_marker())?;
        Ok(ListPage {
            rows: iam::Page {
                after: sealed.after(),
                limit: sealed.limit(),
            },
            sealed,
        })
    }

    /// `key` is what the list is ordered by.
    pub(crate) fn cut<T>(
        &self,
        cx: &Cx,
        items: Vec<T>,
        page: &ListPage,
        key: impl Fn(&T) -> String,
    ) -> Result<Cut<T>, ApiError> {
        let (items, marker) = page.sealed.cut(&self.keyring, cx, items, key)?;
        Ok(Cut {
            items,
            is_truncated: Some(marker.is_some()),
            marker,
        })
    }

    /// Short lists are read whole and paged here, by position.
    pub(crate) fn cut_by_position<T>(&self, cx: &Cx, items: Vec<T>, page: &ListPage) -> Result<Cut<T>, ApiError> {
        let start: usize = match page.rows.after.as_str() {
            "" => 0,
            text => text.parse().map_err(|_| errors::invalid_marker())?,
        };
        let rest: Vec<(usize, T)> = items.into_iter().enumerate().skip(start).collect();
        let Cut {
            items,
            is_truncated,
            marker,
        } = self.cut(cx, rest, page, |(at, _)| (at + 1).to_string())?;
        Ok(Cut {
            items: items.into_iter().map(|(_, item)| item).collect(),
            is_truncated,
            marker,
        })
    }
}
