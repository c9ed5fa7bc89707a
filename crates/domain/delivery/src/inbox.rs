//! The inbox: what dev would have sent, kept to be read.

use std::sync::Arc;

use kernel::{ApiError, Timestamp};
use store::records::outbox;
use tokio::sync::broadcast;

use crate::{Delivery, Message};

/// A message that was kept.
#[derive(Clone, Debug)]
pub struct Kept {
    pub id: String,
    pub at: Timestamp,
    pub message: Message,
}

/// How many messages one look returns, and how many are opened to find them.
const SHOWN: usize = 200;
const OPENED: i64 = 2000;

impl Delivery {
    /// Newest first; only those to `to`, if given (case ignored).
    pub async fn inbox(&self, to: Option<&str>) -> Result<Vec<Kept>, ApiError> {
        let rows = self.store.read(|r| outbox::kept(r, "", OPENED)).await?;
        let mut found = Vec::new();
        for (id, sealed, at) in rows {
            let message = self.open(&id, &sealed)?;
            if to.is_none_or(|to| message.to.eq_ignore_ascii_case(to)) {
                found.push(Kept { id, at, message });
            }
            if found.len() == SHOWN {
                break;
            }
        }
        Ok(found)
    }

    /// What arrives from now on.
    pub fn arrivals(&self) -> broadcast::Receiver<Arc<Kept>> {
        self.arrivals.subscribe()
    }
}
