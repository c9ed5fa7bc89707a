//! What goes on when nobody waits for it any more.

use kernel::{ApiError, Result};

/// Runs `work`, a write and what has to follow it, to its end, though the request that it belongs to may be dropped when its client
/// hangs up: what was committed is told to whoever has to hear of it.
///
/// Errors: those of `work`; internal if it panicked.
pub(crate) async fn to_its_end<T: Send + 'static>(work: impl Future<Output = Result<T>> + Send + 'static) -> Result<T> {
    tokio::spawn(work).await.map_err(ApiError::internal)?
}
