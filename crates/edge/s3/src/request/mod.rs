//! What a request turns out to be: its address, who signed it, its operation, and what its document says.

pub(crate) mod address;
pub(crate) mod operation;
pub(crate) mod said;
pub(crate) mod signature;
