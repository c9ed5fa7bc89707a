//! The command line: what may be asked (`program`) and what was. Flags are made from the settings' own documents (`flags`), so that
//! nothing is described twice.

mod flags;
mod program;
#[cfg(test)]
mod tests;

use std::{collections::BTreeMap, ffi::OsString, path::PathBuf};

use clap::{ArgMatches, error::ErrorKind};

use crate::settings::{self, Setting};
use program::program;

/// What the program is asked to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    Dev,
    Demo,
    Serve,
    Init,
    Migrate,
    CreateAccessKey { user_name: String },
    ShowCertificates,
    ExportKey { key_id: String },
    WritePages { folder: PathBuf, files: Vec<String> },
    Trust,
    Config,
    Version,
}

#[derive(Debug)]
pub struct Invocation {
    pub command: Command,
    /// The file of settings.
    pub config: Option<PathBuf>,
    /// Settings given as flags, by the flag's name.
    pub flags: BTreeMap<String, String>,
}

/// Errors are clap's, which knows how to print them (help is one of them).
pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Invocation, clap::Error> {
    let matches = program().try_get_matches_from(arguments)?;
    let (command, matches) =
        chosen(&matches).ok_or_else(|| program().error(ErrorKind::MissingSubcommand, "no command"))?;
    let mut flags = BTreeMap::new();
    for flag in settings::all().iter().filter_map(Setting::flag) {
        if let Ok(Some(value)) = matches.try_get_one::<String>(&flag) {
            flags.insert(flag, value.clone());
        }
    }
    let config = matches.try_get_one::<PathBuf>("config").ok().flatten().cloned();
    Ok(Invocation { command, config, flags })
}

fn chosen(matches: &ArgMatches) -> Option<(Command, &ArgMatches)> {
    let (name, matches) = matches.subcommand()?;
    let command = match name {
        "dev" => Command::Dev,
        "demo" => Command::Demo,
        "serve" => Command::Serve,
        "init" => Command::Init,
        "migrate" => Command::Migrate,
        "trust" => Command::Trust,
        "config" => Command::Config,
        "version" => Command::Version,
        "admin" => {
            let (name, matches) = matches.subcommand()?;
            if name == "show-certificates" {
                return Some((Command::ShowCertificates, matches));
            }
            let user_name = matches.get_one::<String>("user-name")?.clone();
            return Some((Command::CreateAccessKey { user_name }, matches));
        }
        "kms" => {
            let (_, matches) = matches.subcommand()?;
            let key_id = matches.get_one::<String>("key-id")?.clone();
            return Some((Command::ExportKey { key_id }, matches));
        }
        "pages" => {
            let (_, matches) = matches.subcommand()?;
            let folder = matches.get_one::<PathBuf>("folder")?.clone();
            let files = matches
                .get_many::<String>("file")
                .unwrap_or_default()
                .cloned()
                .collect();
            return Some((Command::WritePages { folder, files }, matches));
        }
        _ => return None,
    };
    Some((command, matches))
}
