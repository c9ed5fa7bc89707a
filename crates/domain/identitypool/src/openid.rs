//! The identity pools' own OpenID token: what a role's trust policy is asked about in the enhanced flow, signed. Reference: identity-pools-iam 1.13, 2.5, 14.

use std::{collections::BTreeMap, time::Duration};

use kernel::{ApiError, Cx, Turn};
use serde_json::{Map, Value, json};
use tokens::OpenIdClaims;

use crate::{IdentityPools, admission::Admitted};

/// One issuer for all regions.
const ISSUER: &str = "https://cognito-identity.amazonaws.com";

const POOL_ARN_CLAIM: &str = "https://cognito-identity.amazonaws.com/identity-pool-arn";
const TAGS_CLAIM: &str = "https://aws.amazon.com/tags";

/// What the classic flow's tokens last.
pub(crate) const LIFETIME: Duration = Duration::from_secs(600);

impl IdentityPools {
    /// A token that AssumeRoleWithWebIdentity takes. Errors: internal.
    pub(crate) async fn openid_token(
        &self,
        cx: &Cx,
        admitted: &Admitted,
        tags: &BTreeMap<String, String>,
        turn: Turn,
    ) -> Result<String, ApiError> {
        self.tokens.issue_openid(cx, claims(cx, admitted, tags), turn).await
    }
}

fn claims(cx: &Cx, admitted: &Admitted, tags: &BTreeMap<String, String>) -> OpenIdClaims {
    let mut claims = Map::new();
    let mut claim = |name: &str, value: Value| claims.insert(name.to_owned(), value);
    claim("sub", json!(admitted.identity.as_str()));
    claim("aud", json!(admitted.pool.id.as_str()));
    claim("amr", json!(admitted.amr()));
    claim("iss", json!(ISSUER));
    claim(POOL_ARN_CLAIM, json!(admitted.pool.arn.as_str()));
    if !tags.is_empty() {
        let tags: BTreeMap<&String, [&String; 1]> = tags.iter().map(|(tag, value)| (tag, [value])).collect();
        claim(TAGS_CLAIM, json!({ "principal_tags": tags }));
    }
    claim("exp", json!(cx.now().plus(LIFETIME).secs()));
    claim("iat", json!(cx.wall().secs()));
    OpenIdClaims(claims)
}
