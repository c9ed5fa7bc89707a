//! Whose domain a host, or a prefix in a path, is. Reference: oauth-and-federation 1.1.

use std::sync::Arc;

use api::cognito_idp::SecurityPolicyType;
use kernel::{ApiError, PoolId};
use store::records::domains;

use crate::{
    UserPools,
    domain::{Domain, DomainKind, ManagedLogin},
    pool::{Pool, Rows, acr::Level, switches::Switches},
};

/// A domain and its pool, as their settings are now.
#[derive(Clone)]
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

impl UserPools {
    /// The same as the store has it now: what one node has set up another describes at once. Errors: internal.
    pub(super) async fn stored_domain(&self, key: &str) -> Result<Option<FoundDomain>, ApiError> {
        let wanted = key.to_owned();
        let keyring = Arc::clone(&self.keyring);
        let pool = self
            .store
            .read(move |r| {
                let Some(owner) = domains::owner(r, &wanted)? else {
                    return Ok(None);
                };
                let rows = Rows::read(r, &owner)?;
                rows.map(|rows| Pool::load(rows, &keyring)).transpose()
            })
            .await?;
        Ok(pool.and_then(|pool| FoundDomain::of(Arc::new(pool), key)))
    }
}

/// The domain that a pool tells its clients of, what it calls its levels and what it does beyond Cognito: for discovery.
#[derive(Default)]
pub struct Published {
    pub domain: Option<PublishedDomain>,
    pub levels: Vec<String>,
    pub switches: Switches,
    /// Whether clients may register themselves.
    pub registers: bool,
}

pub enum PublishedDomain {
    /// A host of its own.
    Custom(String),
    /// A key that a path may have.
    Prefix(String),
}

impl UserPools {
    /// The custom domain where there are two (reference 1.1). Errors: internal.
    pub async fn published(&self, pool: &PoolId) -> Result<Published, ApiError> {
        let Some(pool) = self.load(pool).await? else {
            return Ok(Published::default());
        };
        let of = |kind| pool.domains.iter().find(|domain| domain.kind == kind);
        let custom = of(DomainKind::Custom).map(|domain| PublishedDomain::Custom(domain.name.clone()));
        let prefix = || {
            let domain = of(DomainKind::Prefix)?;
            Some(PublishedDomain::Prefix(if domain.bare {
                domain.name.clone()
            } else {
                domain.kind.key(&domain.name, &pool.id.region())
            }))
        };
        Ok(Published {
            domain: custom.or_else(prefix),
            levels: Level::ALL
                .iter()
                .map(|level| pool.levels.name(*level).to_owned())
                .collect(),
            switches: pool.switches,
            registers: pool.registration.is_some(),
        })
    }
}

impl FoundDomain {
    /// Whose domain it is.
    pub fn pool(&self) -> &PoolId {
        &self.pool.id
    }

    /// Whether it is a host name of its own.
    pub fn is_custom(&self) -> bool {
        self.domain.kind == DomainKind::Custom
    }

    /// What the pool does beyond Cognito.
    pub fn switches(&self) -> Switches {
        self.pool.switches
    }

    /// Whether clients may register themselves with the pool.
    pub fn registers(&self) -> bool {
        self.pool.registration.is_some()
    }

    /// Whether its pages are those of managed login, and not the classic ones.
    pub fn is_managed(&self) -> bool {
        self.domain.managed_login_version == ManagedLogin::Managed
    }

    /// Whether its SecurityPolicy has nothing older than TLS 1.3.
    pub fn wants_tls13(&self) -> bool {
        let policy = self.domain.custom.as_ref().and_then(|custom| custom.security_policy);
        policy == Some(SecurityPolicyType::TlsV132025)
    }

    fn of(pool: Arc<Pool>, key: &str) -> Option<Self> {
        let region = pool.id.region();
        let domain = pool.domains.iter().find(|domain| domain.answers_to(key, &region));
        let domain = domain.cloned()?;
        Some(Self { pool, domain })
    }
}
