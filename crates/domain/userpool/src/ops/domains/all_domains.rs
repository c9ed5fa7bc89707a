//! All domains, whosever they are: for whoever gets certificates for their hosts.

use kernel::ApiError;
use store::records::domains;

use crate::{UserPools, domain::DomainKind};

/// Rows that are read at once.
const PAGE: i64 = 500;

impl UserPools {
    /// Host names of custom domains.
    pub async fn custom_domains(&self) -> Result<Vec<String>, ApiError> {
        self.domain_keys(DomainKind::Custom).await
    }

    /// `<prefix>.auth.<region>` of all prefixes.
    pub async fn prefix_domains(&self) -> Result<Vec<String>, ApiError> {
        self.domain_keys(DomainKind::Prefix).await
    }

    async fn domain_keys(&self, kind: DomainKind) -> Result<Vec<String>, ApiError> {
        let (mut keys, mut after) = (Vec::new(), (String::new(), String::new()));
        loop {
            let from = after.clone();
            let page = self
                .store
                .read(move |r| domains::of_kind(r, kind.as_str(), (&from.0, &from.1), PAGE))
                .await?;
            let Some((name, pool)) = page.last() else {
                return Ok(keys);
            };
            after = (name.clone(), pool.to_string());
            keys.extend(page.iter().map(|(name, pool)| kind.key(name, &pool.region())));
        }
    }
}
