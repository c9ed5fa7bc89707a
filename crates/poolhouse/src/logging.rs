//! Logs go to standard error: text for people, or one JSON object a line. Standard output belongs to the command's answer.

use std::io::{self, IsTerminal};

use tracing_subscriber::{EnvFilter, filter::LevelFilter};

use crate::{
    failure::{Failure, Result},
    settings::{Log, LogFormat},
};

pub fn start(log: &Log) -> Result<()> {
    let filter = filter(&log.level)?;
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr);
    match log.format {
        LogFormat::Text => builder.with_target(false).with_ansi(io::stderr().is_terminal()).init(),
        LogFormat::Json => builder.json().flatten_event(true).init(),
    }
    // Where it happened, but not what it says: a value may stand in it.
    std::panic::set_hook(Box::new(|panic| {
        let at = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(at, "a task panicked");
    }));
    Ok(())
}

/// A word that is no level would be taken for a module of that name, and everything else would be kept silent about.
fn filter(level: &str) -> Result<EnvFilter> {
    let is_level = |word: &str| word.parse::<LevelFilter>().is_ok();
    let is_directive = |word: &str| word.contains(['=', '[']) || is_level(word);
    match level.split(',').find(|word| !is_directive(word)) {
        None => EnvFilter::try_new(level)
            .map_err(|error| Failure::new(format!("the log level `{level}` can't be read: {error}"))),
        Some(word) => Err(Failure::new(format!(
            "the log level `{word}` is none of error, warn, info, debug, trace and off; a module's is given as `{word}=debug`."
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_is_not_taken_for_a_module() {
        for level in [
            "info",
            "WARN",
            "off",
            "info,server=debug",
            "info,server::aws=debug",
            "warn,server[call]=trace",
        ] {
            assert!(filter(level).is_ok(), "{level}");
        }
        for level in ["inof", "verbose", "info,server", "info,server=loud"] {
            let said = filter(level).unwrap_err().to_string();
            assert!(said.starts_with("the log level `"), "{said}");
        }
    }
}
