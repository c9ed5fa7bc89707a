//! Dev's clock and reset.

use std::time::Duration;

use http::StatusCode;
use serde_json::{Value, json};

use crate::{
    App, Doors,
    answer::{self, plain, unread},
    body::{self, Body, Response},
};

const LARGEST: usize = 4096;

/// A century: beyond it dates lose their meaning.
const FARTHEST_SECONDS: u64 = 100 * 366 * 24 * 3600;

/// `{"advance_seconds": n}` moves `now` forward; answers where it stands.
pub async fn clock(app: &App, doors: &Doors, body: Body) -> Response {
    let bytes = match body::read(body, LARGEST).await {
        Ok(bytes) => bytes,
        Err(error) => return unread(&error),
    };
    let input: Value = serde_json::from_slice(&bytes).unwrap_or_default();
    let Some(seconds) = input
        .get("advance_seconds")
        .and_then(Value::as_u64)
        .filter(|s| *s <= FARTHEST_SECONDS)
    else {
        return plain(
            StatusCode::BAD_REQUEST,
            "Send {\"advance_seconds\": n} with a whole number n of at least 0.",
        );
    };
    (doors.advance)(Duration::from_secs(seconds));
    answer::json(StatusCode::OK, &json!({ "now": app.env.clock.now().iso8601() }))
}

/// Makes the server as freshly started by the same command line.
pub async fn reset(doors: &Doors) -> Response {
    match (doors.reset)().await {
        Ok(()) => answer::json(StatusCode::OK, &json!({ "status": "reset" })),
        Err(error) => {
            tracing::error!(error, "the reset failed");
            plain(StatusCode::INTERNAL_SERVER_ERROR, "The reset failed; the log says why.")
        }
    }
}
