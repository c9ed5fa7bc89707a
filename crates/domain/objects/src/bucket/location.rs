//! Where a bucket is made: what its owner asks for against the endpoint that is asked. Reference: identity-pools-iam 11.2.
//!
//! The endpoint is whatever region the client signs for. us-east-1's is the global one, which makes buckets anywhere; any
//! other makes them in its own region only, and must be told so.

use kernel::Region;

use crate::error::{Error, Result};

/// The region of the global endpoint, which has no name as a constraint.
pub const GLOBAL_REGION: &str = "us-east-1";

/// The old name of eu-west-1 as a constraint.
const EU: (&str, &str) = ("EU", "eu-west-1");

/// Where a bucket is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    pub region: Region,
    /// What GetBucketLocation answers where that is not the region's name: `EU`.
    pub named: Option<String>,
}

impl Location {
    /// `constraint`: CreateBucket's. `endpoint`: the region of the request's signature, [`GLOBAL_REGION`] where it has none. An
    /// endpoint's own region may be any word, as self-hosted ones are; a client of such a one need not say it.
    /// Errors: InvalidLocationConstraint, IllegalLocationConstraintException.
    pub fn choose(constraint: Option<&str>, endpoint: &Region) -> Result<Self> {
        let Some(constraint) = constraint else {
            return if endpoint.as_str() == GLOBAL_REGION || !is_region(endpoint.as_str()) {
                Ok(Self::of(GLOBAL_REGION))
            } else {
                Err(illegal("unspecified"))
            };
        };
        let (name, named) = match constraint {
            "EU" => (EU.1, Some(EU.0.to_owned())),
            name => (name, None),
        };
        let is_global = endpoint.as_str() == GLOBAL_REGION;
        if !is_known_region(name, endpoint) || (is_global && name == GLOBAL_REGION) {
            return Err(Error::InvalidLocation {
                constraint: constraint.to_owned(),
            });
        }
        if !is_global && name != endpoint.as_str() {
            return Err(illegal(constraint));
        }
        Ok(Self {
            named,
            ..Self::of(name)
        })
    }

    fn of(region: &str) -> Self {
        Self {
            region: Region::new(region),
            named: None,
        }
    }
}

/// A constraint, or `unspecified`, that the endpoint of another region was given.
fn illegal(constraint: &str) -> Error {
    Error::IllegalLocation {
        constraint: constraint.to_owned(),
    }
}

/// A region as AWS names them, or the one that the client itself is configured for.
pub fn is_known_region(name: &str, endpoint: &Region) -> bool {
    is_region(name) || (name == endpoint.as_str() && is_word(name))
}

/// Whether making a bucket again that one has succeeds: so it is in us-east-1, and only there.
pub(crate) fn may_be_made_again(old: &str, new: &str) -> bool {
    old == GLOBAL_REGION && new == GLOBAL_REGION
}

/// AWS's areas have two letters, or four.
fn is_region(name: &str) -> bool {
    let area = name.split('-').next().unwrap_or_default();
    let is_area = matches!(area.len(), 2 | 4) && area.bytes().all(|b| b.is_ascii_lowercase());
    is_area && is_word(name) && !name.contains("--") && Region::parse(name).is_some()
}

fn is_word(name: &str) -> bool {
    (1..=32).contains(&name.len())
        && name
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

#[cfg(test)]
mod tests {
    use kernel::ApiError;

    use super::*;

    #[test]
    fn constraint_and_endpoint_agree() {
        let chosen = |constraint, endpoint| {
            Location::choose(constraint, &Region::new(endpoint))
                .map(|l| (l.region.to_string(), l.named))
                .map_err(ApiError::from)
                .map_err(|error| (error.code().0, error.message().to_owned()))
        };
        for (endpoint, constraint, region, named) in [
            ("us-east-1", None, "us-east-1", None),
            ("us-east-1", Some("eu-west-1"), "eu-west-1", None),
            ("us-east-1", Some("us-gov-west-1"), "us-gov-west-1", None),
            ("us-east-1", Some("eu-we5t-123"), "eu-we5t-123", None),
            ("us-east-1", Some("EU"), "eu-west-1", Some("EU")),
            ("eu-west-1", Some("eu-west-1"), "eu-west-1", None),
            ("eu-west-1", Some("EU"), "eu-west-1", Some("EU")),
            ("eusc-de-east-1", Some("eusc-de-east-1"), "eusc-de-east-1", None),
            // No region of AWS's: the client may not know of constraints.
            ("garage", None, "us-east-1", None),
            ("garage", Some("garage"), "garage", None),
        ] {
            let expected = (region.to_owned(), named.map(str::to_owned));
            assert_eq!(chosen(constraint, endpoint), Ok(expected), "{endpoint} {constraint:?}");
        }
        let illegal = |what: &str| {
            format!(
                "The {what} location constraint is incompatible for the region specific endpoint this request was sent to."
            )
        };
        for (endpoint, constraint, named) in [
            ("eu-west-1", None, "unspecified"),
            ("eu-west-123", None, "unspecified"),
            ("us-west-2", None, "unspecified"),
            ("eu-west-1", Some("us-west-2"), "us-west-2"),
            ("eu-west-1", Some("us-east-1"), "us-east-1"),
            ("us-west-2", Some("EU"), "EU"),
            ("garage", Some("eu-west-1"), "eu-west-1"),
        ] {
            let expected = ("IllegalLocationConstraintException", illegal(named));
            assert_eq!(chosen(constraint, endpoint), Err(expected), "{endpoint} {constraint:?}");
        }
        for (endpoint, constraint) in [
            ("us-east-1", "us-east-1"),
            ("us-east-1", "moon"),
            ("us-east-1", "eu-1"),
            ("us-east-1", "eu--west-1"),
            ("us-east-1", "eu-west-one"),
            ("us-east-1", "EU-west-1"),
            ("eu-west-1", "atlantis-1"),
            ("<b>", "<b>"),
        ] {
            let refused = chosen(Some(constraint), endpoint).unwrap_err();
            assert_eq!(refused.0, "InvalidLocationConstraint", "{endpoint} {constraint}");
        }
    }
}
