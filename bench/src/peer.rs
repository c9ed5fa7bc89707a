//! oidc-provider (npm), started beside ours on the same machine: bench/peer/provider.mjs says what it does for a request.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::child::Server;

/// Whether it is wanted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    Off,
    IfInstalled,
    /// npm is asked for what bench/peer/package-lock.json pins.
    Install,
}

impl Wish {
    pub fn read(text: &str) -> Result<Self, String> {
        match text {
            "off" => Ok(Self::Off),
            "installed" => Ok(Self::IfInstalled),
            "install" => Ok(Self::Install),
            _ => Err("--peer wants off, installed or install".to_owned()),
        }
    }
}

/// What a client shows it.
pub struct Client<'a> {
    pub id: &'a str,
    pub secret: &'a str,
    pub scope: &'a str,
}

/// The inner error says why there is none to measure; the outer one is a failure.
pub fn start(wish: Wish, client: &Client<'_>) -> Result<Result<Server, &'static str>, String> {
    let folder = folder();
    if wish == Wish::Off {
        return Ok(Err("off"));
    }
    if !runs("node") {
        return Ok(Err("there is no node"));
    }
    if wish == Wish::Install {
        install(&folder)?;
    }
    if !folder.join("node_modules/oidc-provider").exists() {
        return Ok(Err("it is not installed, which --peer install does"));
    }
    let mut command = Command::new("node");
    // It ends with us: by the end of its input.
    command
        .env("NODE_ENV", "production")
        .arg(folder.join("provider.mjs"))
        .args([client.id, client.secret, client.scope])
        .stdin(Stdio::piped())
        .stderr(Stdio::null());
    Server::listening(command).map(Ok)
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("peer")
}

fn runs(program: &str) -> bool {
    let version = Command::new(program)
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    version.is_ok_and(|status| status.success())
}

fn install(folder: &Path) -> Result<(), String> {
    let installed = Command::new("npm")
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"])
        .current_dir(folder)
        .status();
    match installed {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("npm ci: {status}")),
        Err(error) => Err(format!("npm ci: {error}")),
    }
}
