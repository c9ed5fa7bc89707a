//! Lists page by page. The token that continues a list is sealed: it holds the key that was shown last, and serves nobody
//! for another list.

use std::time::Duration;

use kernel::{ApiError, Cx};
use vault::Purpose;

use crate::{IdentityPools, errors};

/// How long a list can be continued.
const LIFETIME: Duration = Duration::from_secs(3600);

/// One page of the list that `place` names.
pub(crate) struct Page<'a> {
    place: &'a [&'a str],
    size: usize,
    /// The key that was shown last; empty at the beginning.
    pub after: String,
}

impl<'a> Page<'a> {
    /// Errors: InvalidParameter for a token that is outdated or was issued for another list.
    pub fn open(
        pools: &IdentityPools,
        cx: &Cx,
        place: &'a [&'a str],
        size: i32,
        token: Option<&str>,
    ) -> Result<Self, ApiError> {
        let after = match token {
            None => String::new(),
            Some(token) => {
                let opened = pools.keyring.open_token(Purpose::PageToken, place, token, cx.now());
                let key = opened.ok().and_then(|key| key.as_str().map(str::to_owned));
                key.ok_or_else(errors::invalid_next_token)?
            }
        };
        let size = usize::try_from(size).unwrap_or(1).max(1);
        Ok(Self { place, size, after })
    }

    /// How many rows to ask the store for: one more than are shown tells whether there is a next page.
    pub fn limit(&self) -> i64 {
        i64::try_from(self.size).unwrap_or(i64::MAX).saturating_add(1)
    }

    /// The rows to show, and the token that continues after them if there are more.
    pub fn cut<T>(
        &self,
        pools: &IdentityPools,
        cx: &Cx,
        mut rows: Vec<T>,
        key: impl Fn(&T) -> String,
    ) -> Result<(Vec<T>, Option<String>), ApiError> {
        if rows.len() <= self.size {
            return Ok((rows, None));
        }
        rows.truncate(self.size);
        let last = rows.last().map(key).unwrap_or_default();
        let expires = cx.now().plus(LIFETIME);
        let token = pools
            .keyring
            .seal_token(Purpose::PageToken, self.place, last.as_bytes(), expires, cx.rng())?;
        Ok((rows, Some(token)))
    }
}
