//! What a provider must be to be kept, whether it is new or changed, and what is kept beside it.

use std::collections::BTreeSet;

use api::cognito_idp::IdentityProviderTypeType as Kind;
use kernel::{ApiError, Cx, PoolId, Result};
use store::{
    Stop, StoreError, Tx,
    records::{
        identity_providers::{self, IdentityProvider},
        provider_documents::{self, ProviderDocument},
        saml_keys::{self, OWN, SamlKey},
    },
};

use crate::{
    UserPools,
    errors::providers as errors,
    pool::Pool,
    provider::{
        Provider,
        kind::{METADATA_FILE, METADATA_URL},
        metadata,
        outside::outside,
        rules,
        saml_keys::opened,
    },
};

/// Whether a call says anything of a provider's details: what it does not say need not be asked for again.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Details {
    Named,
    AsBefore,
}

/// What is written of a provider that may be kept.
#[derive(Clone)]
pub(super) struct Accepted {
    pub row: IdentityProvider,
    pub identifiers: Vec<String>,
    document: Published,
    /// Those that were needed and not there.
    keys: Vec<SamlKey>,
}

#[derive(Clone)]
enum Published {
    AsBefore,
    Nothing,
    Document(ProviderDocument),
}

impl UserPools {
    /// Whoever the provider is to be found at is asked, and keys are made. Errors: InvalidParameter.
    pub(super) async fn accept_provider(
        &self,
        cx: &Cx,
        pool: &Pool,
        provider: &mut Provider,
        details: Details,
    ) -> Result<Accepted> {
        let reach = self.upstream.tenants_reach();
        rules::check(&pool.schema, reach, &provider.name, &provider.settings)?;
        let (mut document, mut keys) = (Published::AsBefore, Vec::new());
        if details == Details::Named {
            match provider.kind() {
                Kind::Oidc => self.contact(cx, pool, provider).await?,
                Kind::Saml => document = self.learn(cx, pool, provider).await?,
                _ => {}
            }
        }
        if provider.kind() == Kind::Saml {
            keys = self.equip(cx, pool, provider).await?;
        }
        Ok(Accepted {
            row: provider.row(&pool.id, &self.keyring, cx.rng())?,
            identifiers: provider.identifiers().to_vec(),
            document,
            keys,
        })
    }

    /// Its configuration is looked at, unless its details say all of it.
    async fn contact(&self, cx: &Cx, pool: &Pool, provider: &Provider) -> Result<()> {
        let refused = |why: String| errors::well_known_endpoint_out_of_reach().because(why);
        let outside = outside(pool, provider).map_err(|error| refused(error.to_string()))?;
        let checked = self.federation.check(&outside, cx.wall()).await;
        checked.map_err(|error| refused(error.to_string()))
    }

    /// What its metadata says.
    async fn learn(&self, cx: &Cx, pool: &Pool, provider: &mut Provider) -> Result<Published> {
        let reach = self.upstream.tenants_reach();
        let read = |text: &str| metadata::configured(text, reach, cx.wall());
        let Some(url) = provider.detail(METADATA_URL) else {
            let read = read(provider.detail(METADATA_FILE).unwrap_or_default());
            provider.metadata = Some(read.map_err(|why| errors::metadata_unfit(&why))?);
            return Ok(Published::Nothing);
        };
        let refused = |why: String| errors::metadata_out_of_reach(url).because(why);
        let document = metadata::fetched(&self.upstream, url).await.map_err(refused)?;
        let read = read(&document).map_err(refused)?;
        let published = ProviderDocument {
            pool: pool.id.clone(),
            provider: provider.name.clone(),
            address: url.to_owned(),
            document,
            due: cx.now().plus(metadata::LIFE),
        };
        provider.metadata = Some(read);
        Ok(Published::Document(published))
    }

    /// The keys that it needs and has not. A pool's own serves requests and every logout, so that it is there before anybody waits for it.
    async fn equip(&self, cx: &Cx, pool: &Pool, provider: &mut Provider) -> Result<Vec<SamlKey>> {
        let mut keys = Vec::new();
        if pool.saml_key.is_none() {
            keys.push(self.new_saml_key(cx, &pool.id, OWN).await?);
        }
        if provider.encrypts() && provider.saml_key.is_none() {
            let key = self.new_saml_key(cx, &pool.id, &provider.name).await?;
            provider.saml_key = Some(opened(&key, &self.keyring).map_err(ApiError::internal)?);
            keys.push(key);
        }
        Ok(keys)
    }
}

impl Accepted {
    pub fn named(&self) -> (&str, &[String]) {
        (&self.row.name, &self.identifiers)
    }

    /// What lies beside the provider's row. False: somebody was quicker.
    pub fn keep(&self, tx: &mut Tx<'_>) -> Result<bool, StoreError> {
        let (pool, name) = (&self.row.pool, &self.row.name);
        for key in &self.keys {
            // Another of the pool's is as good.
            if !saml_keys::insert(tx, key)? && key.provider != OWN {
                return Ok(false);
            }
        }
        match &self.document {
            Published::AsBefore => {}
            Published::Nothing => provider_documents::delete(tx, pool, name)?,
            Published::Document(document) => provider_documents::put(tx, document)?,
        }
        claim_identifiers(tx, pool, self.named())
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
fn claim_identifiers(tx: &mut Tx<'_>, pool: &PoolId, (name, wanted): (&str, &[String])) -> Result<bool, StoreError> {
    for identifier in wanted.iter().collect::<BTreeSet<_>>() {
        if !identity_providers::claim_identifier(tx, pool, identifier, name)? {
            return Ok(false);
        }
    }
    Ok(true)
}
