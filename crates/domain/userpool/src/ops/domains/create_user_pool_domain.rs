//! `CreateUserPoolDomain`. Reference: user-pools 14.3, oauth-and-federation 9.4.

use api::cognito_idp::{CreateUserPoolDomainRequest, CreateUserPoolDomainResponse};
use kernel::{Cx, Result, Timestamp};
use store::{
    Stop,
    records::{domains, pools},
};

use crate::{
    UserPools,
    domain::{Domain, DomainKind, ManagedLogin, rules, view},
    errors::{self, hosted},
    pool::stored::{self, told},
};

/// Characters after the first of a CloudFront distribution's name.
const DISTRIBUTION_CHARS: usize = 13;

impl UserPools {
    /// Errors: ResourceNotFound, InvalidParameter, FeatureUnavailableInTier.
    pub async fn create_user_pool_domain(
        &self,
        cx: &Cx,
        input: CreateUserPoolDomainRequest,
    ) -> Result<CreateUserPoolDomainResponse> {
        let pool = self.pool(&input.user_pool_id).await?;
        let kind = match &input.custom_domain_config {
            Some(_) => DomainKind::Custom,
            None => DomainKind::Prefix,
        };
        kind.check(&input.domain)?;
        // Whose the name is was ours to say before anybody asked, and its pages are answered by us. What AWS says of names that it
        // can't give.
        if kind == DomainKind::Custom && (self.own_hosts)(&input.domain) {
            return Err(hosted::domain_not_a_subdomain());
        }
        if let Some(config) = &input.custom_domain_config {
            rules::check_certificate(config)?;
        }
        rules::check_routing(input.routing.as_ref())?;
        let version = rules::managed_login(&pool, input.managed_login_version)?;
        let domain = Domain {
            name: input.domain,
            kind,
            managed_login_version: version.unwrap_or(ManagedLogin::Classic),
            custom: input.custom_domain_config,
            distribution: format!("d{}.cloudfront.net", kernel::base36(cx.rng(), DISTRIBUTION_CHARS)),
            assets: digits(cx.now()),
            bare: false,
            version: 1,
        };
        let answer = CreateUserPoolDomainResponse {
            managed_login_version: Some(domain.managed_login_version.number()),
            cloud_front_domain: view::alias_target(&domain),
            routing: None,
        };
        let (id, key) = (pool.id.clone(), kind.key(&domain.name, &pool.id.region()));
        let created = self.store.write(move |tx| {
            // All is looked up before anything is written, because a refusal commits.
            if pools::by_id(tx, &id)?.is_none() {
                return Err(errors::pool_does_not_exist(id.as_str()).into());
            }
            match domains::owner(tx, &key)? {
                Some(owner) if owner != id => return Err(hosted::domain_taken().into()),
                Some(_) => return Err(hosted::domain_configured().into()),
                None => {}
            }
            if domains::all(tx, &id)?.iter().any(|other| other.kind == kind.as_str()) {
                return Err(hosted::domain_configured().into());
            }
            if !domains::claim(tx, &key, &id)? {
                return Err(Stop::Raced);
            }
            let bare = kind == DomainKind::Prefix && domains::claim(tx, &domain.name, &id)?;
            let row = Domain { bare, ..domain.clone() }.row(&id);
            if !domains::insert(tx, &row)? {
                return Err(Stop::Raced);
            }
            Ok(stored::touch(tx, &id)?)
        });
        created.await.map_err(told)?;
        self.domain_changes.ring();
        Ok(answer)
    }
}

/// As AWS names a build of its pages: `20260115120000`.
fn digits(at: Timestamp) -> String {
    at.iso8601().chars().filter(char::is_ascii_digit).take(14).collect()
}
