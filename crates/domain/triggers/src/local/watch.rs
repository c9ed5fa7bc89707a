//! Watches over the process in a place: starts it, notices its end, and replaces it when its code or its credentials are old or
//! it does not answer.
//!
//!   start ──asks──▶ idle ──event──▶ at work ──answer──▶ idle
//!     ▲               │ old             │ overdue         (ends by itself: from anywhere; hung: it never asks)
//!     └──── pause ◀───┴─────────────────┴── ended

use std::{os::unix::process::ExitStatusExt, process::ExitStatus, sync::Arc, time::Duration};

use tokio::{
    sync::watch,
    time::{Instant, sleep, sleep_until, timeout},
};

use super::{Surroundings, child::Process, place::Place};

/// Before a process that ended is started again: doubled each time.
const SHORTEST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// While somebody waits for an answer, no longer than this.
const WANTED_PAUSE: Duration = Duration::from_secs(1);
/// Who lived so long was well.
const WELL: Duration = Duration::from_secs(30);
/// What of their lifetime credentials are used for.
const CREDENTIALS_PART: f64 = 0.75;

pub(super) struct Watched {
    pub place: Arc<Place>,
    pub surroundings: Arc<Surroundings>,
    pub stop: watch::Receiver<bool>,
}

/// Why a process is no longer there.
enum End {
    /// By itself.
    Ended(String),
    /// It did not load its code in time.
    Hung,
    /// It did not answer in time.
    Overdue,
    /// It was idle and old.
    Replaced,
    Stopped,
}

impl Watched {
    /// Until it is told to stop.
    pub async fn run(mut self) {
        let mut pause = SHORTEST_PAUSE;
        loop {
            let began = Instant::now();
            let end = self.one_life().await;
            let name = &self.place.local.name;
            match &end {
                End::Ended(reason) => {
                    tracing::warn!(function = name, reason, "a function's process has ended");
                    self.place.ended(reason);
                }
                End::Hung => {
                    tracing::warn!(function = name, "a function did not load in time; its process is ended");
                    self.place.ended("Runtime did not ask for an event in time");
                }
                End::Overdue => {
                    tracing::warn!(
                        function = name,
                        "a function did not answer in time; its process is ended"
                    );
                    self.place.ended("Task timed out");
                }
                End::Replaced => {}
                End::Stopped => break,
            }
            if matches!(end, End::Replaced | End::Overdue) || began.elapsed() > WELL {
                pause = SHORTEST_PAUSE;
                continue;
            }
            let stopped = self.stop.clone();
            if !self.paused(pause, stopped).await {
                break;
            }
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
        self.place.close();
    }

    /// False: stopped meanwhile.
    async fn paused(&self, pause: Duration, mut stop: watch::Receiver<bool>) -> bool {
        let wanted = async {
            sleep(pause.min(WANTED_PAUSE)).await;
            self.place.local.line.waits().await;
        };
        tokio::select! {
            () = sleep(pause) => true,
            () = wanted => true,
            _ = stop.wait_for(|stop| *stop) => false,
        }
    }

    async fn one_life(&mut self) -> End {
        let local = &self.place.local;
        let mut generation = local.line.generation();
        let now = *generation.borrow_and_update();
        self.place.begin(now);
        let credentials = match &local.child.role {
            None => None,
            Some(role) => match self.surroundings.roles.assume(role, &session_name(&local.name)).await {
                Ok(credentials) => Some(credentials),
                Err(why) => return End::Ended(format!("its role {role} can't be assumed: {why}")),
            },
        };
        let renewal = credentials
            .as_ref()
            .map(|credentials| Instant::now() + credentials.lifetime.mul_f64(CREDENTIALS_PART));
        let mut process = match Process::start(&self.place, &self.surroundings, credentials.as_ref()) {
            Ok(process) => process,
            Err(error) => return End::Ended(format!("its command can't be run: {error}")),
        };
        drop(credentials);
        let loaded_by = Instant::now() + local.child.loads_within;
        let mut is_old = false;
        let end = loop {
            if is_old {
                self.place.retire();
            }
            let due = self.place.due();
            if is_old && due.is_none() {
                break End::Replaced;
            }
            let loading = !self.place.has_asked();
            tokio::select! {
                ended = process.ended() => break End::Ended(ended.map_or_else(|error| error.to_string(), told)),
                _ = self.stop.wait_for(|stop| *stop) => break End::Stopped,
                Ok(()) = generation.changed(), if !is_old => is_old = true,
                () = until(renewal), if !is_old => is_old = true,
                () = until(due), if due.is_some() => break End::Overdue,
                () = sleep_until(loaded_by), if loading => {
                    if !self.place.has_asked() {
                        break End::Hung;
                    }
                }
                () = self.place.changed.notified() => {}
            }
        };
        if matches!(end, End::Stopped) {
            self.place.retire();
            self.finished().await;
        }
        process.end().await;
        end
    }

    /// What is at work when the server stops has a moment to answer.
    async fn finished(&self) {
        let idle = async {
            while self.place.due().is_some() {
                self.place.changed.notified().await;
            }
        };
        let _ = timeout(Duration::from_secs(2), idle).await;
    }
}

async fn until(at: Option<Instant>) {
    match at {
        Some(at) => sleep_until(at).await,
        None => std::future::pending().await,
    }
}

/// In the words of Lambda.
fn told(status: ExitStatus) -> String {
    match (status.code(), status.signal()) {
        (Some(0), _) => "Runtime exited without providing a reason".to_owned(),
        (Some(code), _) => format!("Runtime exited with error: exit status {code}"),
        (None, Some(9)) => "Runtime exited with error: signal: killed".to_owned(),
        (None, signal) => format!("Runtime exited with error: signal: {}", signal.unwrap_or(0)),
    }
}

/// Lambda names the session after the function; what a session name may not hold is left out.
fn session_name(function: &str) -> String {
    let fine = |c: &char| c.is_ascii_alphanumeric() || "_+=,.@-".contains(*c);
    let name: String = function.chars().filter(fine).take(64).collect();
    if name.len() < 2 { "function".to_owned() } else { name }
}
