//! The interpreter: is this JSON tree an input that the model allows? Reference: user-pools 1.4.
//!
//! Two passes. Types first: the first value of a wrong JSON type ends it. Then constraints, all of which are gathered in
//! one message, in this order: members as the model lists them (AWS's own order is no order: both are seen), a structure's
//! members where the structure stands, and of one value its length or range, its pattern, its enumeration.
//! Unknown members are ignored and null is absent.

mod constraints;
mod message;
mod types;

use kernel::{ApiError, Code};
use serde_json::Value;

use crate::{Operation, Protocol, Service};
use message::Manner;

impl Service {
    /// Errors: SerializationException (MalformedInput for the query services) for a wrong type; for violated
    /// constraints InvalidParameterException (user pools), ValidationException (identity pools), ValidationError.
    pub fn validate(&self, operation: &Operation, input: &Value) -> Result<(), ApiError> {
        if !input.is_object() {
            return Err(ApiError::new(self.wrong_type(), types::NOT_AN_OBJECT));
        }
        let Some(shape) = operation.input else {
            return Ok(());
        };
        types::check(shape, input).map_err(|sentence| ApiError::new(self.wrong_type(), sentence))?;
        match message::of(&constraints::violations(shape, input), self.manner()) {
            Some(message) => Err(ApiError::new(self.violation(), message)),
            None => Ok(()),
        }
    }

    fn manner(&self) -> Manner {
        match self.id {
            "iam" => Manner::Reserved,
            _ => Manner::Open,
        }
    }

    fn wrong_type(&self) -> Code {
        match self.protocol {
            Protocol::AwsJson => Code::Serialization,
            Protocol::AwsQuery => Code("MalformedInput"),
        }
    }

    /// Reference: user-pools 1.4, identity-pools-iam 1.16, 2.1, 3.3.
    fn violation(&self) -> Code {
        match self.id {
            "cognito-idp" => Code::InvalidParameter,
            "cognito-identity" => Code::ValidationException,
            _ => Code::ValidationError,
        }
    }
}

#[cfg(test)]
pub(crate) mod tests;
