//! Lambda triggers. Reference: user-pools 16.

mod messages;
mod sign_up;
mod walk;

use serde_json::{Value, json};

use super::{functions::FUNCTION, people::People};

/// People of a pool whose mail address is verified by code and that has these triggers.
pub(super) async fn people(triggers: &[&str]) -> People {
    let lambdas: Value = triggers
        .iter()
        .map(|trigger| ((*trigger).to_owned(), json!(FUNCTION)))
        .collect();
    People::of(json!({"AutoVerifiedAttributes": ["email"], "LambdaConfig": lambdas})).await
}

const UNRECOGNIZABLE: &str = "Unrecognizable lambda output";
