//! Attributes for access control: claims that become tags of the session. Reference: identity-pools-iam 1.14.

use std::collections::BTreeMap;

use api::cognito_identity::SetPrincipalTagAttributeMapResponse as TagMap;
use kernel::ApiError;

use crate::{errors, logins::Login, roles::spelled, settings::Pool};

const MOST_BYTES: usize = 460;

/// Tag and claim, where a provider uses the defaults.
const DEFAULTS: [(&str, &str); 2] = [("client", "aud"), ("username", "sub")];

/// The tags that these logins give. An absent claim gives none; of two providers that give one tag the first counts.
pub(crate) fn principal_tags(pool: &Pool, logins: &[Login]) -> BTreeMap<String, String> {
    let mut tags = BTreeMap::new();
    for login in logins {
        let settings = &pool.settings;
        let Some(map) = settings
            .tag_map(&login.link.provider)
            .or_else(|| settings.tag_map(&login.issuer))
        else {
            continue;
        };
        for (tag, claim) in mapped(map) {
            // Several values stand in one tag with colons between them, as AWS's guides write such tags: commas aren't
            // allowed in tags.
            let values = spelled(login.claims.get(claim));
            if !values.is_empty() {
                tags.entry(tag.to_owned()).or_insert_with(|| values.join(":"));
            }
        }
    }
    tags
}

fn mapped(map: &TagMap) -> Vec<(&str, &str)> {
    if map.use_defaults == Some(true) {
        return DEFAULTS.to_vec();
    }
    let own = map.principal_tags.iter().flatten();
    own.map(|(tag, claim)| (tag.as_str(), claim.as_str())).collect()
}

/// Errors: InvalidParameter beyond the size that AWS sets; the number is the model's to check.
pub(crate) fn check(tags: &BTreeMap<String, String>) -> Result<(), ApiError> {
    let bytes: usize = tags.iter().map(|(tag, claim)| tag.len() + claim.len()).sum();
    if bytes > MOST_BYTES {
        Err(errors::principal_tags_too_long())
    } else {
        Ok(())
    }
}
