//! A warning of custom domains that no certificate covers, where none are ordered: browsers refuse them, and nobody else would say so.

use std::{
    collections::BTreeSet,
    sync::{Mutex, PoisonError},
};

use kernel::ApiError;
use server::tls::Tls;
use userpool::UserPools;

/// Names that a warning spells out, whoever makes how many.
const NAMED: usize = 10;

pub(crate) struct Uncovered {
    tls: Tls,
    user_pools: UserPools,
    /// Which were without one at the last look.
    known: Mutex<BTreeSet<String>>,
}

impl Uncovered {
    pub fn new(tls: Tls, user_pools: UserPools) -> Self {
        Self {
            tls,
            user_pools,
            known: Mutex::default(),
        }
    }

    /// Returns how many domains there are that had a certificate, or weren't there, before.
    pub async fn look(&self) -> Result<u64, ApiError> {
        let mut uncovered: BTreeSet<String> = self.user_pools.custom_domains().await?.into_iter().collect();
        uncovered.retain(|name| !self.tls.has_file_for(name));
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let new: Vec<&str> = uncovered.difference(&known).map(String::as_str).collect();
        if !new.is_empty() {
            let named = new.get(..NAMED).unwrap_or(&new).join(", ");
            tracing::warn!(
                domains = new.len(),
                "no certificate covers the custom domain {named}: browsers refuse it. --certificates takes a folder of them, --acme-enabled orders them"
            );
        }
        let count = u64::try_from(new.len()).unwrap_or(u64::MAX);
        *known = uncovered;
        Ok(count)
    }
}
