//! How settings are stored: as JSON, under a version that every node's cache goes by. A pool's are what DescribeUserPool
//! prints; what SetUserPoolMfaConfig sets beyond that stands among them as one member, in the form of its answer.

use api::{
    Wire, WireError,
    cognito_idp::{GetUserPoolMfaConfigResponse, IssuerType, UserPoolType},
};
use kernel::{ApiError, PoolId};
use serde_json::Value;
use store::{Scope, Stop, StoreError, Tx, records::versions};

use crate::errors;

/// In every transaction that changes a pool's settings or clients: other nodes see it within a second.
pub(crate) fn touch(tx: &mut Tx<'_>, pool: &PoolId) -> Result<(), StoreError> {
    versions::bump(tx, Scope::pool(pool))
}

const MFA_BLOCKS: &str = "MfaConfig";

/// A pool's settings as they are stored.
pub(crate) fn pool_doc(settings: &UserPoolType, mfa_blocks: &GetUserPoolMfaConfigResponse) -> String {
    let mut doc = settings.to_json();
    if *mfa_blocks != GetUserPoolMfaConfigResponse::default()
        && let Some(members) = doc.as_object_mut()
    {
        members.insert(MFA_BLOCKS.to_owned(), mfa_blocks.to_json());
    }
    doc.to_string()
}

/// What [`pool_doc`] wrote. Errors: something else is there.
pub(crate) fn read(mut doc: Value) -> Result<(UserPoolType, GetUserPoolMfaConfigResponse), WireError> {
    let blocks = doc.as_object_mut().and_then(|members| members.remove(MFA_BLOCKS));
    let blocks = blocks.map_or_else(|| Ok(GetUserPoolMfaConfigResponse::default()), Wire::from_json)?;
    Ok((UserPoolType::from_json(doc)?, blocks))
}

/// Settings of other kinds as they are stored.
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
