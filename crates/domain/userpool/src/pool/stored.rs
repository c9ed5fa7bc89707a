//! How settings are stored: as JSON, under a version that every node's cache goes by.

use api::{
    Wire,
    cognito_idp::{IssuerType, UserPoolType},
};
use kernel::{ApiError, PoolId};
use store::{Scope, Stop, StoreError, Tx, records::versions};

use crate::errors;

/// In every transaction that changes a pool's settings or clients: other nodes see it within a second.
pub(crate) fn touch(tx: &mut Tx<'_>, pool: &PoolId) -> Result<(), StoreError> {
    versions::bump(tx, Scope::pool(pool))
}

/// Settings as they are stored.
pub(crate) fn doc(settings: &(impl Wire + Clone)) -> String {
    settings.to_json().to_string()
}

/// Whether the pool's issuer is the updated form of AWS's. Reference: user-pools 15.3.
pub(crate) fn updates_issuer(settings: &UserPoolType) -> bool {
    let configuration = settings.issuer_configuration.as_ref();
    configuration.is_some_and(|configuration| configuration.r#type == Some(IssuerType::Updated))
}

/// Operations on pools and clients have a word for a change that came too late; clients do not try them again by themselves.
pub(crate) fn told(stop: Stop) -> ApiError {
    match stop {
        Stop::Raced => errors::changed_meanwhile(),
        stop => stop.into(),
    }
}
