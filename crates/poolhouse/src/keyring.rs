//! Where the keyring comes from, and whether it is the database's. decision 9.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use kernel::Rng;
use store::{Store, records::facts};
use vault::{Keyring, KeyringCheck, KeyringMismatch};
use zeroize::Zeroizing;

use crate::{
    data::{Created, DataFolder, create_private, read_secret},
    failure::{Failure, Result},
    settings::Settings,
};

/// The name of the fact that holds the check value.
const FACT: &str = "keyring";

/// Where the settings say that the keyring is.
#[derive(Debug, PartialEq, Eq)]
pub enum Source {
    File(PathBuf),
    /// The text itself, out of the environment or the settings' file.
    Text(Zeroizing<String>),
    Command(String),
}

/// Whether an absent keyring file may be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Absent {
    Create,
    Refuse,
}

impl Source {
    pub fn of(settings: &Settings, data: &DataFolder) -> Result<Self> {
        match (&settings.keyring, &settings.keyring_command) {
            (Some(_), Some(_)) => Err(Failure::new(
                "keyring and keyring_command are both set: choose one of them.",
            )),
            (None, Some(command)) => Ok(Self::Command(command.clone())),
            (None, None) => Ok(Self::File(data.keyring())),
            (Some(text), None) if text.trim_start().starts_with('{') => Ok(Self::Text(Zeroizing::new(text.clone()))),
            (Some(path), None) => Ok(Self::File(path.into())),
        }
    }

    /// The file, if that is what it is.
    pub fn file(&self) -> Option<&Path> {
        match self {
            Self::File(path) => Some(path),
            Self::Text(_) | Self::Command(_) => None,
        }
    }

    /// Errors: a file that is not there.
    pub fn must_exist(&self) -> Result<()> {
        match self {
            Self::File(path) if !path.exists() => Err(missing(self)),
            _ => Ok(()),
        }
    }

    fn read(&self) -> Result<Option<Keyring>> {
        let text = match self {
            Self::Text(text) => text.clone(),
            Self::Command(command) => output_of(command)?,
            Self::File(path) => {
                let read = read_secret(path);
                match read.map_err(|error| Failure::file("the keyring can't be read:", path, &error))? {
                    Some(text) => {
                        warn_if_open(path);
                        text
                    }
                    None => return Ok(None),
                }
            }
        };
        Keyring::parse(&text)
            .map(Some)
            .map_err(|error| Failure::new(format!("{error}{}.", at(self))))
    }

    fn create(&self, rng: &dyn Rng) -> Result<Keyring> {
        let Self::File(path) = self else {
            return Err(Failure::new("only a keyring file can be made."));
        };
        let keyring = Keyring::generate(rng);
        let written = create_private(path, keyring.to_text().as_str());
        match written.map_err(|error| Failure::file("the keyring can't be made:", path, &error))? {
            Created::Yes => {
                tracing::info!(path = %path.display(), "made a keyring: keep a copy of it, apart from the database's");
                Ok(keyring)
            }
            Created::Exists => self
                .read()?
                .ok_or_else(|| Failure::new("the keyring went away while it was read.")),
        }
    }
}

fn output_of(command: &str) -> Result<Zeroizing<String>> {
    let output = Command::new("sh")
        .args(["-c", command])
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output();
    let output = output.map_err(|error| Failure::new(format!("the keyring's command can't be run: {error}")))?;
    if !output.status.success() {
        return Err(Failure::new(format!("the keyring's command failed: {}", output.status)));
    }
    let text = String::from_utf8(output.stdout);
    Ok(Zeroizing::new(text.map_err(|_| {
        Failure::new("the keyring's command printed what is no text.")
    })?))
}

fn warn_if_open(path: &Path) {
    let mode = fs::metadata(path).map_or(0, |metadata| metadata.permissions().mode());
    if mode & 0o077 != 0 {
        tracing::warn!(path = %path.display(), mode = format!("{:03o}", mode & 0o777), "others may read the keyring: chmod 600");
    }
}

/// The keyring of this database. A new database takes the keyring that is there, or a new one where that is allowed.
pub async fn unlock(store: &Store, source: &Source, absent: Absent, rng: &dyn Rng) -> Result<Keyring> {
    let known = store.read(|r| facts::fact(r, FACT)).await?;
    let keyring = match source.read()? {
        Some(keyring) => keyring,
        None if known.is_some() => return Err(lost(source)),
        None if absent == Absent::Refuse => return Err(missing(source)),
        None => source.create(rng)?,
    };
    remember(store, &keyring).await?;
    Ok(keyring)
}

/// Compares with the database's check value, in the transaction that may set it: two nodes of a new database can't each
/// bring their own keyring.
async fn remember(store: &Store, keyring: &Keyring) -> Result<()> {
    let stored = store.read(|r| facts::fact(r, FACT)).await?;
    let value = keyring.check_value();
    if let Some(stored) = stored {
        match keyring.check(&stored).map_err(|mismatch| foreign(&mismatch))? {
            KeyringCheck::Same => return Ok(()),
            KeyringCheck::Extended => {
                store.write(move |tx| Ok(facts::set_fact(tx, FACT, &value)?)).await?;
                return Ok(());
            }
        }
    }
    let set = store.write(move |tx| {
        if let Some(other) = facts::fact(tx, FACT)? {
            return Ok(other == value);
        }
        facts::set_fact(tx, FACT, &value)?;
        Ok(true)
    });
    if set.await? {
        Ok(())
    } else {
        Err(Failure::new(
            "another node brought another keyring: give all nodes the same.",
        ))
    }
}

fn missing(source: &Source) -> Failure {
    Failure::new(format!(
        "there is no keyring{}. Make one with `poolhouse init`, or give one by --keyring FILE, in \
         POOLHOUSE_KEYRING or by --keyring-command.",
        at(source)
    ))
}

fn lost(source: &Source) -> Failure {
    Failure::new(format!(
        "the secrets in the database are sealed with a keyring that is not there{}. Put it back, or say where it is by \
         --keyring FILE, in POOLHOUSE_KEYRING or by --keyring-command.",
        at(source)
    ))
}

fn foreign(mismatch: &KeyringMismatch) -> Failure {
    Failure::new(format!(
        "{mismatch}. Start with the keyring that belongs to this database (--keyring FILE, POOLHOUSE_KEYRING or \
         --keyring-command), or with another database."
    ))
}

fn at(source: &Source) -> String {
    source
        .file()
        .map_or_else(String::new, |path| format!(" at {}", path.display()))
}

#[cfg(test)]
mod tests;
