//! OAuth 2.0 and OpenID Connect as a user pool's domain speaks them: how requests are read, what is answered, in which words errors are
//! told. What is granted and to whom is decided in `userpool`; how it goes over HTTP is the edge's business.
//!
//! Start at [`authorize`] for what begins in the browser and at [`token`] for what an app's server asks; what goes beyond Cognito is [`introspection`], [`registration`], [`device`] and [`pushed`]; `parameters` reads both.
//! Reference: oauth-and-federation 3 to 7.

pub mod authorize;
mod call;
mod client;
pub mod device;
pub mod discovery;
mod error;
pub mod introspection;
pub mod logout;
mod machine;
pub mod members;
mod parameters;
#[cfg(test)]
mod properties;
pub mod pushed;
mod redirect;
pub mod registration;
pub mod token;

pub use call::Call;
pub use error::OAuthError;
pub use parameters::{Malformed, Parameters};
pub use redirect::{Redirect, Response};
