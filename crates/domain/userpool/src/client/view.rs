//! Settings are printed as DescribeUserPoolClient prints them. Reference: user-pools 3.1.

use api::cognito_idp::{UserPoolClientDescription, UserPoolClientType};
use kernel::PoolId;

use super::Client;

/// As DescribeUserPoolClient, CreateUserPoolClient and UpdateUserPoolClient answer: with the secret.
pub(crate) fn described(pool: &PoolId, client: &Client) -> UserPoolClientType {
    UserPoolClientType {
        user_pool_id: Some(pool.to_string()),
        client_id: Some(client.id.to_string()),
        client_secret: client.secret.clone(),
        creation_date: Some(client.created),
        last_modified_date: Some(client.modified),
        ..client.settings.clone()
    }
}

/// As ListUserPoolClients answers.
pub(crate) fn listed(pool: &PoolId, client: &Client) -> UserPoolClientDescription {
    UserPoolClientDescription {
        client_id: Some(client.id.to_string()),
        user_pool_id: Some(pool.to_string()),
        client_name: client.settings.client_name.clone(),
    }
}
