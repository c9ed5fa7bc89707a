//! One process and what it starts: they live and end together.

use std::{
    io,
    path::Path,
    process::{ExitStatus, Stdio},
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::{
    process::{Child, Command},
    time::timeout,
};

use super::{RoleCredentials, Surroundings, environment, output, place::Place};

/// Between being asked to end and being killed.
const PATIENCE: Duration = Duration::from_millis(500);

pub(super) struct Process {
    child: Child,
    group: Group,
}

/// The processes that the child leads. Killed when dropped, so that none outlives it.
struct Group(Option<Pid>);

impl Process {
    /// Errors: the command can't be run.
    pub fn start(
        place: &Place,
        surroundings: &Surroundings,
        credentials: Option<&RoleCredentials>,
    ) -> io::Result<Self> {
        let settings = &place.local.child;
        let (program, arguments) = settings.command.split_first().ok_or(io::ErrorKind::InvalidInput)?;
        // What has a slash is meant from the function's own directory.
        let beneath = settings.directory.join(program);
        let program = if program.contains('/') {
            beneath.as_path()
        } else {
            Path::new(program)
        };
        let mut child = Command::new(program)
            .args(arguments)
            .current_dir(&settings.directory)
            .env_clear()
            .envs(environment::of(&place.local, surroundings, place.address, credentials))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            // Of its own: a signal from the terminal is ours to hand on.
            .process_group(0)
            .kill_on_drop(true)
            .spawn()?;
        let pid = child.id().and_then(|id| Pid::from_raw(i32::try_from(id).ok()?));
        for output in [
            child.stdout.take().map(Output::Usual),
            child.stderr.take().map(Output::Error),
        ]
        .into_iter()
        .flatten()
        {
            let name = place.local.name.clone();
            // Ends when the last that holds the other end does.
            tokio::spawn(async move {
                match output {
                    Output::Usual(output) => output::log(&name, output).await,
                    Output::Error(output) => output::log(&name, output).await,
                }
            });
        }
        Ok(Self {
            child,
            group: Group(pid),
        })
    }

    /// Until it has ended by itself.
    pub async fn ended(&mut self) -> io::Result<ExitStatus> {
        self.child.wait().await
    }

    /// Asked to end, then killed.
    pub async fn end(mut self) {
        self.group.signal(Signal::TERM);
        let _ = timeout(PATIENCE, self.child.wait()).await;
    }
}

enum Output {
    Usual(tokio::process::ChildStdout),
    Error(tokio::process::ChildStderr),
}

impl Group {
    fn signal(&self, signal: Signal) {
        if let Some(pid) = self.0 {
            // They may have ended; that is no error.
            let _ = kill_process_group(pid, signal);
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.signal(Signal::KILL);
    }
}
