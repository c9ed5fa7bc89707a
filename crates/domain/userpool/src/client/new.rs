//! An app client that is about to be stored, with its secret.

use api::cognito_idp::{GetUserPoolClientSessionConfigurationResponse, UserPoolClientType};
use kernel::{ApiError, ClientId, Cx, Timestamp};
use store::{
    Stop, Tx,
    records::{client_secrets, clients, pools, registrations},
};
use vault::Keyring;

use super::{
    Client,
    registered::Registered,
    secret::{Owner, Secrets},
};
use crate::{
    errors,
    pool::{Pool, stored},
};

pub(crate) struct NewClient {
    row: clients::Client,
    secret: Option<client_secrets::ClientSecret>,
    /// As it will be.
    pub client: Client,
}

/// How long a client is kept.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Keep {
    ForEver,
    /// It goes if nobody uses it, and comes only if fewer than `most` of these came after `since`.
    IfUsed {
        until: Timestamp,
        since: Timestamp,
        most: i64,
    },
}

impl NewClient {
    /// Errors: internal.
    pub fn begin(
        keyring: &Keyring,
        cx: &Cx,
        (pool, id): (&Pool, ClientId),
        (settings, registered): (&UserPoolClientType, &Registered),
        secret: Option<&str>,
    ) -> Result<Self, ApiError> {
        let now = cx.now();
        let owner = Owner {
            pool: &pool.id,
            client: &id,
        };
        let seal = |secret: &str| owner.sealed(keyring, (secret, now), &Secrets::default(), cx.rng());
        let secret = secret.map(seal).transpose()?;
        let doc = stored::client_doc(
            settings,
            &GetUserPoolClientSessionConfigurationResponse::default(),
            registered,
        );
        let row = clients::Client {
            pool: pool.id.clone(),
            client: id,
            created: now,
            modified: now,
            version: 1,
            doc,
        };
        let client = Client::load(row.clone(), secret.iter().cloned().collect(), keyring)?;
        Ok(Self { row, secret, client })
    }

    /// Errors: ResourceNotFound (the pool), InvalidParameter (the id is taken), LimitExceeded (too many registered themselves).
    pub fn insert(&self, tx: &mut Tx<'_>, keep: Keep) -> Result<(), Stop> {
        let Self { row, secret, .. } = self;
        if pools::by_id(tx, &row.pool)?.is_none() {
            return Err(errors::pool_does_not_exist(row.pool.as_str()).into());
        }
        if let Keep::IfUsed { until, since, most } = keep {
            if registrations::count(tx, &row.pool, since)? >= most {
                return Err(errors::settings::too_many_registrations().into());
            }
            registrations::insert(tx, (&row.pool, &row.client), row.created, until)?;
        }
        if !clients::insert(tx, row)? {
            return Err(errors::settings::client_id_taken(row.client.as_str()).into());
        }
        if let Some(secret) = secret {
            client_secrets::insert(tx, &row.pool, secret)?;
        }
        Ok(stored::touch(tx, &row.pool)?)
    }
}
