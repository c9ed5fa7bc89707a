//! What a provider must be to be kept, whether it is new or changed.

use std::collections::BTreeSet;

use kernel::{PoolId, Result};
use store::{Stop, StoreError, Tx, records::identity_providers};

use crate::{
    UserPools,
    errors::providers as errors,
    pool::Pool,
    provider::{Provider, rules},
};

impl UserPools {
    /// What can be told of a provider without asking it: its issuer's discovery document would be read here, and is not yet.
    ///
    /// Errors: InvalidParameter.
    pub(super) fn accept_provider(&self, pool: &Pool, provider: &Provider) -> Result<()> {
        let reach = self.upstream.tenants_reach();
        rules::check(&pool.schema, reach, &provider.name, &provider.settings)
    }
}

/// To be asked before anything is written, because a refusal commits. Errors: InvalidParameter.
pub(super) fn check_identifiers(tx: &mut Tx<'_>, pool: &PoolId, (name, wanted): (&str, &[String])) -> Result<(), Stop> {
    for identifier in wanted {
        let holder = identity_providers::holder(tx, pool, identifier)?;
        if holder.is_some_and(|holder| holder != name) {
            return Err(errors::identifier_taken(identifier).into());
        }
    }
    Ok(())
}

/// Takes what [`check_identifiers`] found free. False: somebody was quicker.
pub(super) fn claim_identifiers(
    tx: &mut Tx<'_>,
    pool: &PoolId,
    (name, wanted): (&str, &[String]),
) -> Result<bool, StoreError> {
    for identifier in wanted.iter().collect::<BTreeSet<_>>() {
        if !identity_providers::claim_identifier(tx, pool, identifier, name)? {
            return Ok(false);
        }
    }
    Ok(true)
}
