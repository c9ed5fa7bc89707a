//! The processes of all local functions, from start to stop.

use std::{io, net::Ipv4Addr, sync::Arc, time::Duration};

use tokio::{net::TcpListener, sync::watch, task::JoinSet, time::timeout};

use super::{
    function::Local,
    place::Place,
    runtime_api,
    surroundings::{Reload, Surroundings},
    watch::Watched,
};

pub(crate) struct Host {
    surroundings: Arc<Surroundings>,
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

/// How long stopping waits for processes to end.
const PATIENCE: Duration = Duration::from_secs(3);

impl Host {
    pub fn new(surroundings: Arc<Surroundings>) -> Self {
        let (stop, _) = watch::channel(false);
        Self {
            surroundings,
            stop,
            tasks: JoinSet::new(),
        }
    }

    /// A place, with a port of its own, for each of a function's processes.
    pub async fn run(&mut self, local: &Arc<Local>) -> io::Result<()> {
        if self.surroundings.reload == Reload::WhenChanged {
            local.line.reload();
            local.files.changed().await;
        }
        for _ in 0..local.places() {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
            let place = Arc::new(Place::new(Arc::clone(local), listener.local_addr()?));
            self.tasks.spawn(runtime_api::serve(listener, Arc::clone(&place)));
            let watched = Watched {
                place,
                surroundings: Arc::clone(&self.surroundings),
                stop: self.stop.subscribe(),
            };
            self.tasks.spawn(watched.run());
        }
        Ok(())
    }

    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        let ended = async {
            // The listeners end with the last place that is watched.
            while self.tasks.join_next().await.is_some() {}
        };
        let _ = timeout(PATIENCE, ended).await;
    }
}
