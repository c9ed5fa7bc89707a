//! `CreateResourceServer`. Reference: user-pools 14.4.

use api::cognito_idp::{CreateResourceServerRequest, CreateResourceServerResponse};
use kernel::{Cx, Result};
use store::records::{pools, resource_servers};

use crate::{
    UserPools,
    errors::{self, hosted},
    pool::stored,
    resource_server::{input, loaded},
};

/// As many as AWS ever grants a pool. Reference: user-pools 19.
const MOST_OF_A_POOL: i64 = 300;

impl UserPools {
    /// Errors: ResourceNotFound, InvalidParameter, LimitExceeded.
    pub async fn create_resource_server(
        &self,
        _cx: &Cx,
        input: CreateResourceServerRequest,
    ) -> Result<CreateResourceServerResponse> {
        let pool = self.pool(&input.user_pool_id).await?;
        let settings = input::asked(input.identifier.clone(), input.name, input.scopes)?;
        let row = loaded::row(&pool.id, &input.identifier, &settings);
        self.store
            .write(move |tx| {
                if pools::by_id(tx, &row.pool)?.is_none() {
                    return Err(errors::pool_does_not_exist(row.pool.as_str()).into());
                }
                // Counted before anything is written, because a refusal commits.
                if resource_servers::count(tx, &row.pool)? >= MOST_OF_A_POOL {
                    return Err(hosted::too_many_resource_servers().into());
                }
                if !resource_servers::insert(tx, &row)? {
                    let (identifier, pool) = (&row.identifier, row.pool.as_str());
                    return Err(hosted::resource_server_exists(identifier, pool).into());
                }
                Ok(stored::touch(tx, &row.pool)?)
            })
            .await?;
        Ok(CreateResourceServerResponse {
            resource_server: loaded::described(settings, &pool.id),
        })
    }
}
