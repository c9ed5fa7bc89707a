//! What an identity pool is: parsed once, cached until the pool's version moves (decision 11), and changed here alone.

use std::{collections::BTreeMap, sync::Arc};

use api::{
    Printer, Reader, Wire, WireError, Writer,
    cognito_identity::{IdentityPool, RoleMapping, SetPrincipalTagAttributeMapResponse as TagMap},
};
use kernel::{ApiError, Arn, Cx, IdentityPoolId};
use serde_json::Value;
use store::{
    Record, Scope, Stop, StoreError,
    records::{identity_pools, versions},
};
use vault::{Keyring, Purpose};

use crate::{IdentityPools, errors, providers};

/// One identity pool.
pub(crate) struct Pool {
    pub id: IdentityPoolId,
    pub arn: Arn,
    pub settings: Settings,
}

/// The stored part. Reference: identity-pools-iam 1.4, 1.9, 1.14.
#[derive(Clone)]
pub(crate) struct Settings {
    /// As DescribeIdentityPool prints it; in the store the login providers stand apart, sealed.
    pub pool: IdentityPool,
    /// `authenticated`, `unauthenticated`.
    pub roles: BTreeMap<String, String>,
    /// Under the keys that were given, in whatever spelling.
    pub role_mappings: BTreeMap<String, RoleMapping>,
    /// By [`providers::plain`] name.
    pub tag_maps: BTreeMap<String, TagMap>,
}

impl Pool {
    /// From the store. Errors: corrupt settings.
    pub fn load(row: identity_pools::IdentityPool, keyring: &Keyring) -> Result<Self, StoreError> {
        let stored = row.document("doc", &row.doc)?;
        let mut settings = Settings::from_json(stored).map_err(|error| row.corrupt("doc", error))?;
        if let Some(sealed) = &row.providers {
            let place = [row.pool.as_str()];
            let opened = keyring
                .open(Purpose::ProviderSecret, &place, sealed)
                .map_err(|error| row.corrupt("providers", error))?;
            let json = serde_json::from_slice(opened.as_bytes()).map_err(|error| row.corrupt("providers", error))?;
            let providers = Wire::from_json(json).map_err(|error| row.corrupt("providers", error))?;
            settings.pool.supported_login_providers = Some(providers);
        }
        Ok(Self {
            arn: Arn::identity_pool(&row.pool, &row.account),
            id: row.pool,
            settings,
        })
    }

    pub fn allows_guests(&self) -> bool {
        self.settings.pool.allow_unauthenticated_identities
    }

    /// The role of a kind of identity: `authenticated` or `unauthenticated`.
    pub fn role(&self, kind: &str) -> Option<&str> {
        self.settings.roles.get(kind).map(String::as_str)
    }
}

impl Settings {
    pub fn new(pool: IdentityPool) -> Self {
        Self {
            pool,
            roles: BTreeMap::new(),
            role_mappings: BTreeMap::new(),
            tag_maps: BTreeMap::new(),
        }
    }

    pub fn to_doc(&self) -> String {
        let mut stored = self.clone();
        stored.pool.supported_login_providers = None;
        stored.into_json().to_string()
    }

    /// The tag map of a provider, under any of the provider's names.
    pub fn tag_map(&self, provider: &str) -> Option<&TagMap> {
        self.tag_maps.get(&providers::plain(provider))
    }
}

impl Wire for Settings {
    fn from_json(value: Value) -> Result<Self, WireError> {
        let mut members = Reader::open("Settings", value)?;
        Ok(Self {
            pool: members.required("Pool")?,
            roles: members.optional("Roles")?.unwrap_or_default(),
            role_mappings: members.optional("RoleMappings")?.unwrap_or_default(),
            tag_maps: members.optional("TagMaps")?.unwrap_or_default(),
        })
    }

    fn into_json(self) -> Value {
        let mut members = Writer::default();
        members.required("Pool", self.pool);
        members.required("Roles", self.roles);
        members.required("RoleMappings", self.role_mappings);
        members.required("TagMaps", self.tag_maps);
        members.close()
    }

    fn print(&self, out: &mut Vec<u8>) {
        let mut members = Printer::open(out);
        members.required("Pool", &self.pool);
        members.required("RoleMappings", &self.role_mappings);
        members.required("Roles", &self.roles);
        members.required("TagMaps", &self.tag_maps);
        members.close();
    }
}

/// The pool as answers show it: empty collections are left out, tags are always there. Reference: 1.4.
pub(crate) fn shown(mut pool: IdentityPool) -> IdentityPool {
    pool.supported_login_providers = pool.supported_login_providers.filter(|map| !map.is_empty());
    pool.open_id_connect_provider_arns = pool.open_id_connect_provider_arns.filter(|list| !list.is_empty());
    pool.saml_provider_arns = pool.saml_provider_arns.filter(|list| !list.is_empty());
    pool.cognito_identity_providers = pool.cognito_identity_providers.filter(|list| !list.is_empty());
    for provider in pool.cognito_identity_providers.iter_mut().flatten() {
        provider.server_side_token_check.get_or_insert(false);
    }
    pool.identity_pool_tags.get_or_insert_default();
    pool
}

/// What becomes of the login providers when settings change.
#[derive(Clone)]
pub(crate) enum Providers {
    Kept,
    Replaced(Option<Vec<u8>>),
}

impl IdentityPools {
    /// The pool of a request that names one. Errors: ResourceNotFound.
    pub(crate) async fn pool(&self, id: &str) -> Result<Arc<Pool>, ApiError> {
        let id = IdentityPoolId::new(id);
        let pool = self.load(&id).await?;
        pool.ok_or_else(|| errors::pool_not_found(&id))
    }

    pub(crate) async fn load(&self, id: &IdentityPoolId) -> Result<Option<Arc<Pool>>, ApiError> {
        let (pool, keyring) = (id.clone(), Arc::clone(&self.keyring));
        let loaded = self
            .pools
            .load(
                id,
                || Scope::pool(id),
                move |r| {
                    let row = identity_pools::by_id(r, &pool)?;
                    row.map(|row| Pool::load(row, &keyring)).transpose()
                },
            )
            .await?;
        Ok(loaded)
    }

    /// The login providers as they are stored. Some application ids hold the provider's secret (Twitter's), so all are sealed.
    pub(crate) fn seal_providers(&self, cx: &Cx, pool: &IdentityPool) -> Result<Option<Vec<u8>>, ApiError> {
        let Some(providers) = pool.supported_login_providers.as_ref().filter(|map| !map.is_empty()) else {
            return Ok(None);
        };
        let json = providers.to_json().to_string();
        let place = [pool.identity_pool_id.as_str()];
        let sealed = self
            .keyring
            .seal(Purpose::ProviderSecret, &place, json.as_bytes(), cx.rng())?;
        Ok(Some(sealed))
    }

    /// Changes a pool's settings in one transaction and shows the change on this node at once.
    ///
    /// Errors: ResourceNotFound, ConcurrentModification, those of `change`.
    pub(crate) async fn change<T, F>(
        &self,
        cx: &Cx,
        id: &IdentityPoolId,
        providers: Providers,
        change: F,
    ) -> Result<T, ApiError>
    where
        F: Fn(&mut Settings) -> Result<T, ApiError> + Send + 'static,
        T: Send + 'static,
    {
        let (pool, now) = (id.clone(), cx.now());
        let changed = self
            .store
            .write(move |tx| {
                let Some(mut row) = identity_pools::by_id(tx, &pool)? else {
                    return Err(errors::pool_not_found(&pool).into());
                };
                let stored = row.document("doc", &row.doc)?;
                let mut settings = Settings::from_json(stored).map_err(|error| row.corrupt("doc", error))?;
                let answer = change(&mut settings)?;
                row.doc = settings.to_doc();
                row.modified = now;
                if let Providers::Replaced(sealed) = &providers {
                    row.providers.clone_from(sealed);
                }
                if !identity_pools::update(tx, &row)? {
                    return Err(Stop::Raced);
                }
                versions::bump(tx, Scope::pool(&pool))?;
                Ok(answer)
            })
            .await;
        // Whatever the outcome: that of a lost connection is unknown.
        changed.map_err(|stop| match stop {
            Stop::Raced => errors::changed_meanwhile(),
            stop => stop.into(),
        })
    }

    /// The pool that a tag operation names by its ARN. Errors: InvalidParameter, ResourceNotFound.
    pub(crate) async fn pool_by_arn(&self, arn: &str) -> Result<Arc<Pool>, ApiError> {
        let pool = self
            .pool(id_in(arn).ok_or_else(errors::not_a_pool_arn)?.as_str())
            .await?;
        if pool.arn.as_str() == arn {
            Ok(pool)
        } else {
            Err(errors::not_a_pool_arn())
        }
    }

    /// The tags of the pool of this ARN, for policies to ask about (`aws:ResourceTag/`); of anything else none.
    /// Errors: internal. Reference: identity-pools-iam 6.2.
    pub async fn tags_of(&self, arn: &str) -> Result<BTreeMap<String, String>, ApiError> {
        let Some(id) = id_in(arn) else {
            return Ok(BTreeMap::new());
        };
        let pool = self.load(&id).await?.filter(|pool| pool.arn.as_str() == arn);
        Ok(pool
            .and_then(|pool| pool.settings.pool.identity_pool_tags.clone())
            .unwrap_or_default())
    }
}

fn id_in(arn: &str) -> Option<IdentityPoolId> {
    let arn = Arn::parse(arn).filter(|arn| arn.service() == "cognito-identity")?;
    arn.resource().strip_prefix("identitypool/").map(IdentityPoolId::new)
}
