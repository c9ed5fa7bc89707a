//! Lists page by page. The token that continues a list is sealed: it holds the last key that was shown, and serves nobody
//! for another pool, operation or filter.

use std::time::Duration;

use kernel::{ApiError, Cx};
use vault::{Keyring, Purpose};

use crate::errors;

/// How long a list can be continued.
const LIFETIME: Duration = Duration::from_secs(3600);

/// What the model allows at most, and what callers that name no size get.
const LARGEST: i32 = 60;

/// One page of one list.
pub(crate) struct Page<'a> {
    keyring: &'a Keyring,
    place: &'a [&'a str],
    size: usize,
    after: String,
}

impl<'a> Page<'a> {
    /// `place` says which list it is: pool, operation, filter. No size, or 0, is the largest.
    ///
    /// Errors: InvalidParameter for a token that is outdated or was issued for another list.
    pub fn open(
        keyring: &'a Keyring,
        cx: &Cx,
        place: &'a [&'a str],
        size: Option<i32>,
        token: Option<&str>,
    ) -> Result<Self, ApiError> {
        let after = match token {
            None => String::new(),
            Some(token) => keyring
                .open_token(Purpose::PageToken, place, token, cx.now())
                .ok()
                .and_then(|key| key.as_str().map(str::to_owned))
                .ok_or_else(errors::invalid_pagination_token)?,
        };
        let size = size.filter(|size| *size > 0).unwrap_or(LARGEST);
        Ok(Self {
            keyring,
            place,
            size: usize::try_from(size).unwrap_or(1),
            after,
        })
    }

    /// The last key that was shown; empty at the beginning.
    pub fn after(&self) -> String {
        self.after.clone()
    }

    /// How many rows to look up: one more than are shown tells whether there is a next page.
    pub fn rows(&self) -> usize {
        self.size + 1
    }

    /// [`Page::rows`], as the store wants it.
    pub fn limit(&self) -> i64 {
        i64::try_from(self.rows()).unwrap_or(i64::MAX)
    }

    /// The rows to show, and the token that continues after them if there are more.
    pub fn cut<T>(
        &self,
        cx: &Cx,
        mut rows: Vec<T>,
        key: impl Fn(&T) -> &str,
    ) -> Result<(Vec<T>, Option<String>), ApiError> {
        if rows.len() <= self.size {
            return Ok((rows, None));
        }
        rows.truncate(self.size);
        let last = rows.last().map(key).unwrap_or_default();
        let expires = cx.now().plus(LIFETIME);
        let token = self
            .keyring
            .seal_token(Purpose::PageToken, self.place, last.as_bytes(), expires, cx.rng())
            .map_err(ApiError::internal)?;
        Ok((rows, Some(token)))
    }
}
