//! A function that runs here, and how it is asked.

use std::{path::PathBuf, time::Duration};

use bytes::Bytes;
use kernel::Env;
use tokio::{
    sync::oneshot,
    time::{Instant, timeout_at},
};

use super::{
    files::Files,
    line::{Job, Line},
};
use crate::{Failure, invocation::Asked};

/// What is run for a function.
pub struct Child {
    /// Program and arguments; never empty.
    pub command: Vec<String>,
    /// Where it is run, absolute.
    pub directory: PathBuf,
    /// What may lie beneath it and is no code of its: the server's own data, absolute.
    pub unwatched: Option<PathBuf>,
    /// Beside what Lambda sets.
    pub environment: Vec<(String, String)>,
    /// The role whose temporary credentials it gets.
    pub role: Option<String>,
    /// How many take events beside each other.
    pub processes: usize,
    /// Within this a process must have loaded its code and asked for an event, or it is replaced.
    pub loads_within: Duration,
}

pub(crate) struct Local {
    pub name: String,
    pub child: Child,
    pub line: Line,
    pub files: Files,
}

impl Local {
    pub fn new(name: String, child: Child) -> Self {
        Self {
            name,
            files: Files::new(child.directory.clone(), child.unwatched.clone()),
            child,
            line: Line::default(),
        }
    }

    /// How many processes take events beside each other.
    pub fn places(&self) -> usize {
        self.child.processes.max(1)
    }

    /// Who is given the event late has its time for it all the same, as far as anybody hears the answer.
    pub async fn ask(&self, env: &Env, asked: Asked<'_>) -> Result<Bytes, Failure> {
        if self.line.reloads() && self.files.changed().await {
            tracing::info!(
                function = self.name,
                "a file has changed: its processes are started anew"
            );
            self.line.begin_generation();
        }
        let (reply, mut answer) = oneshot::channel();
        let (id, times) = (kernel::uuid(env.rng.as_ref()), asked.times);
        let left = times.until.saturating_duration_since(Instant::now());
        self.line.put(Job {
            id: id.clone(),
            trace: trace(env),
            arn: asked.arn.to_owned(),
            event: asked.event,
            times,
            over: env.clock.wall().plus(left),
            reply,
        });
        let answered = match timeout_at(times.begun_by, &mut answer).await {
            Err(_) if !self.line.withdraw(&id) => timeout_at(times.until, answer).await,
            answered => answered,
        };
        match answered {
            Ok(Ok(outcome)) => outcome,
            // Nobody is left who could answer: the server is stopping.
            Ok(Err(_)) => Err(Failure::SERVICE),
            Err(_) => Err(Failure::TIMED_OUT),
        }
    }
}

/// As X-Ray writes it, of a trace that nobody samples.
fn trace(env: &Env) -> String {
    let (seconds, rng) = (env.clock.wall().secs(), env.rng.as_ref());
    let (root, parent) = (kernel::hex(rng, 24), kernel::hex(rng, 16));
    format!("Root=1-{seconds:08x}-{root};Parent={parent};Sampled=0")
}
