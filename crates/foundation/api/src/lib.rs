//! The services' request and response structs, generated from models/*.json: plain data, no logic, one module and one
//! cargo feature a service. [`Wire`] takes them from and to the JSON tree that every protocol decodes to, and prints them as JSON.
//!
//! Secrets don't show in Debug output. Start at [`Wire`]; the structs are in `generated`. Who keeps a type of his own as
//! JSON can write its [`Wire`] by hand with [`Reader`], [`Writer`] and [`Printer`].

mod blob;
mod generated;
mod wire;

pub use blob::Blob;
pub use wire::{Printer, Reader, Redacted, Wire, WireError, Writer, printed};

#[cfg(feature = "cognito-identity")]
pub use generated::cognito_identity;
#[cfg(feature = "cognito-idp")]
pub use generated::cognito_idp;
#[cfg(feature = "iam")]
pub use generated::iam;
#[cfg(feature = "sts")]
pub use generated::sts;

#[cfg(test)]
mod tests;
