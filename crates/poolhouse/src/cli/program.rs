//! Every command with what it takes.

use std::path::PathBuf;

use clap::{Arg, Command as Clap, builder::NonEmptyStringValueParser};

use super::flags::{DEV, LISTENING, SERVE, STORAGE, flags};

pub(super) fn program() -> Clap {
    let dev = [STORAGE, LISTENING, DEV].concat();
    let serve = [STORAGE, LISTENING, SERVE].concat();
    Clap::new("poolhouse")
        .about("Amazon Cognito for people who run it themselves")
        .version(env!("CARGO_PKG_VERSION"))
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(command(
            "dev",
            "Runs on this machine: no set-up, every key is an administrator's, mail goes to an inbox page",
            &dev,
        ))
        .subcommand(command(
            "demo",
            "Runs dev with a pool, an identity pool, roles, a bucket and a page to try them",
            &dev,
        ))
        .subcommand(command(
            "serve",
            "Runs for others: everything is verified and enforced",
            &serve,
        ))
        .subcommand(command(
            "init",
            "Makes the keyring and the database that serve wants",
            STORAGE,
        ))
        .subcommand(command("migrate", "Brings the database up to this version", STORAGE))
        .subcommand(admin())
        .subcommand(kms())
        .subcommand(pages())
        .subcommand(command(
            "trust",
            "Says how to trust dev's certificate authority",
            &["data"],
        ))
        .subcommand(Clap::new("config").about("Prints a commented file of every setting"))
        .subcommand(Clap::new("version").about("Prints the version"))
}

fn admin() -> Clap {
    let user_name = Arg::new("user-name")
        .long("user-name")
        .value_name("NAME")
        .default_value("admin")
        .value_parser(NonEmptyStringValueParser::new())
        .help("The IAM user whose key it is. It is made, or made administrator, where need be");
    let create_access_key = command(
        "create-access-key",
        "Makes an access key of an administrator and prints it as JSON",
        STORAGE,
    )
    .long_about(
        "Makes an access key of an administrator and prints it as JSON. Works on a stopped server's data and beside a \
             running server, which knows the key within a second.",
    )
    .arg(user_name);
    let show_certificates = command(
        "show-certificates",
        "Shows how each host name stands that is to have a certificate by ACME, as a line of JSON",
        STORAGE,
    );
    group("admin", "Acts on the data without an access key")
        .subcommand(create_access_key)
        .subcommand(show_certificates)
}

fn kms() -> Clap {
    let key_id = Arg::new("key-id")
        .long("key-id")
        .value_name("ARN")
        .required(true)
        .value_parser(NonEmptyStringValueParser::new())
        .help("The KMSKeyID of the pool, letter for letter");
    let export = command(
        "export",
        "Prints the key that custom senders' codes are encrypted by, as JSON: keep it like a password",
        STORAGE,
    )
    .arg(key_id);
    group("kms", "Keys that stand for KMS keys").subcommand(export)
}

fn pages() -> Clap {
    let folder = Arg::new("folder")
        .value_name("DIR")
        .required(true)
        .value_parser(clap::value_parser!(PathBuf))
        .help("The folder, which is made where there is none");
    let file = Arg::new("file")
        .value_name("FILE")
        .num_args(0..)
        .help("Those to write, such as sign_in.html and messages/de.toml [default: all]");
    let write = Clap::new("write")
        .about("Writes the built-in templates and messages into a folder, to begin one's own with")
        .long_about(
            "Writes the built-in templates and messages into a folder, to begin one's own with: dev and serve take it by --pages. A file \
             that is there already is left as it is.",
        )
        .arg(folder)
        .arg(file);
    group("pages", "What hosted login's pages are made of").subcommand(write)
}

/// Of commands.
fn group(name: &'static str, about: &'static str) -> Clap {
    Clap::new(name)
        .about(about)
        .subcommand_required(true)
        .arg_required_else_help(true)
}

/// `takes`: the settings that are its flags.
fn command(name: &'static str, about: &'static str, takes: &[&str]) -> Clap {
    let config = Arg::new("config")
        .long("config")
        .value_name("FILE")
        .value_parser(clap::value_parser!(PathBuf))
        .help("The file of settings, as `poolhouse config` prints it [env: POOLHOUSE_CONFIG]");
    Clap::new(name).about(about).arg(config).args(flags(takes))
}
