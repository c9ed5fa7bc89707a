//! What tells a background job that there is work before its time.

use std::sync::Arc;

use tokio::sync::Notify;

/// Rung by operations, heard by the one who does the work. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Wake(Arc<Notify>);

impl Wake {
    /// Heard once, now or when next somebody listens.
    pub fn ring(&self) {
        self.0.notify_one();
    }

    pub async fn rung(&self) {
        self.0.notified().await;
    }
}
