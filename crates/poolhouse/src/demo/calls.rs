//! Operations, called by name as a client calls them.

use kernel::{ApiError, Code, Cx, Result};
use model::Table;
use serde_json::Value;

pub async fn call<S>(table: &'static Table<S>, service: &S, cx: &Cx, name: &str, input: Value) -> Result<Value> {
    let entry = table
        .entry(name)
        .ok_or_else(|| ApiError::internal(format_args!("{name} is not in its service's table")))?;
    Ok((entry.call)(service, cx, input).await?.tree())
}

/// What the look-up found, or nothing if AWS says that it is not there.
pub fn found(answer: Result<Value>, absent: Code) -> Result<Option<Value>> {
    match answer {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.code() == absent => Ok(None),
        Err(error) => Err(error),
    }
}
