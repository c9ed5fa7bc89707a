//! Terms are printed as the operations print them. Reference: user-pools 14.6.

use api::cognito_idp::{TermsDescriptionType, TermsEnforcementType, TermsSourceType, TermsType};
use kernel::PoolId;
use store::records::terms::Terms;

/// Source and enforcement have one value each.
pub(crate) fn described(pool: &PoolId, terms: Terms) -> TermsType {
    TermsType {
        terms_id: terms.id,
        user_pool_id: pool.to_string(),
        client_id: terms.client.to_string(),
        terms_name: terms.name,
        terms_source: TermsSourceType::Link,
        enforcement: TermsEnforcementType::None,
        links: terms.links.0,
        creation_date: terms.created,
        last_modified_date: terms.modified,
    }
}

pub(crate) fn listed(terms: Terms) -> TermsDescriptionType {
    TermsDescriptionType {
        terms_id: terms.id,
        terms_name: terms.name,
        enforcement: TermsEnforcementType::None,
        creation_date: terms.created,
        last_modified_date: terms.modified,
    }
}
