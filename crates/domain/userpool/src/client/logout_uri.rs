//! Where a client wants to hear that a browser's session has ended: OpenID Connect Back-Channel Logout 1.0. Cognito has no setting for it:
//! its pool has a tag, or the client said so when it registered itself. Decision 22.

use upstream::{Address, Reach};

use super::{redirects, tag::ClientTag};

pub(crate) const TAG: ClientTag = ClientTag {
    name: "poolhouse:backchannel-logout:",
    is_fit,
    may_be: MAY_BE,
};

/// Of a tag's value.
const LONGEST: usize = 256;

/// As refusals say it.
pub(crate) const MAY_BE: &str =
    "an https address without a fragment, of up to 256 characters (http where private upstreams are allowed)";

/// Whether a client may be told there: by https, or on this machine where the operator lets tenants' addresses lead there. Where a name
/// leads is looked at when it is called.
pub(crate) fn is_fit(uri: &str, reach: Reach) -> bool {
    let is_https = uri
        .get(..8)
        .is_some_and(|scheme| scheme.eq_ignore_ascii_case("https://"));
    let is_http = uri
        .get(..7)
        .is_some_and(|scheme| scheme.eq_ignore_ascii_case("http://"));
    let is_allowed = is_https || (is_http && reach == Reach::Anywhere);
    uri.len() <= LONGEST && is_allowed && redirects::broken_rule(uri).is_none() && Address::of_tenant(uri).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_a_client_may_be_told() {
        let long = format!("https://app.example.com/{}", "a".repeat(240));
        for (uri, public, anywhere) in [
            ("https://app.example.com/backchannel?x=1", true, true),
            ("HTTPS://app.example.com/", true, true),
            ("http://localhost:3000/out", false, true),
            ("http://127.0.0.1/out", false, true),
            ("http://app.example.com/", false, false),
            ("https://app.example.com/#x", false, false),
            ("https://ana:secret@app.example.com/", false, false),
            ("https://", false, false),
            ("myapp://out", false, false),
            ("", false, false),
            (&long, false, false),
        ] {
            assert_eq!(
                (is_fit(uri, Reach::Public), is_fit(uri, Reach::Anywhere)),
                (public, anywhere),
                "{uri}"
            );
        }
    }
}
