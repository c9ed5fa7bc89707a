//! Where a pool's clients want to hear that a browser's session has ended: OpenID Connect Back-Channel Logout 1.0. App clients have no tags
//! and no setting of Cognito's for it: the pool has a tag for each.

use std::{collections::BTreeMap, sync::Arc};

use kernel::ClientId;
use upstream::{Address, Reach};

use crate::client::redirects;

/// With a client's id behind it.
const TAG: &str = "poolhouse:backchannel-logout:";

/// Of a tag's value.
const LONGEST: usize = 256;

/// As refusals say it.
pub(super) const MAY_BE: &str =
    "an https address without a fragment, of up to 256 characters (http where private upstreams are allowed)";

/// The client of a tag.
pub(super) fn client_of(key: &str) -> Option<ClientId> {
    key.strip_prefix(TAG).and_then(ClientId::parse)
}

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

/// Of the pool's tags, by their clients.
pub(super) fn of_tags(tags: Option<&BTreeMap<String, String>>) -> BTreeMap<ClientId, Arc<str>> {
    let all = tags.into_iter().flatten();
    all.filter_map(|(key, uri)| Some((client_of(key)?, Arc::from(uri.as_str()))))
        .collect()
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

    #[test]
    fn a_tag_names_its_client() {
        for (key, client) in [
            (
                "poolhouse:backchannel-logout:1example23456789",
                Some("1example23456789"),
            ),
            ("poolhouse:backchannel-logout", None),
            ("poolhouse:backchannel-logout:", None),
            ("poolhouse:backchannel-logoutx:1abc", None),
        ] {
            assert_eq!(client_of(key).as_ref().map(ClientId::as_str), client, "{key}");
        }
    }
}
