//! What `cargo xtask codegen` writes: one file a service.

#[cfg(feature = "cognito-identity")]
#[rustfmt::skip]
pub mod cognito_identity;
#[cfg(feature = "cognito-idp")]
#[rustfmt::skip]
pub mod cognito_idp;
#[cfg(feature = "iam")]
#[rustfmt::skip]
pub mod iam;
#[cfg(feature = "sts")]
#[rustfmt::skip]
pub mod sts;
