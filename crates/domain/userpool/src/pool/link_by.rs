//! Which identity providers a pool believes that an e-mail address is somebody's, so that who comes first from there with the address
//! of a user is that user: the tag `poolhouse:link-by`. docs/federation.md

use api::cognito_idp::UserPoolType;

pub(crate) const TAG: &str = "poolhouse:link-by";

pub(super) const MAY_BE: &str = "verified-email: and the names of identity providers, separated by blanks";

const WAY: &str = "verified-email:";

pub(super) fn is_fit(value: &str) -> bool {
    names(value).next().is_some()
}

/// Whether users are found by the e-mail addresses that this provider has verified.
pub(crate) fn by_verified_email(settings: &UserPoolType, provider: &str) -> bool {
    let tag = settings.user_pool_tags.as_ref().and_then(|tags| tags.get(TAG));
    tag.is_some_and(|value| names(value).any(|name| name == provider))
}

fn names(value: &str) -> impl Iterator<Item = &str> {
    value.strip_prefix(WAY).unwrap_or_default().split_whitespace()
}

#[cfg(test)]
mod tests {
    use api::Wire;
    use serde_json::json;

    use super::*;

    #[test]
    fn providers_are_named() {
        for (value, fits, google, corp) in [
            ("verified-email:Google", true, true, false),
            ("verified-email: Google  Corp", true, true, true),
            ("verified-email:google", true, false, false),
            ("verified-email:Google,Corp", true, false, false),
            ("verified-email:", false, false, false),
            ("verified-email: ", false, false, false),
            ("verified-email", false, false, false),
            ("Google", false, false, false),
            ("", false, false, false),
        ] {
            let settings = UserPoolType::from_json(json!({"UserPoolTags": {TAG: value}})).unwrap();
            let found = ["Google", "Corp"].map(|provider| by_verified_email(&settings, provider));
            assert_eq!((is_fit(value), found), (fits, [google, corp]), "{value}");
        }
        assert!(!by_verified_email(&UserPoolType::default(), "Google"));
    }
}
