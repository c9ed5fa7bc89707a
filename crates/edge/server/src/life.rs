//! What a connection shares with the server it belongs to.

use std::convert::Infallible;

use tokio::sync::{mpsc, watch};

pub struct Life {
    /// Becomes true when the server stops.
    pub stop: watch::Receiver<bool>,
    /// Nothing is sent: the server waits until every connection let go of it.
    pub _under_way: mpsc::Sender<Infallible>,
}
