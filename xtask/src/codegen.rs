//! Writes what is generated from models/*.json: the statics of crate `model` and the structs of crate `api`. With
//! `--check` nothing is written; a file that differs is a failure.

mod api_file;
mod model_file;
mod names;
mod overlay;
mod reach;
mod scope;
mod source;

use std::{fs, path::Path};

use crate::Outcome;

pub(crate) const SERVICES: [&str; 4] = ["cognito-idp", "cognito-identity", "iam", "sts"];

/// A generated file: its path from the workspace's root, and what it should hold.
pub(crate) struct Generated {
    pub(crate) path: String,
    pub(crate) text: String,
}

pub(crate) fn run(root: &Path, arguments: &[&str]) -> Outcome {
    match arguments {
        [] => write(root),
        ["--check"] => check(root),
        _ => Err("usage: cargo xtask codegen [--check]".to_owned()),
    }
}

fn write(root: &Path) -> Outcome {
    let stale = stale(root)?;
    for file in &stale {
        fs::write(root.join(&file.path), &file.text).map_err(|error| format!("{}: {error}", file.path))?;
    }
    Ok(format!("codegen: {} files written", stale.len()))
}

fn check(root: &Path) -> Outcome {
    let stale = stale(root)?;
    if stale.is_empty() {
        return Ok("codegen: everything is fresh".to_owned());
    }
    let paths: Vec<&str> = stale.iter().map(|file| file.path.as_str()).collect();
    Err(format!("stale, run `cargo xtask codegen`: {}", paths.join(", ")))
}

/// The generated files whose text on disk is not what the models say now.
pub(crate) fn stale(root: &Path) -> Result<Vec<Generated>, String> {
    let mut files = generate(root)?;
    files.retain(|file| fs::read_to_string(root.join(&file.path)).ok().as_deref() != Some(file.text.as_str()));
    Ok(files)
}

fn generate(root: &Path) -> Result<Vec<Generated>, String> {
    let overlays = overlay::load(&read(root, "models/overlay.json")?)?;
    let mut files = Vec::new();
    for id in SERVICES {
        let mut model = source::load(&read(root, &format!("models/{id}.json"))?)?;
        overlay::apply(&overlays, &mut model)?;
        files.push(model_file::generate(&model)?);
        files.push(api_file::generate(&model)?);
    }
    Ok(files)
}

fn read(root: &Path, path: &str) -> Result<String, String> {
    fs::read_to_string(root.join(path)).map_err(|error| format!("{path}: {error}"))
}

#[cfg(test)]
mod tests;
