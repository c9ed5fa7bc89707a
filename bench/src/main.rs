//! Figures: what an operation costs the server, in CPU and time, beside the same primitives timed in this process. Prints
//! ratios, because machines differ. `cargo xtask bench` builds the release binary and runs this.

mod child;
mod client;
mod commits;
mod each;
mod figures;
mod function;
mod load;
mod peer;
mod primitives;
mod scenarios;
mod seed;
mod webhook;

use std::{io::Write as _, process::ExitCode};

/// The binary under test and the number of users.
pub struct Options {
    pub binary: String,
    pub users: usize,
    /// For the search that must cost the same whatever the size; 0 leaves it out.
    pub many_users: usize,
    /// Of the pool that is deleted beside sign-ups; 0 leaves it out.
    pub deleted_users: usize,
    pub concurrency: usize,
    /// The one part of the report to make, of [`scenarios::PARTS`]; None makes all.
    pub only: Option<String>,
    /// Whether another authorization server is measured beside ours.
    pub peer: peer::Wish,
}

impl Options {
    pub fn wants(&self, part: &str) -> bool {
        self.only.as_deref().is_none_or(|only| only == part)
    }
}

fn options() -> Result<Options, String> {
    let mut options = Options {
        binary: "target/release/poolhouse".to_owned(),
        users: 10_000,
        many_users: 1_000_000,
        deleted_users: 100_000,
        concurrency: 16,
        only: None,
        peer: peer::Wish::IfInstalled,
    };
    let mut arguments = std::env::args().skip(1);
    while let Some(name) = arguments.next() {
        let value = arguments.next().ok_or_else(|| format!("{name} wants a value"))?;
        let number = || value.parse::<usize>().map_err(|_| format!("{name} wants a number"));
        match name.as_str() {
            "--binary" => options.binary.clone_from(&value),
            "--users" => options.users = number()?,
            "--many-users" => options.many_users = number()?,
            "--deleted-users" => options.deleted_users = number()?,
            "--only" if scenarios::PARTS.contains(&value.as_str()) => options.only = Some(value),
            "--only" => return Err(format!("--only wants one of {}", scenarios::PARTS.join(", "))),
            "--peer" => options.peer = peer::Wish::read(&value)?,
            "--concurrency" => options.concurrency = number()?.max(1),
            _ => return Err(format!("unknown option {name}")),
        }
    }
    Ok(options)
}

#[tokio::main]
async fn main() -> ExitCode {
    let outcome = if std::env::args().nth(1).as_deref() == Some(function::WORD) {
        function::run().await.map(|()| String::new())
    } else {
        match options() {
            Ok(options) => scenarios::all(&options).await,
            Err(error) => Err(error),
        }
    };
    match outcome {
        Ok(report) => {
            let _ = write!(std::io::stdout(), "{report}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "{error}");
            ExitCode::FAILURE
        }
    }
}
