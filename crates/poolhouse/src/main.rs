//! The one program: settings, command line, wiring, the demo's seed and the administrator's commands. It is the only reader
//! of the environment and of files outside the store, and decides nothing that a request could ask for. Start at `main`,
//! then `run` for the servers.

mod acme;
mod admin;
mod authority;
mod beside;
mod certificates;
mod cli;
mod data;
mod demo;
mod deployment;
mod failure;
mod functions;
mod hosted_pages;
mod jobs;
mod keyring;
mod kms;
mod logging;
mod mail;
mod messages;
mod precautions;
mod reset;
mod run;
mod running;
mod services;
mod settings;
mod sms_roles;
mod social;
mod storage;
mod texts;
mod trust;
mod uncovered;

use std::{
    collections::BTreeMap,
    env, fs,
    io::{self, Write},
    process::ExitCode,
};

use cli::{Command, Invocation};
use data::DataFolder;
use failure::{Failure, Result};
use keyring::Absent;
use reset::Start;
use settings::{Settings, Sources};
use storage::Storage;

/// A request is many small strings that live for a moment: the system's allocator took an eighth of a read's time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let invocation = match cli::parse(env::args_os()) {
        Ok(invocation) => invocation,
        // clap knows whether it is help (standard output, 0) or a mistake (standard error, 2).
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    match perform(&invocation) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            let _ = writeln!(io::stderr(), "poolhouse: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn perform(invocation: &Invocation) -> Result<()> {
    match &invocation.command {
        Command::Version => return say(&format!("poolhouse {}\n", env!("CARGO_PKG_VERSION"))),
        Command::Config => return say(&settings::template()),
        Command::WritePages { folder, files } => return say(&hosted_pages::write(folder, files)?),
        _ => {}
    }
    let settings = settings_of(invocation)?;
    if invocation.command == Command::Trust {
        return say(&trust::instructions(
            &DataFolder::at(&settings.data).authority_certificate(),
        )?);
    }
    logging::start(&settings.log)?;
    // Whoever speaks TLS, to clients, to a mail server or to PostgreSQL, uses the one provider; a second call changes nothing.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(format!("threads can't be started: {error}")))?;
    let outcome = runtime.block_on(run(&invocation.command, &settings));
    // Blocking work that is left would hold the process up; everything that must last has been synced.
    runtime.shutdown_background();
    outcome
}

async fn run(command: &Command, settings: &Settings) -> Result<()> {
    match command {
        Command::Dev => run::dev(settings, Start::Empty).await,
        Command::Demo => run::dev(settings, Start::Demo).await,
        Command::Serve => run::serve(settings).await,
        Command::Init => {
            let storage = Storage::open(settings, Absent::Create).await?;
            storage.store.close().await;
            say(&format!("ready: {}\n", settings.data.display()))
        }
        Command::Migrate => {
            for name in storage::migrate(settings).await? {
                say(&format!("applied {name}\n"))?;
            }
            say("the database is up to date\n")
        }
        Command::CreateAccessKey { user_name } => say(&admin::create_access_key(settings, user_name).await?),
        Command::ShowCertificates => say(&admin::show_certificates(settings).await?),
        Command::ExportKey { key_id } => say(&kms::export(settings, key_id).await?),
        Command::Trust | Command::Config | Command::WritePages { .. } | Command::Version => Ok(()),
    }
}

fn settings_of(invocation: &Invocation) -> Result<Settings> {
    let environment: BTreeMap<String, String> = env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .filter(|(name, _)| name.starts_with("POOLHOUSE_"))
        .collect();
    let path = invocation
        .config
        .clone()
        .or_else(|| environment.get("POOLHOUSE_CONFIG").map(Into::into));
    let text = match &path {
        Some(path) => fs::read_to_string(path)
            .map_err(|error| Failure::file("the settings' file can't be read:", path, &error))?,
        None => String::new(),
    };
    let file = path.as_deref().map(|path| (path, text.as_str()));
    Sources {
        file,
        environment,
        flags: invocation.flags.clone(),
    }
    .settings()
}

/// The command's answer, on standard output.
fn say(text: &str) -> Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .map_err(|error| Failure::new(format!("standard output can't be written: {error}")))
}
