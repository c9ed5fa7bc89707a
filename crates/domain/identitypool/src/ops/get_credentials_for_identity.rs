//! `GetCredentialsForIdentity`: the enhanced flow. Login, identity, role, the role's trust policy, in one call. Reference:
//! identity-pools-iam 1.8.

use api::cognito_identity::{Credentials, GetCredentialsForIdentityInput, GetCredentialsForIdentityResponse};
use iam::{AssumeRefusal, AssumeWithWebIdentity, Assumed, SessionPolicies};
use kernel::{ApiError, Cx, Result};
use model::IDENTITY_POOLS;

use crate::{
    IdentityPools,
    admission::{Admitted, Flow},
    errors, guests, roles, tags,
};

/// The name of every session that identity pools start: part of the caller's ARN.
const SESSION_NAME: &str = "CognitoIdentityCredentials";

/// Clients keep credentials for 50 minutes without asking how long they last.
const LIFETIME_SECONDS: i32 = 3600;

impl IdentityPools {
    /// Errors: ResourceNotFound, InvalidIdentityPoolConfiguration where there is no role or its trust policy refuses, those
    /// of the logins, of linking and of role mappings.
    pub async fn get_credentials_for_identity(
        &self,
        cx: &Cx,
        input: GetCredentialsForIdentityInput,
    ) -> Result<GetCredentialsForIdentityResponse> {
        let admitted = self.admit(cx, Flow::Enhanced, &input.identity_id, input.logins).await?;
        let role = roles::choose(&admitted.pool, &admitted.logins, input.custom_role_arn.as_deref())?;
        let assumed = self.assume(cx, &admitted, role).await?;
        Ok(GetCredentialsForIdentityResponse {
            identity_id: Some(admitted.identity.into()),
            credentials: Some(Credentials {
                access_key_id: Some(assumed.access_key.into()),
                secret_key: Some(assumed.secret.as_str().to_owned()),
                session_token: Some(assumed.session_token),
                expiration: Some(assumed.expires_at),
            }),
        })
    }

    /// What the OpenID token would say is told to the role's trust policy without signing one.
    async fn assume(&self, cx: &Cx, admitted: &Admitted, role: String) -> Result<Assumed, ApiError> {
        let claims = [
            ("aud", vec![admitted.pool.id.to_string()]),
            ("sub", vec![admitted.identity.to_string()]),
            ("amr", admitted.amr()),
        ];
        let request = AssumeWithWebIdentity {
            role_arn: role,
            session_name: SESSION_NAME.to_owned(),
            provider: IDENTITY_POOLS.to_owned(),
            claims: claims.map(|(claim, values)| (claim.to_owned(), values)).into(),
            duration_seconds: Some(LIFETIME_SECONDS),
            policies: if admitted.is_guest() {
                guest_policies()
            } else {
                SessionPolicies::default()
            },
            tags: tags::principal_tags(&admitted.pool, &admitted.logins),
            transitive_tag_keys: Vec::new(),
        };
        let assumed = self.iam.assume_with_web_identity(cx, request).await;
        assumed.map_err(told)
    }
}

fn guest_policies() -> SessionPolicies {
    SessionPolicies {
        inline: Some(guests::INLINE_POLICY.to_owned()),
        managed: vec![guests::MANAGED_POLICY.to_owned()],
    }
}

/// Clients are told the same whatever it was; the log is told more.
fn told(refusal: AssumeRefusal) -> ApiError {
    match refusal {
        AssumeRefusal::NotAuthorized => errors::no_role().because("there is no such role, or its trust policy refuses"),
        AssumeRefusal::DurationExceedsRole => errors::no_role().because("the role's sessions are shorter than an hour"),
        AssumeRefusal::Policy(error) => errors::no_role().because(error),
        AssumeRefusal::Internal(error) => error,
    }
}
