//! Where and how a sign-in happens.

use std::{collections::BTreeMap, sync::Arc};

use serde::{Deserialize, Serialize};

use crate::{client::Client, pool::Pool};

/// A sign-in stays in its pool, with its client and at its door. What an application says beside it is of one call.
#[derive(Clone)]
pub(crate) struct Visit {
    pub pool: Arc<Pool>,
    pub client: Arc<Client>,
    pub door: Door,
    /// The DEVICE_KEY of this call, or of the one in which the first factor was shown.
    pub device: Option<String>,
    /// ClientMetadata, which is never stored.
    pub metadata: BTreeMap<String, String>,
    #[expect(dead_code, reason = "threat protection judges by it")]
    pub context: Context,
}

/// A sign-in begun by an administrator's call is continued by one, a public one publicly, one of hosted login there.
/// Reference: 5.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Door {
    Public,
    Admin,
    Hosted,
}

/// What the application knows of the one who signs in: UserContextData, or an administrator's ContextData.
#[derive(Clone, Default)]
#[expect(dead_code, reason = "threat protection judges by it")]
pub(crate) struct Context {
    pub ip_address: Option<String>,
    pub encoded_data: Option<String>,
}

impl Visit {
    /// What is sealed for a sign-in is bound to this, and to the door.
    pub fn place(&self) -> [&str; 2] {
        [self.pool.id.as_str(), self.client.id.as_str()]
    }
}
