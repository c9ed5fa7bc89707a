//! OAuth 2.0 and OpenID Connect as a user pool's domain speaks them: how requests are read, what is answered, in which words errors are
//! told. What is granted and to whom is decided in `userpool`; how it goes over HTTP is the edge's business.
//!
//! Start at [`authorize`] for what begins in the browser and at [`token`] for what an app's server asks; [`introspection`],
//! [`registration`], [`device`] and [`pushed`] are what Cognito has not; `parameters` reads them all. `client` says who calls, by a secret or
//! by what it signs (`assertion`), `dpop` with which key its tokens are used.
//! Reference: oauth-and-federation 3 to 7.

mod assertion;
pub mod authorize;
mod call;
mod client;
pub mod device;
pub mod discovery;
mod dpop;
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
mod token_type;
mod uri;
pub mod user_info;

pub use call::Call;
pub use error::OAuthError;
pub use parameters::{Malformed, Parameters};
pub use redirect::{Redirect, Response};
