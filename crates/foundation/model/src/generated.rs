//! What `cargo xtask codegen` writes: one file a service, a static a shape, called like the shape.

#[rustfmt::skip]
#[expect(non_upper_case_globals, reason = "the statics are called like the model's shapes")]
mod cognito_identity;
#[rustfmt::skip]
#[expect(non_upper_case_globals, reason = "the statics are called like the model's shapes")]
mod cognito_idp;
#[rustfmt::skip]
#[expect(non_upper_case_globals, reason = "the statics are called like the model's shapes")]
mod iam;
#[rustfmt::skip]
#[expect(non_upper_case_globals, reason = "the statics are called like the model's shapes")]
mod sts;

pub use cognito_identity::SERVICE as COGNITO_IDENTITY;
pub use cognito_idp::SERVICE as COGNITO_IDP;
pub use iam::SERVICE as IAM;
pub use sts::SERVICE as STS;
