//! `SetUserPoolSessionConfiguration` and `GetUserPoolSessionConfiguration`. Reference: user-pools 15.2.

use api::cognito_idp::{
    GetUserPoolSessionConfigurationRequest, GetUserPoolSessionConfigurationResponse,
    SetUserPoolSessionConfigurationRequest, SetUserPoolSessionConfigurationResponse, UserPoolTokenSessionConfigType,
    UserSessionTrackingType,
};
use kernel::{Cx, Result};
use store::{Stop, records::pools};

use crate::{
    UserPools,
    pool::{
        stored::{self, told},
        tracking::{MOST_BY_DEFAULT, check_plan},
    },
};

impl UserPools {
    /// Lowering the limit ends no session by itself: the next sign-in does.
    ///
    /// Errors: ResourceNotFound, FeatureUnavailableInTier, ConcurrentModification.
    pub async fn set_user_pool_session_configuration(
        &self,
        cx: &Cx,
        input: SetUserPoolSessionConfigurationRequest,
    ) -> Result<SetUserPoolSessionConfigurationResponse> {
        let before = self.stored(&input.user_pool_id).await?;
        check_plan(&before.settings)?;
        let config = GetUserPoolSessionConfigurationResponse {
            user_pool_id: None,
            user_session_tracking: Some(input.user_session_tracking),
            token_session: Some(input.token_session.clone()),
        };
        let doc = stored::pool_doc(&before.settings, &before.mfa_blocks, &config);
        let (id, version, now) = (before.id.clone(), before.version, cx.now());
        let saved = self.store.write(move |tx| {
            let Some(row) = pools::by_id(tx, &id)?.filter(|row| row.version == version) else {
                return Err(Stop::Raced);
            };
            let row = pools::Pool {
                doc: doc.clone(),
                modified: now,
                ..row
            };
            pools::update(tx, &row)?;
            Ok(stored::touch(tx, &id)?)
        });
        saved.await.map_err(told)?;
        Ok(SetUserPoolSessionConfigurationResponse {
            user_pool_id: Some(before.id.to_string()),
            user_session_tracking: Some(input.user_session_tracking),
            token_session: Some(input.token_session),
        })
    }

    /// Errors: ResourceNotFound.
    pub async fn get_user_pool_session_configuration(
        &self,
        _cx: &Cx,
        input: GetUserPoolSessionConfigurationRequest,
    ) -> Result<GetUserPoolSessionConfigurationResponse> {
        let pool = self.pool(&input.user_pool_id).await?;
        let set = &pool.session_config;
        let token_session = set.token_session.clone();
        Ok(GetUserPoolSessionConfigurationResponse {
            user_pool_id: Some(pool.id.to_string()),
            user_session_tracking: Some(set.user_session_tracking.unwrap_or(UserSessionTrackingType::Disabled)),
            token_session: Some(token_session.unwrap_or(UserPoolTokenSessionConfigType {
                max_per_user: MOST_BY_DEFAULT,
            })),
        })
    }
}
