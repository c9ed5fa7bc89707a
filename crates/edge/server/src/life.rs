//! What a connection shares with the server it belongs to.

use std::{convert::Infallible, time::Duration};

use tokio::sync::{mpsc, watch};

/// How long, and for how many bytes, a client is listened to that goes on sending after the connection's last answer.
pub const LINGER: Duration = Duration::from_secs(5);
pub const LINGER_BYTES: usize = 64 << 20;

pub struct Life {
    /// Becomes true when the server stops.
    pub stop: watch::Receiver<bool>,
    /// Nothing is sent: the server waits until every connection let go of it.
    pub _under_way: mpsc::Sender<Infallible>,
}
