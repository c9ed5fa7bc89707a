//! A scratch PostgreSQL for tests: one cluster a test process, one empty database a test. It listens on a socket in a
//! temporary folder only, and ends and disappears with the process, however that ends.

use std::{
    env, fs,
    io::{self, BufRead, BufReader, Read, Write},
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, Stdio},
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
};

/// The owner of the cluster: `cat` ends when the test process does, because that held the other end of the pipe.
const KEEPER: &str = r#"
set -e
dir=$(mktemp -d "$SCRATCH/poolhouse-pg.XXXXXX")
cd "$dir"
trap : HUP INT TERM
"$BIN/initdb" -D data -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync >log 2>&1 || { cat log >&2; exit 1; }
"$BIN/pg_ctl" -D data -l log -w -o "-k '$dir' -c listen_addresses= -c fsync=off -c max_connections=400" start \
    >/dev/null 2>&1 </dev/null || { cat log >&2; exit 1; }
echo "$dir"
cat >/dev/null || true
"$BIN/pg_ctl" -D data -m immediate stop >/dev/null 2>&1 || true
cd /
rm -rf "$dir"
"#;

/// A running cluster. Its end is the end of the process, or of this value.
pub struct Cluster {
    bin: PathBuf,
    socket: String,
    databases: AtomicU32,
    keeper: Child,
    /// Closing it is what stops the cluster.
    lifeline: Option<ChildStdin>,
}

/// The URL of a new, empty database; None where PostgreSQL is not installed, which `POOLHOUSE_REQUIRE_POSTGRES=1` makes
/// a failure. Says so on standard error.
#[expect(clippy::panic, reason = "called by tests alone: that is how they fail")]
pub fn database() -> Option<String> {
    static CLUSTER: OnceLock<Option<Result<Cluster, String>>> = OnceLock::new();
    let required = env::var_os("POOLHOUSE_REQUIRE_POSTGRES").is_some_and(|value| value == "1");
    let cluster = CLUSTER.get_or_init(|| {
        let Some(bin) = installed() else {
            // Past the test harness, which would keep it to itself. Who can't write can't be told.
            let _ = io::stderr().write_all(b"SKIPPED on PostgreSQL: no /usr/lib/postgresql/*/bin/initdb\n");
            return None;
        };
        Some(Cluster::start(&bin))
    });
    match cluster {
        Some(Ok(cluster)) => Some(
            cluster
                .database()
                .unwrap_or_else(|error| panic!("a scratch database: {error}")),
        ),
        Some(Err(error)) => panic!("a scratch PostgreSQL: {error}"),
        None if required => panic!("PostgreSQL is required (POOLHOUSE_REQUIRE_POSTGRES=1) and not installed"),
        None => None,
    }
}

/// [`database`] when the tests are told to run on PostgreSQL by `POOLHOUSE_TEST_ENGINE=postgres`, which makes a missing
/// installation a failure; None when they run on SQLite.
#[expect(clippy::panic, reason = "called by tests alone: that is how they fail")]
pub fn chosen() -> Option<String> {
    if env::var_os("POOLHOUSE_TEST_ENGINE").is_none_or(|engine| engine != "postgres") {
        return None;
    }
    Some(database().unwrap_or_else(|| panic!("POOLHOUSE_TEST_ENGINE=postgres wants PostgreSQL installed")))
}

/// The programs' folder of the newest version that is installed.
pub fn installed() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").ok()?;
    let bins = versions
        .flatten()
        .map(|version| version.path().join("bin"))
        .filter(|bin| bin.join("initdb").exists());
    bins.max_by_key(|bin| version(bin))
}

fn version(bin: &Path) -> u32 {
    let name = bin.parent().and_then(Path::file_name).and_then(|name| name.to_str());
    name.and_then(|name| name.parse().ok()).unwrap_or(0)
}

impl Cluster {
    /// Takes one to two seconds. The error is what initdb or the server said.
    pub fn start(bin: &Path) -> Result<Self, String> {
        let mut keeper = shell()?
            .args(["-c", KEEPER])
            .env("BIN", bin)
            .env("SCRATCH", env::temp_dir())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| error.to_string())?;
        let mut socket = String::new();
        if let Some(out) = keeper.stdout.take() {
            BufReader::new(out)
                .read_line(&mut socket)
                .map_err(|error| error.to_string())?;
        }
        if socket.is_empty() {
            let mut said = String::new();
            if let Some(mut err) = keeper.stderr.take() {
                err.read_to_string(&mut said).map_err(|error| error.to_string())?;
            }
            return Err(said);
        }
        let lifeline = keeper.stdin.take();
        let socket = socket.trim_end().to_owned();
        Ok(Self {
            bin: bin.to_owned(),
            socket,
            databases: AtomicU32::new(0),
            keeper,
            lifeline,
        })
    }

    /// The folder of the server's socket, `.s.PGSQL.5432`.
    pub fn socket_folder(&self) -> &str {
        &self.socket
    }

    /// Creates an empty database and returns its URL.
    pub fn database(&self) -> Result<String, String> {
        let name = format!("test_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        let made = Command::new(self.bin.join("createdb"))
            .args(["-h", &self.socket, "-U", "postgres", "-T", "template0", &name])
            .output()
            .map_err(|error| error.to_string())?;
        if !made.status.success() {
            return Err(String::from_utf8_lossy(&made.stderr).into_owned());
        }
        Ok(format!(
            "postgres://postgres@{}/{name}",
            self.socket.replace('/', "%2F")
        ))
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.lifeline.take());
        // Without its keeper there is nothing left to stop.
        let _ = self.keeper.wait();
    }
}

/// The server refuses to run as root: there its keeper becomes the user that the package made.
fn shell() -> Result<Command, String> {
    let user = fs::metadata("/proc/self").map_err(|error| error.to_string())?.uid();
    if user != 0 {
        return Ok(Command::new("sh"));
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups", "sh"]);
    Ok(command)
}
