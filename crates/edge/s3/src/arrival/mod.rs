//! What a request turns out to be: its address, who signed it, its operation, and what that intends.

pub(crate) mod address;
pub(crate) mod intent;
pub(crate) mod level;
pub(crate) mod not_allowed;
pub(crate) mod operation;
pub(crate) mod said;
pub(crate) mod signature;
