//! What the store has of one pool's settings, each row as it lies there.

use kernel::PoolId;
use store::{
    Read, StoreError,
    records::{client_secrets, clients, domains, identity_providers, pools, resource_servers, saml_keys},
};

pub(crate) struct Rows {
    pub pool: pools::Pool,
    pub clients: Vec<clients::Client>,
    /// Of all clients.
    pub client_secrets: Vec<client_secrets::ClientSecret>,
    pub resource_servers: Vec<resource_servers::ResourceServer>,
    pub providers: Vec<identity_providers::IdentityProvider>,
    /// The pool's own and its providers'.
    pub saml_keys: Vec<saml_keys::SamlKey>,
    pub domains: Vec<domains::Domain>,
}

impl Rows {
    /// All of it. None: there is no such pool.
    pub fn read(r: &mut impl Read, id: &PoolId) -> Result<Option<Self>, StoreError> {
        let Some(pool) = pools::by_id(r, id)? else {
            return Ok(None);
        };
        Ok(Some(Self {
            pool,
            clients: clients::all(r, id)?,
            client_secrets: client_secrets::all(r, id)?,
            resource_servers: resource_servers::all(r, id)?,
            providers: identity_providers::all(r, id)?,
            saml_keys: saml_keys::all(r, id)?,
            domains: domains::all(r, id)?,
        }))
    }

    /// A pool that has nothing yet, or whose own settings are all that is asked for.
    pub fn alone(pool: pools::Pool) -> Self {
        Self {
            pool,
            clients: Vec::new(),
            client_secrets: Vec::new(),
            resource_servers: Vec::new(),
            providers: Vec::new(),
            saml_keys: Vec::new(),
            domains: Vec::new(),
        }
    }
}
