//! A pool's settings are written here: guarded by the version that was read, with the pool's version bumped for every node's cache.

use std::sync::Arc;

use api::cognito_idp::{GetUserPoolMfaConfigResponse, UserPoolType};
use kernel::{ApiError, Cx, PoolId};
use store::{Stop, records::pools, retrying};

use crate::{
    UserPools,
    errors::{
        self,
        settings::{BadTags, TagsBy},
    },
    pool::{
        Pool, Rows,
        stored::{self, told},
        tags::{self, Tags},
    },
};

impl UserPools {
    /// The pool as the store has it now: what is changed must not be read from the cache. Errors: ResourceNotFound.
    pub(crate) async fn stored(&self, id: &str) -> Result<Pool, ApiError> {
        let pool = PoolId::parse(id).ok_or_else(|| errors::pool_does_not_exist(id))?;
        let keyring = Arc::clone(&self.keyring);
        let stored = self
            .store
            .read(move |r| {
                let rows = Rows::read(r, &pool)?;
                rows.map(|rows| Pool::load(rows, &keyring)).transpose()
            })
            .await?;
        stored.ok_or_else(|| errors::pool_does_not_exist(id))
    }

    /// Replaces the settings of a pool that [`UserPools::stored`] gave, but for those of SetUserPoolMfaConfig alone.
    ///
    /// Errors: those of [`UserPools::save_settings`].
    pub(crate) async fn save_pool(&self, cx: &Cx, before: &Pool, after: &UserPoolType, by: TagsBy) -> Result<(), Stop> {
        self.save_settings(cx, before, (after, &before.mfa_blocks), by).await
    }

    /// Replaces all settings of a pool that [`UserPools::stored`] gave.
    ///
    /// Errors: UserPoolTagging (the tags, or an issuer that is taken; `by` words it). [`Stop::Raced`] if it was changed since.
    pub(crate) async fn save_settings(
        &self,
        cx: &Cx,
        before: &Pool,
        (after, mfa_blocks): (&UserPoolType, &GetUserPoolMfaConfigResponse),
        by: TagsBy,
    ) -> Result<(), Stop> {
        if let Some(tags) = &after.user_pool_tags {
            let none = Tags::new();
            let of = tags::Bearer {
                pool: &before.id,
                had: before.settings.user_pool_tags.as_ref().unwrap_or(&none),
                clients: &before.clients,
            };
            tags::check(tags, &of, (self.tokens.issuers(), self.upstream.tenants_reach()))
                .map_err(|bad| bad.told(by))?;
        }
        let (given_up, taken) = match (tags::own_issuer(&before.settings), tags::own_issuer(after)) {
            (old, new) if old == new => (None, None),
            changed => changed,
        };
        let (id, version, now, doc) = (
            before.id.clone(),
            before.version,
            cx.now(),
            stored::pool_doc(after, mfa_blocks, &before.session_config),
        );
        let (choice, updated) = (tags::issuer(after).cloned(), stored::updates_issuer(after));
        self.store
            .write(move |tx| {
                let Some(row) = pools::by_id(tx, &id)?.filter(|row| row.version == version) else {
                    return Err(Stop::Raced);
                };
                if let Some(issuer) = &taken
                    && !pools::claim_issuer(tx, issuer, &id)?
                {
                    return Err(BadTags::IssuerTaken.told(by).into());
                }
                if let Some(issuer) = &given_up {
                    pools::release_issuer(tx, issuer, &id)?;
                }
                let row = pools::Pool {
                    doc: doc.clone(),
                    issuer: choice.clone(),
                    issuer_updated: updated,
                    modified: now,
                    ..row
                };
                pools::update(tx, &row)?;
                Ok(stored::touch(tx, &id)?)
            })
            .await?;
        Ok(())
    }

    /// Changes a pool's settings, anew on top of another's change where that came between.
    ///
    /// Errors: those of `change` and [`UserPools::save_pool`]; ResourceNotFound.
    pub(crate) async fn change_pool(
        &self,
        cx: &Cx,
        id: &str,
        by: TagsBy,
        change: impl Fn(&Pool) -> Result<UserPoolType, ApiError> + Send + Sync,
    ) -> Result<(), ApiError> {
        let changed = retrying(|| async {
            let before = self.stored(id).await?;
            self.save_pool(cx, &before, &change(&before)?, by).await
        });
        changed.await.map_err(told)
    }
}
