//! The record of a run: which operation answered and which was refused, one line a call. Where it goes is said by
//! `POOLHOUSE_COVERAGE`, a folder; `./test` sets it and has `cargo xtask coverage` read what came of it. Without it nothing
//! is kept. One file a process, so that tests of many processes may run at once.

use std::{
    env, fmt,
    fs::{File, OpenOptions},
    io::Write,
    path::Path,
    process,
    sync::OnceLock,
};

use model::Table;

#[derive(Clone, Copy)]
pub(crate) enum Outcome {
    Ok,
    /// By the operation itself.
    Refused,
    /// Before the operation was asked: by its model or by policies.
    AtTheDoor,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ok => "ok",
            Self::Refused => "refused",
            Self::AtTheDoor => "at-the-door",
        })
    }
}

pub(crate) fn call(service: &str, operation: &str, outcome: Outcome, code: &str) {
    write(&format!("{service} {operation} {outcome} {code}"));
}

/// The table has no name that the model lacks; what it has is recorded as implemented.
pub fn table_is_modelled<S>(table: &Table<S>) {
    assert_eq!(table.unknown(), Vec::<&str>::new());
    for entry in table.entries {
        write(&format!("{} {} implemented", table.service.id, entry.name));
    }
}

#[expect(clippy::panic, reason = "called by tests alone: that is how they fail")]
fn write(line: &str) {
    static RECORD: OnceLock<Option<File>> = OnceLock::new();
    let record = RECORD.get_or_init(|| {
        let path = Path::new(&env::var_os("POOLHOUSE_COVERAGE")?).join(format!("rust.{}", process::id()));
        let opened = OpenOptions::new().create(true).append(true).open(&path);
        Some(opened.unwrap_or_else(|error| panic!("{}: {error}", path.display())))
    });
    if let Some(mut file) = record.as_ref() {
        // In one piece: tests of one process run at once.
        let written = file.write_all(format!("{}\n", line.trim_end()).as_bytes());
        written.unwrap_or_else(|error| panic!("the record of the run: {error}"));
    }
}
