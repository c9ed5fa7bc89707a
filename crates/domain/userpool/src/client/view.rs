//! Settings are printed as DescribeUserPoolClient prints them. Reference: user-pools 3.1.

use api::cognito_idp::{ClientSecretDescriptorType, UserPoolClientDescription, UserPoolClientType};
use kernel::PoolId;

use super::{Client, secret::Secret};

/// As DescribeUserPoolClient, CreateUserPoolClient and UpdateUserPoolClient answer: with the secret, of two the older one, which its servers have.
pub(crate) fn described(pool: &PoolId, client: &Client) -> UserPoolClientType {
    UserPoolClientType {
        user_pool_id: Some(pool.to_string()),
        client_id: Some(client.id.to_string()),
        client_secret: client.secrets.oldest().map(|secret| secret.value.clone()),
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

/// As the operations on secrets answer: without the value.
pub(crate) fn secret(secret: &Secret) -> ClientSecretDescriptorType {
    ClientSecretDescriptorType {
        client_secret_id: Some(secret.id.clone()),
        client_secret_value: None,
        client_secret_create_date: Some(secret.created),
    }
}
