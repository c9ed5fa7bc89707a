//! Where the link of a sign-up mail leads. Reference: user-pools 4.4.

use kernel::{ClientId, Cx};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

const QUERY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The page that confirms the sign-up. `server/confirm_user` reads it.
pub(super) fn address(cx: &Cx, client: &ClientId, username: &str, code: &str) -> String {
    let encoded = |text| utf8_percent_encode(text, QUERY);
    format!(
        "{}/confirmUser?client_id={}&user_name={}&confirmation_code={}",
        base(cx),
        encoded(client.as_str()),
        encoded(username),
        encoded(code)
    )
}

/// The server's own address: a pool has no domain of its own yet. It is the configured one, in dev the request's.
fn base(cx: &Cx) -> &str {
    cx.base_url.trim_end_matches('/')
}
