//! `UpdateUserPoolDomain` changes which pages and which certificate a domain has; what is not named stays. Reference: user-pools
//! 14.3; oauth-and-federation 9.

use std::time::Duration;

use api::cognito_idp::{UpdateUserPoolDomainRequest, UpdateUserPoolDomainResponse};
use kernel::{ApiError, Code, Cx, PoolId, Result};
use store::{
    Stop,
    records::{domains, sso_sessions},
};

use crate::{
    UserPools,
    domain::{Domain, DomainKind, rules, view},
    errors::hosted as errors,
    pool::stored::{self, told},
};

/// No browser's session is good for so long.
const FOR_GOOD: Duration = Duration::from_secs(100 * 365 * 24 * 3600);

impl UserPools {
    /// Errors: InvalidParameter, FeatureUnavailableInTier, ConcurrentModification.
    pub async fn update_user_pool_domain(
        &self,
        cx: &Cx,
        input: UpdateUserPoolDomainRequest,
    ) -> Result<UpdateUserPoolDomainResponse> {
        let pool = self.stored(&input.user_pool_id).await.map_err(unknown)?;
        let before = pool.domains.iter().find(|domain| domain.name == input.domain);
        let before = before.ok_or_else(errors::no_such_domain)?;
        if let Some(config) = &input.custom_domain_config {
            if before.kind == DomainKind::Prefix {
                return Err(errors::certificate_of_a_prefix());
            }
            rules::check_certificate(config)?;
        }
        rules::check_routing(input.routing.as_ref())?;
        let version = rules::managed_login(&pool, input.managed_login_version)?;
        let after = Domain {
            managed_login_version: version.unwrap_or(before.managed_login_version),
            custom: input.custom_domain_config.or_else(|| before.custom.clone()),
            ..before.clone()
        };
        let answer = UpdateUserPoolDomainResponse {
            managed_login_version: Some(after.managed_login_version.number()),
            cloud_front_domain: view::alias_target(&after),
            routing: None,
        };
        let row = after.row(&pool.id);
        let is_other = after.managed_login_version != before.managed_login_version;
        let saved = self.store.write(move |tx| {
            if domains::update(tx, &row)? {
                return Ok(stored::touch(tx, &row.pool)?);
            }
            let there = domains::all(tx, &row.pool)?;
            Err(if there.iter().any(|domain| domain.domain == row.domain) {
                Stop::Raced
            } else {
                errors::no_such_domain().into()
            })
        });
        saved.await.map_err(told)?;
        if is_other {
            self.end_all_browsers(cx, &pool.id).await?;
        }
        Ok(answer)
    }

    /// Whoever has signed in by the other kind of pages signs in again. There may be many: a part at a time, so that nobody waits for them.
    async fn end_all_browsers(&self, cx: &Cx, pool: &PoolId) -> Result<()> {
        let until = cx.now().plus(FOR_GOOD);
        loop {
            let of = pool.clone();
            let ended = self.store.write(move |tx| Ok(sso_sessions::sweep(tx, &of, until)?));
            if ended.await? == 0 {
                return Ok(());
            }
        }
    }
}

/// Which of the two is missing is not told.
fn unknown(error: ApiError) -> ApiError {
    match error.code() {
        Code::ResourceNotFound => errors::no_such_domain(),
        _ => error,
    }
}
