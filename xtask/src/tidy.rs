//! `cargo xtask tidy`: the house rules that no compiler knows. Each rule is one file with a `check(root) -> Vec<String>`;
//! a finding names its place and what to do.

mod circles;
mod citations;
mod edges;
mod files;
mod paths;
mod schema;
mod unused;
mod words;

use std::path::Path;

use crate::{Outcome, codegen};

pub fn run(root: &Path, arguments: &[&str]) -> Outcome {
    if !arguments.is_empty() {
        return Err("usage: cargo xtask tidy".to_owned());
    }
    let mut findings = Vec::new();
    findings.extend(edges::check(root)?);
    findings.extend(files::check(root)?);
    findings.extend(words::check(root)?);
    findings.extend(citations::check(root)?);
    findings.extend(circles::check(root)?);
    findings.extend(unused::check(root)?);
    findings.extend(schema::check(root)?);
    findings.extend(
        codegen::stale(root)?
            .into_iter()
            .map(|file| format!("{}: stale, run cargo xtask codegen", file.path)),
    );
    if findings.is_empty() {
        return Ok("tidy".to_owned());
    }
    findings.sort();
    Err(format!("{}\n{} finding(s)", findings.join("\n"), findings.len()))
}

/// Every file that git knows or would take, below the root.
fn tracked(root: &Path) -> Result<Vec<String>, String> {
    let listed = std::process::Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard"])
        .current_dir(root)
        .output()
        .map_err(|error| format!("git ls-files: {error}"))?;
    let listed = String::from_utf8_lossy(&listed.stdout);
    Ok(listed
        .lines()
        .filter(|file| root.join(file).is_file())
        .map(str::to_owned)
        .collect())
}

fn read(root: &Path, file: &str) -> Result<String, String> {
    std::fs::read_to_string(root.join(file)).map_err(|error| format!("{file}: {error}"))
}
