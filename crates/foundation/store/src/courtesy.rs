//! Work that nobody waits for: the rest of a deleted pool, what has expired. It is done in small transactions with pauses
//! between them, so that however much there is, those whom somebody waits for hardly notice.

use std::time::Duration;

use tokio::time::Instant;

/// Six parts of rest to one of work: a seventh of the writer at most. What is waited in line counts as work, so that under
/// load the share is smaller still.
const REST: u32 = 6;

/// However slow a transaction was.
const LONGEST_REST: Duration = Duration::from_secs(2);

/// The pace of one such work. What it takes part by part is awaited through [`Courtesy::turn`].
#[derive(Default)]
pub struct Courtesy {
    owed: Duration,
}

impl Courtesy {
    /// Awaits one small transaction, after a pause in proportion to the one before.
    pub async fn turn<T>(&mut self, transaction: impl Future<Output = T>) -> T {
        if !self.owed.is_zero() {
            tokio::time::sleep(self.owed).await;
        }
        let begun = Instant::now();
        let outcome = transaction.await;
        self.owed = (begun.elapsed() * REST).min(LONGEST_REST);
        outcome
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn rest_follows_work_in_proportion() {
        let (begun, mut pace) = (Instant::now(), Courtesy::default());
        let work = async |millis| tokio::time::sleep(Duration::from_millis(millis)).await;
        let mut ended = Vec::new();
        for millis in [10, 1000, 5] {
            pace.turn(work(millis)).await;
            ended.push(begun.elapsed().as_millis());
        }
        assert_eq!(ended, [10, 10 + 60 + 1000, 1070 + 2000 + 5]);
    }
}
