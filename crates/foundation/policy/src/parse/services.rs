//! The services that policies name. IAM refuses names that are no service's in a role's trust policy: a misspelt one would be
//! trusted by nobody. S3 refuses at least what has not the form of one.

use std::collections::HashSet;
use std::sync::LazyLock;

use kernel::Region;

/// Without `.amazonaws.com`. Unconfirmed: AWS publishes no list; this one holds every endpoint and signing name of the
/// service models and the principals that the services' guides name.
static KNOWN: LazyLock<HashSet<&str>> = LazyLock::new(|| include_str!("services.txt").lines().collect());

/// `lambda.amazonaws.com`, or one Region of it: `states.eu-west-1.amazonaws.com`.
pub(super) fn is_known(name: &str) -> bool {
    let Some(service) = of_amazon(name) else {
        return is_internal(name);
    };
    KNOWN.contains(service)
        || service
            .rsplit_once('.')
            .is_some_and(|(service, region)| KNOWN.contains(service) && Region::parse(region).is_some())
}

/// Whether it could be the name of a service. Unconfirmed: how much of the name S3 checks; the list is not held against it,
/// because services that write into buckets have names of their own.
pub(super) fn is_formed(name: &str) -> bool {
    is_internal(name) || of_amazon(name).is_some_and(|service| !service.is_empty())
}

fn of_amazon(name: &str) -> Option<&str> {
    name.strip_suffix(".cn").unwrap_or(name).strip_suffix(".amazonaws.com")
}

/// A few services have principals of another form.
fn is_internal(name: &str) -> bool {
    name.ends_with(".aws.internal") && !name.contains(['*', '?'])
}
