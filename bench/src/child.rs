//! The server under test: started on a free port in a folder of its own, measured by /proc, stopped by its process id.

use std::{
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

pub struct Server {
    child: Child,
    pub address: String,
}

/// What a process has used so far.
#[derive(Clone, Copy)]
pub struct Usage {
    pub cpu: Duration,
    pub resident_bytes: u64,
}

impl Server {
    pub fn start(binary: &str, data: &Path) -> Result<Self, String> {
        Self::run(Command::new(binary), data)
    }

    /// With the functions of a configuration file.
    pub fn start_with(binary: &str, data: &Path, configuration: &Path) -> Result<Self, String> {
        let mut command = Command::new(binary);
        command.env("POOLHOUSE_CONFIG", configuration);
        Self::run(command, data)
    }

    /// On the first core alone.
    pub fn start_on_one_core(binary: &str, data: &Path) -> Result<Self, String> {
        Self::run(on_one_core(binary), data)
    }

    /// The same with the functions of a configuration file.
    pub fn start_on_one_core_with(binary: &str, data: &Path, configuration: &Path) -> Result<Self, String> {
        let mut command = on_one_core(binary);
        command.env("POOLHOUSE_CONFIG", configuration);
        Self::run(command, data)
    }

    fn run(mut command: Command, data: &Path) -> Result<Self, String> {
        command
            .args(["dev", "--listen", "127.0.0.1:0", "--log-level", "error", "--data"])
            .arg(data)
            .stderr(Stdio::inherit());
        Self::listening(command)
    }

    /// Any server that says where it listens, as ours does.
    pub fn listening(mut command: Command) -> Result<Self, String> {
        let mut child = command
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("{command:?}: {error}"))?;
        let output = child.stdout.take().ok_or("the server has no output")?;
        for line in BufReader::new(output).lines() {
            let line = line.map_err(|error| error.to_string())?;
            if let Some(address) = line.trim().strip_prefix("listening http://") {
                return Ok(Self {
                    child,
                    address: address.to_owned(),
                });
            }
        }
        Err("the server ended before it listened".to_owned())
    }

    pub fn usage(&self) -> Result<Usage, String> {
        usage(self.child.id())
    }

    /// What it has used when it has come to rest: what was set up before leaves work that is not the measured one's, such as keys
    /// in the place of those that a new pool took.
    ///
    /// Errors: it doesn't come to rest.
    pub async fn at_rest(&self) -> Result<Usage, String> {
        let (while_looking, at_most) = (Duration::from_millis(200), Duration::from_millis(10));
        let mut before = self.usage()?;
        for _ in 0..100 {
            tokio::time::sleep(while_looking).await;
            let now = self.usage()?;
            if now.cpu.saturating_sub(before.cpu) <= at_most {
                return Ok(now);
            }
            before = now;
        }
        Err("the server does not come to rest".to_owned())
    }
}

fn on_one_core(binary: &str) -> Command {
    let mut command = Command::new("taskset");
    command.args(["-c", "0", binary]);
    command
}

/// Of any process.
pub fn usage(pid: u32) -> Result<Usage, String> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).map_err(|error| error.to_string())?;
    // The name stands in parentheses and may hold blanks; utime and stime are the 12th and 13th word after it.
    let after = stat.rsplit_once(')').map_or("", |(_, after)| after);
    let words: Vec<u64> = after.split_whitespace().map(|word| word.parse().unwrap_or(0)).collect();
    let ticks = words.get(11).copied().unwrap_or(0) + words.get(12).copied().unwrap_or(0);
    let pages = words.get(21).copied().unwrap_or(0);
    Ok(Usage {
        cpu: Duration::from_millis(ticks * 10),
        resident_bytes: pages * 4096,
    })
}

/// Puts this process, all its threads, on the second core, so that load and server don't take each other's time.
pub fn move_to_the_other_core() -> Result<(), String> {
    let own = std::process::id().to_string();
    let moved = Command::new("taskset")
        .args(["-a", "-c", "-p", "1", &own])
        .stdout(Stdio::null())
        .status();
    match moved {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("taskset: {status}")),
        Err(error) => Err(format!("taskset: {error}")),
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
