//! What the calls of sign-in have in common: by which door they come, and how their parameters are read. Reference: user-pools
//! 5.1, 5.2, 5.5.

use std::{collections::BTreeMap, sync::Arc};

use api::cognito_idp::{ContextDataType, UserContextDataType};
use kernel::Result;

use crate::{
    client::Client,
    errors,
    pool::Pool,
    signin::{
        Door, Visit,
        protocol::{FirstFactor, Given},
        visit::Context,
    },
};

pub(super) type Parameters = BTreeMap<String, String>;

/// By the user's own client.
pub(in crate::ops) fn public_visit(
    (pool, client): (Arc<Pool>, Arc<Client>),
    metadata: Option<Parameters>,
    context: Option<UserContextDataType>,
) -> Visit {
    let is_believed = client.is_believed_of_users();
    let context = context.map(|data| Context {
        ip_address: data.ip_address.filter(|_| is_believed).and_then(|ip| ip.parse().ok()),
        encoded_data: data.encoded_data,
    });
    Visit {
        metadata: metadata.unwrap_or_default(),
        context: context.unwrap_or_default(),
        ..Visit::new((pool, client), Door::Public)
    }
}

/// By a server, for its user.
pub(in crate::ops) fn admin_visit(
    (pool, client): (Arc<Pool>, Arc<Client>),
    metadata: Option<Parameters>,
    context: Option<ContextDataType>,
) -> Visit {
    let context = context.map(|data| Context {
        ip_address: data.ip_address.parse().ok(),
        encoded_data: data.encoded_data,
    });
    Visit {
        metadata: metadata.unwrap_or_default(),
        context: context.unwrap_or_default(),
        ..Visit::new((pool, client), Door::Admin)
    }
}

/// The device that a call names. An empty text names none.
pub(super) fn device(parameters: Option<&Parameters>) -> Option<String> {
    let named = parameters.and_then(|parameters| parameters.get("DEVICE_KEY"));
    named.filter(|key| !key.is_empty()).cloned()
}

/// Errors: InvalidParameter if it is missing.
pub(super) fn take(parameters: &mut Parameters, name: &str) -> Result<String> {
    parameters.remove(name).ok_or_else(|| errors::missing_parameter(name))
}

pub(super) fn given(parameters: &mut Parameters) -> Given {
    Given {
        password: parameters.remove("PASSWORD"),
        srp_a: parameters.remove("SRP_A"),
        credential: parameters.remove("CREDENTIAL"),
    }
}

pub(super) fn factor(name: &str) -> FirstFactor {
    match name {
        "PASSWORD" => FirstFactor::Password,
        "PASSWORD_SRP" => FirstFactor::PasswordSrp,
        "EMAIL_OTP" => FirstFactor::EmailOtp,
        "SMS_OTP" => FirstFactor::SmsOtp,
        "WEB_AUTHN" => FirstFactor::WebAuthn,
        _ => FirstFactor::Other,
    }
}
