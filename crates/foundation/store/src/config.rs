//! Where the data lives, and how much of it may be under way at once.

use std::{fmt, path::PathBuf, thread};

/// Which engine, and where its data is.
#[derive(Clone)]
pub enum Config {
    /// One file, made when absent; its folder must exist.
    Sqlite { path: PathBuf },
    /// `postgres://user:password@host/database`. Beyond a loopback address TLS is required unless `sslmode=disable` is
    /// said; `sslrootcert=FILE` names the authority to trust in place of the public ones.
    Postgres { url: String },
}

/// The URL holds a password: only the engine's name is shown.
impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite { path } => f.debug_struct("Sqlite").field("path", path).finish(),
            Self::Postgres { .. } => f.debug_struct("Postgres").finish_non_exhaustive(),
        }
    }
}

/// How many threads serve the store and how much may wait for them.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Threads that read, each with a connection of its own. SQLite has as many connections beside them for look-ups.
    pub readers: usize,
    /// PostgreSQL only: threads that write, each with a connection of its own. SQLite has one writer.
    pub writers: usize,
    /// Closures that may wait for a reader, and as many for a writer, before calls are refused as overload.
    pub waiting: usize,
    /// SQLite only: closures that share one commit at most.
    pub batch: usize,
}

impl Default for Limits {
    fn default() -> Self {
        let cores = thread::available_parallelism().map_or(2, usize::from);
        Self {
            readers: cores.clamp(2, 8),
            writers: 8,
            waiting: 4096,
            batch: 128,
        }
    }
}
