//! `SetUserPoolClientSessionConfiguration` and `GetUserPoolClientSessionConfiguration`. Reference: user-pools 15.2.

use api::cognito_idp::{
    ClientSSOSessionConfigType, GetUserPoolClientSessionConfigurationRequest,
    GetUserPoolClientSessionConfigurationResponse, SetUserPoolClientSessionConfigurationRequest,
    SetUserPoolClientSessionConfigurationResponse,
};
use kernel::{Cx, Result};
use store::records::clients;

use crate::{
    UserPools, errors,
    pool::{stored, tracking::check_plan},
};

/// How long a client takes a session of managed login for good where nothing was set.
const SSO_MINUTES_BY_DEFAULT: i32 = 60;

impl UserPools {
    /// What was set stays while tracking is off.
    ///
    /// Errors: ResourceNotFound, FeatureUnavailableInTier, InvalidParameter (sessions are not tracked), ConcurrentModification.
    pub async fn set_user_pool_client_session_configuration(
        &self,
        cx: &Cx,
        input: SetUserPoolClientSessionConfigurationRequest,
    ) -> Result<SetUserPoolClientSessionConfigurationResponse> {
        let pool = self.stored(&input.user_pool_id).await?;
        let before = pool.client(&input.client_id)?;
        check_plan(&pool.settings)?;
        if pool.sessions.is_none() {
            return Err(errors::session_tracking_off());
        }
        let sso = GetUserPoolClientSessionConfigurationResponse {
            user_pool_id: None,
            client_id: None,
            sso_session: Some(input.sso_session.clone()),
        };
        let revision = clients::Revision {
            doc: stored::client_doc(&before.settings, &sso, &before.registered),
            of: before.version,
            at: cx.now(),
        };
        self.revise_client(&pool.id, before, revision).await?;
        Ok(SetUserPoolClientSessionConfigurationResponse {
            user_pool_id: Some(input.user_pool_id),
            client_id: Some(input.client_id),
            sso_session: Some(input.sso_session),
        })
    }

    /// Errors: ResourceNotFound.
    pub async fn get_user_pool_client_session_configuration(
        &self,
        _cx: &Cx,
        input: GetUserPoolClientSessionConfigurationRequest,
    ) -> Result<GetUserPoolClientSessionConfigurationResponse> {
        let pool = self.pool(&input.user_pool_id).await?;
        let set = pool.client(&input.client_id)?.sso_session.sso_session.clone();
        Ok(GetUserPoolClientSessionConfigurationResponse {
            user_pool_id: Some(input.user_pool_id),
            client_id: Some(input.client_id),
            sso_session: Some(set.unwrap_or(ClientSSOSessionConfigType {
                max_validity_minutes: SSO_MINUTES_BY_DEFAULT,
            })),
        })
    }
}
