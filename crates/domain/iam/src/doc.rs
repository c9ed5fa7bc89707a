//! What the store keeps of an entity as text: everything that is never searched.

use kernel::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::{
    Record, StoreError,
    records::{document::written, iam::Entity},
};

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Doc {
    /// The entity's; empty while it is being created.
    #[serde(skip)]
    pub id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Unique ignoring case, as they were given.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub tags: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<RoleDoc>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<PolicyDoc>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct RoleDoc {
    /// The trust policy as it is kept: see `principals.rs`.
    pub trust: String,
    /// Written by earlier versions, which kept the ARNs in the trust policy: their unique ids.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub trusted: BTreeMap<String, String>,
    /// Seconds.
    pub max_session: i32,
    /// As of the last writing: see `last_use.rs`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_used: Option<LastUse>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LastUse {
    /// Whole seconds.
    pub at: Timestamp,
    pub region: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct PolicyDoc {
    pub newest_version: i64,
    pub default_version: i64,
    pub updated: Timestamp,
}

impl Doc {
    pub fn of(entity: &Entity) -> Result<Self, StoreError> {
        let doc: Self = entity.document("doc", &entity.doc)?;
        Ok(Self {
            id: entity.id.clone(),
            ..doc
        })
    }

    pub fn text(&self) -> Result<String, StoreError> {
        written(self)
    }

    pub fn role(&self) -> Result<&RoleDoc, StoreError> {
        self.role
            .as_ref()
            .ok_or_else(|| lacking(&self.id, "a role without its trust policy"))
    }

    pub fn role_mut(&mut self) -> Result<&mut RoleDoc, StoreError> {
        self.role
            .as_mut()
            .ok_or_else(|| lacking(&self.id, "a role without its trust policy"))
    }

    pub fn policy(&self) -> Result<&PolicyDoc, StoreError> {
        self.policy
            .as_ref()
            .ok_or_else(|| lacking(&self.id, "a policy without versions"))
    }

    pub fn policy_mut(&mut self) -> Result<&mut PolicyDoc, StoreError> {
        self.policy
            .as_mut()
            .ok_or_else(|| lacking(&self.id, "a policy without versions"))
    }
}

fn lacking(id: &str, what: &str) -> StoreError {
    StoreError::corrupt(Entity::COLUMNS.table, id, "doc", what)
}
