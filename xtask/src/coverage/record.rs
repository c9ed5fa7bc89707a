//! The record of a run: files of lines `SERVICE OPERATION OUTCOME [CODE]`, one a process, `rust.*` of the crates' tests and
//! `clients.*` of the real clients'.

use std::{
    collections::BTreeSet,
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    io,
    path::{Path, PathBuf},
    process::Command,
};

use crate::Outcome;

/// What of the sources decides what a run can see.
const SOURCES: [&str; 6] = ["crates", "testkit", "models", "e2e", "Cargo.toml", "Cargo.lock"];
/// Holds what the sources were when the run began.
const BEGUN: &str = "begun";
/// Written by `./test` at the end of the whole suite.
const WHOLE: &str = "whole";

/// Lines `SERVICE OPERATION`.
#[derive(Default)]
pub struct Record {
    pub implemented: BTreeSet<String>,
    /// By the operation itself, in a test of a crate.
    pub refused: BTreeSet<String>,
    pub answered_to_clients: BTreeSet<String>,
}

impl Record {
    pub fn read(&mut self, file: &str, text: &str) {
        let by_clients = file.starts_with("clients.");
        for line in text.lines() {
            let mut words = line.split(' ');
            let (Some(service), Some(operation), Some(outcome)) = (words.next(), words.next(), words.next()) else {
                continue;
            };
            let proved = match (by_clients, outcome) {
                (true, "ok") => &mut self.answered_to_clients,
                (false, "implemented") => &mut self.implemented,
                (false, "refused") => &mut self.refused,
                _ => continue,
            };
            proved.insert(format!("{service} {operation}"));
        }
    }
}

/// Empties the record.
pub fn begin(root: &Path) -> Outcome {
    let folder = folder(root);
    match fs::remove_dir_all(&folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(named(&folder, &error)),
        _ => fs::create_dir_all(&folder).map_err(|error| named(&folder, &error))?,
    }
    let begun = folder.join(BEGUN);
    fs::write(&begun, sources(root)?).map_err(|error| named(&begun, &error))?;
    Ok(format!("{} is empty", folder.display()))
}

/// The error says why there is none that proves anything.
pub fn of_a_whole_run(root: &Path) -> Result<Record, String> {
    let folder = folder(root);
    if !folder.join(WHOLE).is_file() {
        return Err("there is no record of a whole run: ./test makes one".to_owned());
    }
    let begun = fs::read_to_string(folder.join(BEGUN)).unwrap_or_default();
    if begun != sources(root)? {
        return Err("the record is of other sources: ./test makes a new one".to_owned());
    }
    let mut record = Record::default();
    for entry in fs::read_dir(&folder).map_err(|error| named(&folder, &error))? {
        let path = entry.map_err(|error| named(&folder, &error))?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        record.read(name, &fs::read_to_string(&path).map_err(|error| named(&path, &error))?);
    }
    Ok(record)
}

/// A digest of every source that git knows or would take.
fn sources(root: &Path) -> Result<String, String> {
    let listed = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard", "--"])
        .args(SOURCES)
        .current_dir(root)
        .output()
        .map_err(|error| format!("git ls-files: {error}"))?;
    let mut digest = DefaultHasher::new();
    for file in String::from_utf8_lossy(&listed.stdout).lines() {
        file.hash(&mut digest);
        // What was deleted and not committed is listed, and read as nothing.
        fs::read(root.join(file)).ok().hash(&mut digest);
    }
    Ok(format!("{:016x}", digest.finish()))
}

fn folder(root: &Path) -> PathBuf {
    root.join("target/coverage")
}

fn named(path: &Path, error: &io::Error) -> String {
    format!("{}: {error}", path.display())
}
