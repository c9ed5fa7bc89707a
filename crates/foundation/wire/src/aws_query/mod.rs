//! awsQuery: form parameters in, XML out, both by the service's model. Reference: identity-pools-iam 2.1, 3.1.

mod decode;
mod encode;
mod tree;

pub use decode::decode;
pub use encode::encode;

use kernel::{ApiError, Code};

/// Parameters that don't fit the shape of the input. AWS's code; the sentences are those of its JSON front end where it
/// has one for the case (unconfirmed for the query protocol).
#[track_caller]
fn malformed_input(sentence: &str) -> ApiError {
    ApiError::new(Code("MalformedInput"), sentence)
}

#[cfg(test)]
mod tests;
