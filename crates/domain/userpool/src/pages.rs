//! How user pools page their lists.

use kernel::{ApiError, Cx};
use vault::{Keyring, Page};

use crate::errors;

/// What the model allows at most, and what callers that name no size get.
const LARGEST: usize = 60;

/// The page of a list that is asked for. `place` says which list it is: pool, operation, filter. No size, or 0, is the largest.
///
/// Errors: InvalidParameter for a token that is outdated or was issued for another list.
pub(crate) fn open(
    keyring: &Keyring,
    cx: &Cx,
    place: &[&str],
    size: Option<i32>,
    token: Option<&str>,
) -> Result<Page, ApiError> {
    let size = size
        .and_then(|size| usize::try_from(size).ok())
        .filter(|size| *size > 0);
    let page = Page::open(keyring, place, size.unwrap_or(LARGEST), token, cx.now());
    page.map_err(|_| errors::invalid_pagination_token())
}
