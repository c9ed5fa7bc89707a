//! Whose domain a host, or a prefix in a path, is. Reference: oauth-and-federation 1.1.

use std::sync::Arc;

use kernel::ApiError;
use store::records::domains;

use crate::{UserPools, domain::Domain, pool::Pool};

/// A domain and its pool, as their settings are now.
pub struct FoundDomain {
    pub(crate) pool: Arc<Pool>,
    pub(crate) domain: Domain,
}

impl UserPools {
    /// By `<prefix>.auth.<region>`, by the name of a custom domain, or by a prefix alone, in lower case. What is found was looked up in
    /// the pool's settings: a domain that is deleted, or another pool's since, is not found by mistake.
    pub async fn find_domain(&self, key: &str) -> Result<Option<FoundDomain>, ApiError> {
        if let Some(owner) = self.hosts.get(key)
            && let Some(pool) = self.load(&owner).await?
            && let Some(found) = FoundDomain::of(pool, key)
        {
            return Ok(Some(found));
        }
        let wanted = key.to_owned();
        let Some(owner) = self.store.read(move |r| domains::owner(r, &wanted)).await? else {
            return Ok(None);
        };
        let Some(pool) = self.load(&owner).await? else {
            return Ok(None);
        };
        let found = FoundDomain::of(pool, key);
        if found.is_some() {
            self.hosts.remember(key.to_owned(), owner);
        }
        Ok(found)
    }
}

impl FoundDomain {
    fn of(pool: Arc<Pool>, key: &str) -> Option<Self> {
        let region = pool.id.region();
        let domain = pool.domains.iter().find(|domain| domain.answers_to(key, &region));
        let domain = domain.cloned()?;
        Some(Self { pool, domain })
    }
}
