//! House tasks: `cargo xtask codegen [--check]`, `tidy`, `coverage begin | [--write]`, `bench`.
//! One task is one module with a `run(arguments)`; this file only picks it.

mod bench;
mod codegen;
mod coverage;
mod tidy;

use std::{
    env,
    io::{self, Write as _},
    path::{Path, PathBuf},
    process::ExitCode,
};

/// What a task ends with: a line to print, or the reason it failed.
type Outcome = Result<String, String>;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match arguments.split_first() {
        Some((&"bench", rest)) => bench::run(&workspace(), rest),
        Some((&"codegen", rest)) => codegen::run(&workspace(), rest),
        Some((&"coverage", rest)) => coverage::run(&workspace(), rest),
        Some((&"tidy", rest)) => tidy::run(&workspace(), rest),
        _ => Err(
            "usage: cargo xtask bench [OPTIONS] | codegen [--check] | coverage begin | coverage [--write] | tidy"
                .to_owned(),
        ),
    };
    // A closed pipe is no reason to fail.
    match outcome {
        Ok(line) => {
            let _ = writeln!(io::stdout(), "{line}");
            ExitCode::SUCCESS
        }
        Err(reason) => {
            let _ = writeln!(io::stderr(), "{reason}");
            ExitCode::FAILURE
        }
    }
}

/// The folder that holds the workspace's Cargo.toml.
fn workspace() -> PathBuf {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask).to_owned()
}
