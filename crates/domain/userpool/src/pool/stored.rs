//! How settings are stored: as JSON, under a version that every node's cache goes by. A pool's are what DescribeUserPool
//! prints; what SetUserPoolMfaConfig sets beyond that stands among them as one member, in the form of its answer, and so does what
//! SetUserPoolSessionConfiguration sets, of a client too.

use api::{
    Wire, WireError,
    cognito_idp::{
        GetUserPoolClientSessionConfigurationResponse, GetUserPoolMfaConfigResponse,
        GetUserPoolSessionConfigurationResponse, IssuerType, UserPoolClientType, UserPoolType,
    },
};
use kernel::{ApiError, PoolId};
use serde_json::{Value, json};
use store::{Scope, Stop, StoreError, Tx, records::versions};

use crate::{client::registered::Registered, errors};

/// In every transaction that changes a pool's settings or clients: other nodes see it within a second.
pub(crate) fn touch(tx: &mut Tx<'_>, pool: &PoolId) -> Result<(), StoreError> {
    versions::bump(tx, Scope::pool(pool))
}

const MFA_BLOCKS: &str = "MfaConfig";

const SESSION_CONFIG: &str = "SessionConfig";

const REGISTERED: &str = "Registered";

/// What of a pool DescribeUserPool does not print.
pub(super) struct Blocks {
    /// As GetUserPoolMfaConfig answers.
    pub mfa: GetUserPoolMfaConfigResponse,
    /// As GetUserPoolSessionConfiguration answers, but for the pool's id.
    pub sessions: GetUserPoolSessionConfigurationResponse,
}

/// A pool's settings as they are stored.
pub(crate) fn pool_doc(
    settings: &UserPoolType,
    mfa_blocks: &GetUserPoolMfaConfigResponse,
    session_config: &GetUserPoolSessionConfigurationResponse,
) -> String {
    let mut doc = settings.to_json();
    add(&mut doc, MFA_BLOCKS, mfa_blocks);
    add(&mut doc, SESSION_CONFIG, session_config);
    doc.to_string()
}

/// What [`pool_doc`] wrote. Errors: something else is there.
pub(super) fn read(mut doc: Value) -> Result<(UserPoolType, Blocks), WireError> {
    let blocks = Blocks {
        mfa: taken(&mut doc, MFA_BLOCKS)?,
        sessions: taken(&mut doc, SESSION_CONFIG)?,
    };
    Ok((UserPoolType::from_json(doc)?, blocks))
}

/// A client's settings as they are stored.
pub(crate) fn client_doc(
    settings: &UserPoolClientType,
    sso: &GetUserPoolClientSessionConfigurationResponse,
    registered: &Registered,
) -> String {
    let mut doc = settings.to_json();
    add(&mut doc, SESSION_CONFIG, sso);
    if *registered != Registered::default()
        && let Some(members) = doc.as_object_mut()
    {
        members.insert(REGISTERED.to_owned(), json!(registered));
    }
    doc.to_string()
}

/// What [`client_doc`] wrote. Errors: something else is there.
pub(crate) fn read_client(
    mut doc: Value,
) -> Result<
    (
        UserPoolClientType,
        GetUserPoolClientSessionConfigurationResponse,
        Registered,
    ),
    WireError,
> {
    let sso = taken(&mut doc, SESSION_CONFIG)?;
    let registered = doc.as_object_mut().and_then(|members| members.remove(REGISTERED));
    Ok((UserPoolClientType::from_json(doc)?, sso, Registered::read(registered)))
}

/// What was never set is not written.
fn add<T: Wire + Clone + Default + PartialEq>(doc: &mut Value, member: &str, block: &T) {
    if *block != T::default()
        && let Some(members) = doc.as_object_mut()
    {
        members.insert(member.to_owned(), block.to_json());
    }
}

fn taken<T: Wire + Default>(doc: &mut Value, member: &str) -> Result<T, WireError> {
    let block = doc.as_object_mut().and_then(|members| members.remove(member));
    block.map_or_else(|| Ok(T::default()), Wire::from_json)
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
