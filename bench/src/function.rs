//! A local function that does nothing: it gives each event back as it came, by the Lambda Runtime API. What it adds to a call is
//! then what the way to it costs.

use crate::client::{Connection, Prepared};

/// The word by which this program is told to be one.
pub const WORD: &str = "function";

/// Until the server goes.
#[expect(
    clippy::disallowed_methods,
    reason = "it is where Lambda says whom to ask for events"
)]
pub async fn run() -> Result<(), String> {
    let api = std::env::var("AWS_LAMBDA_RUNTIME_API").map_err(|_| "no AWS_LAMBDA_RUNTIME_API")?;
    let mut connection = Connection::open(&api).await?;
    let next = Prepared::get(&api, "/2018-06-01/runtime/invocation/next");
    loop {
        let event = connection.send(&next).await?;
        let id = event
            .header("lambda-runtime-aws-request-id")
            .ok_or("an event without its id")?;
        let path = format!("/2018-06-01/runtime/invocation/{id}/response");
        connection.send(&Prepared::post(&api, &path, &event.body)).await?;
    }
}
