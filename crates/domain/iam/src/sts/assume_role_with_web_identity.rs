//! `AssumeRoleWithWebIdentity`: the holder of an identity pool's OpenID token takes a role: the classic flow. The checks
//! come in the order of reference identity-pools-iam 2.4; OpenID providers registered in IAM do not exist yet.

use std::collections::BTreeMap;

use api::sts::{AssumeRoleWithWebIdentityRequest, AssumeRoleWithWebIdentityResponse};
use kernel::{Cx, Result};
use serde_json::Value;
use tokens::Claims;
use vault::jws::Jws;

use super::request;
use crate::{AssumeWithWebIdentity, Iam, errors};

/// The issuer of identity pools' OpenID tokens, and how trust policies name it.
const ISSUER: &str = "https://cognito-identity.amazonaws.com";
const PROVIDER: &str = "cognito-identity.amazonaws.com";
/// Session tags in a token.
const TAGS: &str = "https://aws.amazon.com/tags";

impl Iam {
    /// Errors: InvalidIdentityToken, ExpiredTokenException, AccessDenied, ValidationError, MalformedPolicyDocument,
    /// PackedPolicyTooLarge.
    pub(crate) async fn assume_role_with_web_identity(
        &self,
        cx: &Cx,
        input: AssumeRoleWithWebIdentityRequest,
    ) -> Result<AssumeRoleWithWebIdentityResponse> {
        request::check_role_arn(&input.role_arn)?;
        let policies = request::policies(input.policy, input.policy_arns)?;
        let claims = self.verified(cx, &input.web_identity_token).await?;
        let (tags, transitive_tag_keys) = session_tags(&claims);
        // Told last of all that can be wrong.
        let packed_policy_size = request::packed_size(&policies, &tags);
        let texts = |name: &str| claims.texts(name).into_iter().map(str::to_owned).collect::<Vec<_>>();
        let assumed = self
            .assume_with_web_identity(
                cx,
                AssumeWithWebIdentity {
                    role_arn: input.role_arn,
                    session_name: input.role_session_name,
                    provider: PROVIDER.to_owned(),
                    claims: ["aud", "sub", "amr"].map(|name| (name.to_owned(), texts(name))).into(),
                    duration_seconds: input.duration_seconds,
                    policies,
                    tags,
                    transitive_tag_keys,
                },
            )
            .await?;
        let (credentials, user) = request::answer(assumed);
        Ok(AssumeRoleWithWebIdentityResponse {
            credentials: Some(credentials),
            subject_from_web_identity_token: claims.text("sub").map(str::to_owned),
            assumed_role_user: Some(user),
            packed_policy_size: packed_policy_size?,
            provider: Some(PROVIDER.to_owned()),
            audience: claims.text("aud").map(str::to_owned),
            ..AssumeRoleWithWebIdentityResponse::default()
        })
    }

    async fn verified(&self, cx: &Cx, token: &str) -> Result<Claims> {
        let unverified: Value = Jws::parse(token)
            .and_then(|jws| jws.unverified_claims())
            .map_err(|_| errors::not_a_jwt())?;
        let issuer = unverified.get("iss").and_then(Value::as_str).unwrap_or_default();
        if issuer != ISSUER {
            return Err(errors::no_provider(issuer));
        }
        let verified = self.tokens.verify_openid(token).await;
        let claims = verified.map_err(|unverified| unverified.told(|_| errors::no_verification_key()))?;
        let (now, expires) = (cx.now().secs(), claims.expires_at());
        if now >= expires {
            return Err(errors::token_expired(now, expires));
        }
        // Which pools may come is for the trust policy to say; that the token is for one is not.
        if claims.text("aud").is_none() || claims.text("sub").is_none() {
            return Err(errors::incorrect_audience());
        }
        Ok(claims)
    }
}

/// `{"principal_tags": {"key": ["value"]}, "transitive_tag_keys": ["key"]}`. Reference: 1.13.
fn session_tags(claims: &Claims) -> (BTreeMap<String, String>, Vec<String>) {
    let Some(element) = claims.get(TAGS) else {
        return Default::default();
    };
    let tags = element
        .get("principal_tags")
        .and_then(Value::as_object)
        .into_iter()
        .flatten();
    let first = |value: &Value| match value {
        Value::Array(values) => values.first().and_then(Value::as_str).map(str::to_owned),
        value => value.as_str().map(str::to_owned),
    };
    let transitive = element
        .get("transitive_tag_keys")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    (
        tags.filter_map(|(key, value)| Some((key.clone(), first(value)?)))
            .collect(),
        transitive.filter_map(Value::as_str).map(str::to_owned).collect(),
    )
}
