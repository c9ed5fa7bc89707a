//! A source file has one job and is read in one sitting; a `lib.rs` says what its crate owns.

use std::path::Path;

use super::{read, tracked};

const MOST_LINES: usize = 400;
const MOST_LIB_LINES: usize = 200;

pub fn check(root: &Path) -> Result<Vec<String>, String> {
    let mut findings = Vec::new();
    for file in tracked(root)?.iter().filter(|file| is_source(file)) {
        let text = read(root, file)?;
        let lines = text.lines().count();
        let is_lib = file.ends_with("/lib.rs");
        let most = if is_lib { MOST_LIB_LINES } else { MOST_LINES };
        if lines > most {
            findings.push(format!(
                "{file}: {lines} lines; at most {most}: would a newcomer find one job in it?"
            ));
        }
        let is_test = file.ends_with("tests.rs") || file.contains("/tests/");
        if !is_test && !text.starts_with("//!") {
            findings.push(format!("{file}: begins without saying what it is for (//!)"));
        }
        if is_lib && text.lines().take_while(|line| line.starts_with("//!")).count() < 2 {
            findings.push(format!(
                "{file}: says in two to six lines what the crate owns, never does, where to start"
            ));
        }
    }
    Ok(findings)
}

/// Rust that people write: generated code and tables of data aside.
fn is_source(file: &str) -> bool {
    Path::new(file).extension().is_some_and(|extension| extension == "rs") && !file.contains("/generated")
}
