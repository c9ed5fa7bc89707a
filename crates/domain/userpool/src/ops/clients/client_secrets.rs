//! `AddUserPoolClientSecret`, `ListUserPoolClientSecrets` and `DeleteUserPoolClientSecret`: a client's servers go from one secret to
//! another without a pause. Reference: user-pools 3.3.

use api::cognito_idp::{
    AddUserPoolClientSecretRequest, AddUserPoolClientSecretResponse, DeleteUserPoolClientSecretRequest,
    DeleteUserPoolClientSecretResponse, ListUserPoolClientSecretsRequest, ListUserPoolClientSecretsResponse,
};
use kernel::{Cx, PoolId, Result};
use store::{
    Stop, Tx,
    records::{client_secrets, clients},
    retrying,
};

use crate::{
    UserPools,
    client::{
        Client,
        secret::{Owner, Secret},
        view,
    },
    errors::{client_does_not_exist, settings as errors},
    pool::stored,
};

impl UserPools {
    /// The value is answered where it was made here. Errors: ResourceNotFound, LimitExceeded, InvalidParameter (a public client; the
    /// value of its other secret, which would go on working when one of the two is deleted).
    pub async fn add_user_pool_client_secret(
        &self,
        cx: &Cx,
        input: AddUserPoolClientSecretRequest,
    ) -> Result<AddUserPoolClientSecretResponse> {
        let generated = input.client_secret.is_none().then(|| Secret::generated(cx.rng()));
        let value = input.client_secret.or_else(|| generated.clone()).unwrap_or_default();
        let added = retrying(|| async {
            let pool = self.stored(&input.user_pool_id).await?;
            let client = pool.client(&input.client_id)?;
            if client.secrets.are_none() {
                return Err(errors::secret_of_public_client().into());
            }
            if client.secrets.are_as_many_as_may_be() {
                return Err(errors::too_many_client_secrets().into());
            }
            if client.has_secret(Some(&value)) {
                return Err(errors::client_secret_exists().into());
            }
            let owner = Owner {
                pool: &pool.id,
                client: &client.id,
            };
            let row = owner.sealed(&self.keyring, (&value, cx.now()), &client.secrets, cx.rng())?;
            let (added, id, before) = (row.clone(), pool.id.clone(), Before::of(client));
            self.store
                .write(move |tx| {
                    before.check(tx, &id)?;
                    client_secrets::insert(tx, &id, &row)?;
                    Ok(stored::touch(tx, &id)?)
                })
                .await?;
            Ok(added)
        });
        let added = added.await?;
        let secret = Secret {
            id: added.id,
            created: added.created,
            value,
        };
        let mut descriptor = view::secret(&secret);
        descriptor.client_secret_value = generated;
        Ok(AddUserPoolClientSecretResponse {
            client_secret_descriptor: Some(descriptor),
        })
    }

    /// There are never more than a page holds. Errors: ResourceNotFound.
    pub async fn list_user_pool_client_secrets(
        &self,
        _cx: &Cx,
        input: ListUserPoolClientSecretsRequest,
    ) -> Result<ListUserPoolClientSecretsResponse> {
        let pool = self.pool(&input.user_pool_id).await?;
        let client = pool.client(&input.client_id)?;
        Ok(ListUserPoolClientSecretsResponse {
            client_secrets: Some(client.secrets.iter().map(view::secret).collect()),
            next_token: None,
        })
    }

    /// Errors: ResourceNotFound, InvalidParameter (it is the last).
    pub async fn delete_user_pool_client_secret(
        &self,
        _cx: &Cx,
        input: DeleteUserPoolClientSecretRequest,
    ) -> Result<DeleteUserPoolClientSecretResponse> {
        let deleted = retrying(|| async {
            let pool = self.stored(&input.user_pool_id).await?;
            let client = pool.client(&input.client_id)?;
            let secret = input.client_secret_id.clone();
            if !client.secrets.iter().any(|kept| kept.id == secret) {
                return Err(errors::client_secret_does_not_exist(&secret).into());
            }
            if client.secrets.are_one() {
                return Err(errors::last_client_secret().into());
            }
            let (id, before) = (pool.id.clone(), Before::of(client));
            self.store
                .write(move |tx| {
                    before.check(tx, &id)?;
                    client_secrets::delete(tx, &id, &before.client, &secret)?;
                    Ok(stored::touch(tx, &id)?)
                })
                .await
        });
        deleted.await?;
        Ok(DeleteUserPoolClientSecretResponse {})
    }
}

/// The secrets that a change goes by: neither a third nor none at all comes of two changes at once.
struct Before {
    client: kernel::ClientId,
    ids: Vec<String>,
}

impl Before {
    fn of(client: &Client) -> Self {
        let mut ids: Vec<String> = client.secrets.iter().map(|secret| secret.id.clone()).collect();
        ids.sort();
        Self {
            client: client.id.clone(),
            ids,
        }
    }

    /// Errors: ResourceNotFound (the client is gone); raced.
    fn check(&self, tx: &mut Tx<'_>, pool: &PoolId) -> Result<(), Stop> {
        if clients::by_id(tx, pool, &self.client)?.is_none() {
            return Err(client_does_not_exist(self.client.as_str()).into());
        }
        let now = client_secrets::of_client(tx, pool, &self.client)?;
        if now.iter().map(|secret| &secret.id).eq(&self.ids) {
            Ok(())
        } else {
            Err(Stop::Raced)
        }
    }
}
