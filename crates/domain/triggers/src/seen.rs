//! Looking at what was invoked, and invoking it again: dev.

use std::sync::Arc;

use serde_json::Value;

use crate::{Failure, Recorded, Triggers};

impl Triggers {
    /// Newest first; none where they are not kept.
    pub fn recorded(&self) -> Vec<Arc<Recorded>> {
        let record = self.0.record.as_ref();
        record.map_or_else(Vec::new, crate::record::Record::last)
    }

    /// The same event once more, for the function that the ARN means now. None: that invocation is not kept.
    pub async fn replay(&self, number: u64) -> Option<Result<Value, Failure>> {
        let recorded = self.recorded().into_iter().find(|recorded| recorded.number == number)?;
        Some(self.observed(&recorded.invocation, recorded.wanted).await)
    }

    /// Drops what was recorded: the server is as freshly started (reset in dev).
    pub fn forget(&self) {
        if let Some(record) = &self.0.record {
            record.clear();
        }
    }
}
