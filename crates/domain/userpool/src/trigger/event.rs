//! The event that a function is told, by its exact members. Pure. Reference: user-pools 16.1.

use std::collections::BTreeMap;

use kernel::{ClientId, Cx};
use serde_json::{Map, Value, json};
use store::records::{address::Address, users::User};

use super::{Source, source::Trigger};
use crate::{
    external::shown::{self, IDENTITIES},
    pool::Pool,
    user::addresses,
};

/// Of whom an event speaks, and who caused it.
#[derive(Clone, Copy)]
pub(crate) struct Scene<'a> {
    pub cx: &'a Cx,
    pub pool: &'a Pool,
    pub user: &'a User,
    pub caller: Caller<'a>,
    /// ClientMetadata, which is handed on and never stored.
    pub metadata: Option<&'a BTreeMap<String, String>>,
}

/// `callerContext.clientId`.
#[derive(Clone, Copy)]
pub(crate) enum Caller<'a> {
    Client(&'a ClientId),
    /// An administrator's call, which no client makes.
    NotApplicable,
    /// The same as AdminConfirmSignUp has it: null.
    Nobody,
}

/// `trigger` hears of it; `request` is what it adds, `response` what it presets.
pub(super) fn build((source, trigger): (Source, Trigger), scene: Scene<'_>, request: Value, response: Value) -> Value {
    let Scene { cx, pool, user, .. } = scene;
    let client = match scene.caller {
        Caller::Client(id) => json!(id.as_str()),
        Caller::NotApplicable => json!("CLIENT_ID_NOT_APPLICABLE"),
        Caller::Nobody => Value::Null,
    };
    let members = [
        ("version", json!(pool.lambdas.version(trigger).number())),
        ("triggerSource", json!(source.heard_by(trigger))),
        ("region", json!(pool.id.region().as_str())),
        ("userPoolId", json!(pool.id.as_str())),
        ("userName", json!(user.username)),
        (
            "callerContext",
            json!({ "awsSdkVersion": sdk(cx.user_agent.as_deref()), "clientId": client }),
        ),
        ("request", request),
        ("response", response),
    ];
    members
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

/// Of a user who is there.
pub(super) fn attributes(scene: Scene<'_>) -> Map<String, Value> {
    let user = scene.user;
    let mut attributes = given(user);
    attributes.insert("sub".to_owned(), json!(user.sub.as_str()));
    attributes.insert("cognito:user_status".to_owned(), json!(user.status.as_str()));
    if let Some(identities) = shown::text(user) {
        attributes.insert(IDENTITIES.to_owned(), json!(identities));
    }
    let address = addresses::present(user, Address::Email);
    if let Some(address) = address.filter(|_| scene.pool.sign_in_names.by_mail()) {
        attributes.insert("cognito:email_alias".to_owned(), json!(address));
    }
    attributes
}

/// What the request said of somebody who is not there yet.
pub(super) fn given(user: &User) -> Map<String, Value> {
    let attributes = user.doc.attributes.iter();
    attributes.map(|(name, value)| (name.clone(), json!(value))).collect()
}

/// Null where there is none.
pub(super) fn metadata(scene: Scene<'_>) -> Value {
    scene
        .metadata
        .filter(|metadata| !metadata.is_empty())
        .map_or(Value::Null, |metadata| json!(metadata))
}

/// `aws-sdk-nodejs-2.856.0` of `aws-sdk-nodejs/2.856.0 linux/v14.16.0`; other callers are unknown.
fn sdk(user_agent: Option<&str>) -> String {
    let product = user_agent.and_then(|agent| agent.split_whitespace().next());
    match product.and_then(|product| product.split_once('/')) {
        Some((name, version)) if name.starts_with("aws-sdk-") && !version.is_empty() => format!("{name}-{version}"),
        _ => "aws-sdk-unknown-unknown".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_sdk_is_named_by_its_version() {
        let unknown = "aws-sdk-unknown-unknown";
        for (agent, expected) in [
            (None, unknown),
            (Some(""), unknown),
            (Some("Boto3/1.44.5 md/Botocore#1.44.5"), unknown),
            (Some("aws-sdk-nodejs/2.856.0 linux/v14.16.0"), "aws-sdk-nodejs-2.856.0"),
            (Some("aws-sdk-js/3.600.0 ua/2.0"), "aws-sdk-js-3.600.0"),
        ] {
            assert_eq!(sdk(agent), expected);
        }
    }
}
