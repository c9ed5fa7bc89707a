//! `GetCallerIdentity` and `GetAccessKeyInfo`: who am I, and whose key is this? Reference: identity-pools-iam 2.2, 2.3.

use api::sts::{
    GetAccessKeyInfoRequest, GetAccessKeyInfoResponse, GetCallerIdentityRequest, GetCallerIdentityResponse,
};
use kernel::{AccessKeyId, Cx, Result};
use store::records::iam_keys;

use crate::{Caller, Iam, caller::is_user_session, errors};

impl Iam {
    #[expect(clippy::unused_async, reason = "operations are async")]
    pub(crate) async fn get_caller_identity(
        &self,
        cx: &Cx,
        _: GetCallerIdentityRequest,
    ) -> Result<GetCallerIdentityResponse> {
        let caller = &Caller::who_signed(cx)?.principal;
        Ok(GetCallerIdentityResponse {
            user_id: Some(caller.user_id.clone()),
            account: Some(caller.account.to_string()),
            arn: Some(caller.arn.to_string()),
        })
    }

    /// Errors: AccessDenied, ValidationError for an id that is neither one of our own nor was one.
    pub(crate) async fn get_access_key_info(
        &self,
        cx: &Cx,
        input: GetAccessKeyInfoRequest,
    ) -> Result<GetAccessKeyInfoResponse> {
        // GetSessionToken's credentials reach nothing of STS but AssumeRole and GetCallerIdentity. Reference: 2.6.
        if is_user_session(&Caller::who_signed(cx)?.principal) {
            return Err(errors::session_credentials("GetAccessKeyInfo"));
        }
        let key = AccessKeyId::new(input.access_key_id);
        let account = if key.is_temporary() {
            self.keyring.temporary_secret(&key).map(|_| cx.account().clone())
        } else {
            self.look(
                cx,
                move |r, _| Ok(iam_keys::owner(r, &key)?.map(|(account, _)| account)),
            )
            .await?
        };
        let account = account.ok_or_else(errors::unknown_key_id)?;
        Ok(GetAccessKeyInfoResponse {
            account: Some(account.to_string()),
        })
    }
}
