//! What runs beside invocations: the processes of local functions, and those invocations that nobody waits for.

use std::{io, sync::Arc};

use tokio::task::JoinHandle;

use crate::{
    Triggers,
    invocation::Wanted,
    local::{Host, Surroundings},
};

/// What was started. Dropped, it kills the processes.
pub struct Running {
    host: Host,
    posted: JoinHandle<()>,
}

impl Triggers {
    /// Starts the local functions' processes, so that the first to sign in waits for none and a command that can't be run is
    /// seen at once. Until then invocations of them wait. Errors: no port on loopback.
    pub async fn start(&self, surroundings: Surroundings) -> io::Result<Running> {
        let mut host = Host::new(Arc::new(surroundings));
        for function in self.0.functions.local() {
            host.run(function).await?;
        }
        Ok(Running {
            host,
            posted: tokio::spawn(run_posted(self.clone())),
        })
    }
}

impl Running {
    /// Ends the processes; those that are at work may finish first.
    pub async fn stop(self) {
        self.posted.abort();
        self.host.stop().await;
    }
}

/// Until it is aborted.
async fn run_posted(triggers: Triggers) {
    let Some(mut posted) = triggers.0.posted.take() else {
        return;
    };
    while let Some(invocation) = posted.recv().await {
        // What is begun asks for room in order of arrival: when this one has some, so has all that was begun before.
        drop(triggers.0.room.enter(&invocation.arn).await);
        let triggers = triggers.clone();
        tokio::spawn(async move { triggers.observed(&invocation, Wanted::Never).await });
    }
}
