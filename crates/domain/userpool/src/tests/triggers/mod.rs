//! Lambda triggers. Reference: user-pools 16.

mod acting;
mod challenges;
mod kept;
mod logged;
mod messages;
mod migration;
mod named;
mod passwords;
mod recovery;
mod senders;
mod sign_in;
mod sign_up;
mod tokens;
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

/// The same with a client that may use every flow, and these other settings of the pool.
pub(super) async fn all_flows(triggers: &[&str], pool: Value, client: Value) -> People {
    let lambdas: Value = triggers
        .iter()
        .map(|trigger| ((*trigger).to_owned(), json!(FUNCTION)))
        .collect();
    let pool = testkit::merged(json!({"LambdaConfig": lambdas}), pool);
    People::with_all_flows(pool, client).await
}

const INVALID_RESPONSE: &str = "InvalidLambdaResponseException";
const UNRECOGNIZABLE: &str = "Unrecognizable lambda output";
