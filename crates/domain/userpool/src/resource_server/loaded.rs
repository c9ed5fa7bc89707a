//! A resource server as everything beneath the operations sees it: parsed once, cached with its pool.

use api::{Wire, cognito_idp::ResourceServerType};
use kernel::PoolId;
use store::{Record, StoreError, records};

pub(crate) struct ResourceServer {
    pub identifier: String,
    /// As DescribeResourceServer prints it, without the pool's id.
    settings: ResourceServerType,
}

impl ResourceServer {
    /// From the store. Errors: corrupt settings.
    pub fn load(row: records::resource_servers::ResourceServer) -> Result<Self, StoreError> {
        let json = row.document("doc", &row.doc)?;
        let settings = ResourceServerType::from_json(json).map_err(|error| row.corrupt("doc", error))?;
        Ok(Self {
            identifier: row.identifier,
            settings,
        })
    }

    pub fn has_scope(&self, name: &str) -> bool {
        let mut scopes = self.settings.scopes.iter().flatten();
        scopes.any(|scope| scope.scope_name == name)
    }

    /// As the operations answer.
    pub fn described(&self, pool: &PoolId) -> ResourceServerType {
        described(self.settings.clone(), pool)
    }
}

/// The same of settings that are about to be stored.
pub(crate) fn described(settings: ResourceServerType, pool: &PoolId) -> ResourceServerType {
    ResourceServerType {
        user_pool_id: Some(pool.to_string()),
        ..settings
    }
}

/// Settings as a row of a pool.
pub(crate) fn row(
    pool: &PoolId,
    identifier: &str,
    settings: &ResourceServerType,
) -> records::resource_servers::ResourceServer {
    records::resource_servers::ResourceServer {
        pool: pool.clone(),
        identifier: identifier.to_owned(),
        doc: settings.to_json().to_string(),
    }
}
