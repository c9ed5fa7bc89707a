//! `UpdateResourceServer` replaces name and scopes; scopes that go are inactive wherever app clients list them. Reference:
//! user-pools 14.4.

use api::cognito_idp::{UpdateResourceServerRequest, UpdateResourceServerResponse};
use kernel::{Cx, Result};
use store::records::resource_servers;

use crate::{
    UserPools,
    errors::hosted,
    pool::stored,
    resource_server::{input, loaded},
};

impl UserPools {
    /// Errors: ResourceNotFound, InvalidParameter.
    pub async fn update_resource_server(
        &self,
        _cx: &Cx,
        input: UpdateResourceServerRequest,
    ) -> Result<UpdateResourceServerResponse> {
        let pool = self.pool(&input.user_pool_id).await?;
        let settings = input::asked(input.identifier.clone(), input.name, input.scopes)?;
        let row = loaded::row(&pool.id, &input.identifier, &settings);
        self.store
            .write(move |tx| {
                if !resource_servers::update(tx, &row)? {
                    return Err(hosted::resource_server_does_not_exist(&row.identifier).into());
                }
                Ok(stored::touch(tx, &row.pool)?)
            })
            .await?;
        Ok(UpdateResourceServerResponse {
            resource_server: loaded::described(settings, &pool.id),
        })
    }
}
