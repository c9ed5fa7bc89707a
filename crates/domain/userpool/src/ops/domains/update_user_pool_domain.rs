//! `UpdateUserPoolDomain` changes which pages and which certificate a domain has; what is not named stays. Reference: user-pools
//! 14.3; oauth-and-federation 9.

use api::cognito_idp::{UpdateUserPoolDomainRequest, UpdateUserPoolDomainResponse};
use kernel::{ApiError, Code, Cx, Result};
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

impl UserPools {
    /// Errors: InvalidParameter, FeatureUnavailableInTier, ConcurrentModification.
    pub async fn update_user_pool_domain(
        &self,
        _cx: &Cx,
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
        let (row, is_other) = (
            after.row(&pool.id),
            after.managed_login_version != before.managed_login_version,
        );
        let saved = self.store.write(move |tx| {
            if domains::update(tx, &row)? {
                // Whoever has signed in by the other kind of pages signs in again.
                if is_other {
                    sso_sessions::delete_all(tx, &row.pool)?;
                }
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
        Ok(answer)
    }
}

/// Which of the two is missing is not told.
fn unknown(error: ApiError) -> ApiError {
    match error.code() {
        Code::ResourceNotFound => errors::no_such_domain(),
        _ => error,
    }
}
