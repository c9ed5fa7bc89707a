//! The visits that requests make: by the public door, or an administrator's. Reference: user-pools 5.1.

use std::{collections::BTreeMap, sync::Arc};

use api::cognito_idp::{ContextDataType, UserContextDataType};

use crate::{
    client::Client,
    pool::Pool,
    signin::{Door, Visit, visit::Context},
};

type Metadata = Option<BTreeMap<String, String>>;

/// By the user's own client.
pub(in crate::ops) fn public(
    (pool, client): (Arc<Pool>, Arc<Client>),
    metadata: Metadata,
    context: Option<UserContextDataType>,
) -> Visit {
    let context = context.map(|data| Context {
        ip_address: data.ip_address,
        encoded_data: data.encoded_data,
    });
    Visit {
        pool,
        client,
        door: Door::Public,
        metadata: metadata.unwrap_or_default(),
        context: context.unwrap_or_default(),
    }
}

/// By a server, for its user.
pub(in crate::ops) fn admin(
    (pool, client): (Arc<Pool>, Arc<Client>),
    metadata: Metadata,
    context: Option<ContextDataType>,
) -> Visit {
    let context = context.map(|data| Context {
        ip_address: Some(data.ip_address),
        encoded_data: data.encoded_data,
    });
    Visit {
        pool,
        client,
        door: Door::Admin,
        metadata: metadata.unwrap_or_default(),
        context: context.unwrap_or_default(),
    }
}
