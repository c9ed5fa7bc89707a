//! Resource servers: the APIs that app clients have scopes of. Reference: user-pools 14.4.

pub(crate) mod input;
pub(crate) mod loaded;

pub(crate) use loaded::ResourceServer;
