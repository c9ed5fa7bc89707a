//! `DescribeUserPoolDomain`: of what is no domain, nothing. Programs that set one up wait by it, and may ask another node. Reference:
//! user-pools 14.3.

use api::cognito_idp::{DescribeUserPoolDomainRequest, DescribeUserPoolDomainResponse, DomainDescriptionType};
use kernel::{Cx, Result};

use crate::{
    UserPools,
    domain::{DomainKind, view},
    errors::hosted as errors,
};

impl UserPools {
    /// Errors: InvalidParameter for what no domain can be called, as by the model's pattern.
    pub async fn describe_user_pool_domain(
        &self,
        cx: &Cx,
        input: DescribeUserPoolDomainRequest,
    ) -> Result<DescribeUserPoolDomainResponse> {
        let kind = DomainKind::of(&input.domain).ok_or_else(errors::domain_character)?;
        // A prefix is of the Region that is called, like everything of a pool.
        let found = self.stored_domain(&kind.key(&input.domain, &cx.region)).await?;
        let found = found.filter(|found| found.pool.account == *cx.account());
        Ok(DescribeUserPoolDomainResponse {
            domain_description: Some(found.map_or_else(DomainDescriptionType::default, |found| {
                view::described(&found.pool, &found.domain)
            })),
        })
    }
}
