//! Why a transaction ends before its end.

use kernel::ApiError;

use crate::StoreError;

/// What a closure of [`crate::Store::write`] answers instead of a value. `?` makes it of a refusal and of a failed statement.
/// `E`: what a refusal is; a crate with an enum of its own writes `impl From<Error> for Stop<Error>` beside it.
#[derive(Debug, thiserror::Error)]
pub enum Stop<E = ApiError> {
    /// Nothing of the closure is kept.
    #[error(transparent)]
    Store(StoreError),
    /// What was written until then (a counted attempt, a lockout) is kept like any other result: a refusal commits what it
    /// learned. Whoever wants to keep nothing refuses before writing.
    #[error(transparent)]
    Refused(E),
    /// Somebody was quicker: what the closure goes by is not so any more. Nothing of it is kept; [`retrying`] begins anew.
    #[error("somebody was quicker")]
    Raced,
}

/// How often what was read is read anew because somebody was quicker.
const ATTEMPTS: usize = 5;

/// Reads, computes and writes until nobody was quicker. The last of so many attempts that were all too late is
/// [`Stop::Raced`].
pub async fn retrying<T, E, F>(attempt: impl Fn() -> F) -> Result<T, Stop<E>>
where
    F: Future<Output = Result<T, Stop<E>>>,
{
    for _ in 1..ATTEMPTS {
        match attempt().await {
            Err(Stop::Raced) => {}
            settled => return settled,
        }
    }
    attempt().await
}

impl<E> From<StoreError> for Stop<E> {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<ApiError> for Stop {
    fn from(refusal: ApiError) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Stop> for ApiError {
    #[track_caller]
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Store(error) => error.into(),
            Stop::Refused(refusal) => refusal,
            Stop::Raced => StoreError::Contention.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    async fn attempts(settles_at: usize, settled: impl Fn() -> Result<&'static str, Stop>) -> (usize, String) {
        let made = AtomicUsize::new(0);
        let outcome = retrying(|| async {
            match made.fetch_add(1, Ordering::Relaxed) + 1 {
                n if n >= settles_at => settled(),
                _ => Err(Stop::Raced),
            }
        });
        let told = match outcome.await {
            Ok(value) => value.to_owned(),
            Err(stop) => stop.to_string(),
        };
        (made.into_inner(), told)
    }

    #[tokio::test]
    async fn it_is_begun_anew_only_for_whoever_was_too_late_and_not_for_ever() {
        let done = || Ok("done");
        assert_eq!(attempts(1, done).await, (1, "done".to_owned()));
        assert_eq!(attempts(3, done).await, (3, "done".to_owned()));
        assert_eq!(attempts(ATTEMPTS, done).await, (ATTEMPTS, "done".to_owned()));
        let too_late = (ATTEMPTS, "somebody was quicker".to_owned());
        assert_eq!(attempts(usize::MAX, done).await, too_late);
        let failed = || Err(StoreError::Closed.into());
        assert_eq!(attempts(2, failed).await, (2, "the store is closed".to_owned()));
    }
}
