//! How identity pools page their lists.

use kernel::{ApiError, Cx};
use vault::{Keyring, Page};

use crate::errors;

/// The page of the list that `place` names. Errors: InvalidParameter for a token that is outdated or was issued for another list.
pub(crate) fn open(
    keyring: &Keyring,
    cx: &Cx,
    place: &[&str],
    size: i32,
    token: Option<&str>,
) -> Result<Page, ApiError> {
    let size = usize::try_from(size).unwrap_or(1);
    let page = Page::open(keyring, place, size, token, cx.now());
    page.map_err(|_| errors::invalid_next_token())
}
