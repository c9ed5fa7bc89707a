//! What runs beside invocations: the processes of local functions.

use std::{io, sync::Arc};

use crate::{
    Triggers,
    local::{Host, Surroundings},
};

/// What was started. Dropped, it kills the processes.
pub struct Running {
    host: Host,
}

impl Triggers {
    /// Starts the local functions' processes, so that the first to sign in waits for none and a command that can't be run is
    /// seen at once. Until then invocations of them wait. Errors: no port on loopback.
    pub async fn start(&self, surroundings: Surroundings) -> io::Result<Running> {
        let mut host = Host::new(Arc::new(surroundings));
        for function in self.0.functions.local() {
            host.run(function).await?;
        }
        Ok(Running { host })
    }
}

impl Running {
    /// Ends the processes; those that are at work may finish first.
    pub async fn stop(self) {
        self.host.stop().await;
    }
}
