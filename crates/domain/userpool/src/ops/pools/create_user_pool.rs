//! `CreateUserPool`. Reference: user-pools 2.1 to 2.4. The tag `_custom_id_` pins the pool's id.

use std::collections::BTreeMap;

use api::cognito_idp::{
    CreateUserPoolRequest, CreateUserPoolResponse, GetUserPoolMfaConfigResponse,
    GetUserPoolSessionConfigurationResponse, UserPoolType,
};
use kernel::{Cx, PoolId, Result};
use store::records::pools;

use crate::{
    UserPools,
    errors::{
        self,
        settings::{BadTags, TagsBy},
    },
    jobs::deletions,
    pool::{
        Pool, Rows, input, mfa_rules,
        stored::{self, updates_issuer},
        tags::{self, Tags},
        view,
    },
};

impl UserPools {
    /// Errors: InvalidParameter (the id is taken, too), FeatureUnavailableInTier, UserPoolTagging, those of the role that sends
    /// text messages.
    pub async fn create_user_pool(&self, cx: &Cx, input: CreateUserPoolRequest) -> Result<CreateUserPoolResponse> {
        let tags = input.user_pool_tags.clone().unwrap_or_default();
        let pinned = tags::pinned_pool(&tags)?;
        let id = pinned.clone().unwrap_or_else(|| PoolId::random(&cx.region, cx.rng()));
        let settings = input::created(input, &id.region())?;
        let mfa_blocks = mfa_rules::kept(&settings, &GetUserPoolMfaConfigResponse::default())?;
        let (had, clients) = (Tags::new(), BTreeMap::new());
        let of = tags::Bearer {
            pool: &id,
            had: &had,
            clients: &clients,
        };
        tags::check(&tags, &of, (self.tokens.issuers(), self.upstream.tenants_reach()))
            .map_err(|bad| bad.told(TagsBy::Settings))?;
        self.check_sms_role(cx, &id, settings.sms_configuration.as_ref())
            .await?;
        if pinned.is_some() {
            // What is left of a deleted pool of this id must not become the new one's.
            deletions::purge(&self.store, &id).await?;
        }

        let keys = self.tokens.new_pool_keys(cx, &id).await?;
        let issuer = tags::own_issuer(&settings);
        let now = cx.now();
        let row = pools::Pool {
            account: cx.account().clone(),
            region: id.region(),
            created: now,
            modified: now,
            version: 1,
            doc: stored::pool_doc(
                &settings,
                &mfa_blocks,
                &GetUserPoolSessionConfigurationResponse::default(),
            ),
            issuer: tags::issuer(&settings).cloned(),
            issuer_updated: updates_issuer(&settings),
            pool: id,
        };
        let pool = Pool::load(Rows::alone(row.clone()), &self.keyring)?;
        self.store
            .write(move |tx| {
                // Looked up before anything is written, because a refusal commits.
                if pools::by_id(tx, &row.pool)?.is_some() || pools::is_deleted(tx, &row.pool)? {
                    return Err(errors::settings::pool_id_taken(row.pool.as_str()).into());
                }
                if let Some(issuer) = &issuer
                    && !pools::claim_issuer(tx, issuer, &row.pool)?
                {
                    return Err(BadTags::IssuerTaken.told(TagsBy::Settings).into());
                }
                pools::insert(tx, &row)?;
                keys.insert(tx)?;
                Ok(stored::touch(tx, &row.pool)?)
            })
            .await?;
        Ok(CreateUserPoolResponse {
            // Unlike DescribeUserPool this shows no tags where none were sent.
            user_pool: Some(UserPoolType {
                user_pool_tags: (!tags.is_empty()).then_some(tags),
                ..view::described(&pool, 0)
            }),
        })
    }
}
