//! `cargo xtask bench`: builds the program and the bench for release, then measures the one by the other.

use std::{path::Path, process::Command};

use crate::Outcome;

pub fn run(root: &Path, arguments: &[&str]) -> Outcome {
    let build = ["build", "--release", "-p", "poolhouse", "-p", "bench"];
    succeed(Command::new("cargo").args(build).current_dir(root))?;
    succeed(
        Command::new(root.join("target/release/bench"))
            .args(arguments)
            .current_dir(root),
    )?;
    Ok("measured".to_owned())
}

fn succeed(command: &mut Command) -> Result<(), String> {
    let status = command.status().map_err(|error| format!("{command:?}: {error}"))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("{command:?}: {status}"))
    }
}
