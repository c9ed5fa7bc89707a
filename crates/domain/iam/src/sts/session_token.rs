//! `GetSessionToken`: temporary credentials with all of a user's rights but for IAM. Reference: identity-pools-iam 2.2, 2.6.

use api::sts::{GetSessionTokenRequest, GetSessionTokenResponse};
use kernel::{Cx, PrincipalKind, Result};

use super::request;
use crate::{Caller, Iam, assume::seconds, errors, session::Sealed};

/// Seconds of a session that asks for nothing else.
const DEFAULT: i32 = 43_200;

impl Iam {
    /// Errors: AccessDenied for callers that are no user with a long-term key, and for MFA codes: nobody has a device here.
    #[expect(clippy::unused_async, reason = "operations are async")]
    pub(crate) async fn get_session_token(
        &self,
        cx: &Cx,
        input: GetSessionTokenRequest,
    ) -> Result<GetSessionTokenResponse> {
        let caller = &Caller::who_signed(cx)?.principal;
        if caller.session.is_some() || !matches!(caller.kind, PrincipalKind::User { .. }) {
            return Err(errors::session_credentials("GetSessionToken"));
        }
        if input.serial_number.is_some() || input.token_code.is_some() {
            return Err(errors::no_mfa());
        }
        let session = Sealed {
            principal: caller.user_id.clone(),
            ..Sealed::default()
        };
        let issued = self.issue(cx, seconds(input.duration_seconds.unwrap_or(DEFAULT)), session)?;
        Ok(GetSessionTokenResponse {
            credentials: Some(request::credentials(issued)),
            ..GetSessionTokenResponse::default()
        })
    }
}
