//! The command line. Flags are made from the settings' own documents, so that nothing is described twice.

use std::{collections::BTreeMap, ffi::OsString, path::PathBuf};

use clap::{Arg, ArgAction, ArgMatches, Command as Clap, builder::NonEmptyStringValueParser, error::ErrorKind};

use crate::settings::{self, Setting};

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

/// What every command that opens the database takes.
const STORAGE: &[&str] = &[
    "data",
    "account",
    "region",
    "database",
    "keyring",
    "keyring_command",
    "log.format",
    "log.level",
];
const LISTENING: &[&str] = &[
    "listen",
    "public_url",
    "issuer",
    "s3_sigv2",
    "pages",
    "allow_private_upstreams",
    "lambda_endpoint",
    "lambda_access_key_id",
    "lambda_concurrency",
    "smtp.host",
    "smtp.port",
    "smtp.encryption",
    "smtp.user",
    "smtp.password_file",
    "smtp.from",
    "sms.provider",
    "sms.url",
    "sms.account",
    "sms.token_file",
    "sms.secret_file",
    "sms.from",
    "mails_per_day",
    "texts_per_hour",
    "attempts_per_minute",
];
const DEV: &[&str] = &["allow_remote_admin", "trusted_hosts", "alias_hosts", "fixed_code"];
const SERVE: &[&str] = &[
    "tls_cert",
    "tls_key",
    "certificates",
    "listen_http",
    "acme.enabled",
    "acme.agree_to_terms",
    "acme.directory",
    "acme.contact",
    "acme.ca_file",
    "acme.challenge",
    "acme.prefix_domains",
    "acme.orders_per_hour",
    "acme.binding_key_id",
    "acme.binding_key_file",
    "behind_proxy",
];

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
        _ => return None,
    };
    Some((command, matches))
}

fn program() -> Clap {
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

/// Of commands.
fn group(name: &'static str, about: &'static str) -> Clap {
    Clap::new(name)
        .about(about)
        .subcommand_required(true)
        .arg_required_else_help(true)
}

fn command(name: &'static str, about: &'static str, takes: &[&str]) -> Clap {
    let config = Arg::new("config")
        .long("config")
        .value_name("FILE")
        .value_parser(clap::value_parser!(PathBuf))
        .help("The file of settings, as `poolhouse config` prints it [env: POOLHOUSE_CONFIG]");
    let chosen = settings::all()
        .into_iter()
        .filter(|setting| takes.contains(&setting.path.as_str()));
    Clap::new(name)
        .about(about)
        .arg(config)
        .args(chosen.filter_map(|setting| argument(&setting)))
}

fn argument(setting: &Setting) -> Option<Arg> {
    let flag = setting.flag()?;
    let default = setting
        .default
        .as_ref()
        .map_or_else(String::new, |default| format!(" [default: {default}]"));
    let argument = Arg::new(flag.clone())
        .value_name(value_name(&flag))
        .help(format!("{}{default} [env: {}]", setting.doc, setting.env))
        .action(ArgAction::Set)
        .long(flag);
    Some(if setting.is_switch {
        argument
            .num_args(0..=1)
            .require_equals(true)
            .default_missing_value("true")
    } else {
        argument
    })
}

fn value_name(flag: &str) -> &'static str {
    match flag {
        "listen" | "listen-http" => "ADDR:PORT",
        "data" | "certificates" | "pages" => "DIR",
        "public-url" | "database" | "acme-directory" => "URL",
        "keyring" | "tls-cert" | "tls-key" | "smtp-password-file" | "acme-ca-file" | "acme-binding-key-file" => "FILE",
        "keyring-command" => "COMMAND",
        "smtp-host" => "HOST",
        "smtp-port" => "PORT",
        "smtp-from" | "acme-contact" => "ADDRESS",
        "trusted-hosts" => "HOST,...",
        "alias-hosts" => "REGION,...",
        "s3-sigv2" => "true|false",
        _ => "VALUE",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Invocation, clap::Error> {
        parse(std::iter::once("poolhouse").chain(line.split(' ')).map(OsString::from))
    }

    #[test]
    fn the_definition_holds() {
        program().debug_assert();
    }

    #[test]
    fn commands_and_their_flags_are_read() {
        let key = |name: &str| Command::CreateAccessKey {
            user_name: name.to_owned(),
        };
        for (line, command, flag) in [
            (
                "dev --listen 127.0.0.1:0",
                Command::Dev,
                Some(("listen", "127.0.0.1:0")),
            ),
            (
                "demo --allow-remote-admin",
                Command::Demo,
                Some(("allow-remote-admin", "true")),
            ),
            (
                "serve --behind-proxy=false",
                Command::Serve,
                Some(("behind-proxy", "false")),
            ),
            (
                "serve --tls-cert c.pem --tls-key k.pem",
                Command::Serve,
                Some(("tls-key", "k.pem")),
            ),
            ("serve --smtp-port 25", Command::Serve, Some(("smtp-port", "25"))),
            ("serve --s3-sigv2 true", Command::Serve, Some(("s3-sigv2", "true"))),
            ("dev --s3-sigv2 false", Command::Dev, Some(("s3-sigv2", "false"))),
            ("init --keyring k.json", Command::Init, Some(("keyring", "k.json"))),
            ("admin create-access-key --data d", key("admin"), Some(("data", "d"))),
            ("admin create-access-key --user-name ana", key("ana"), None),
            (
                "kms export --key-id arn:k --keyring k.json",
                Command::ExportKey {
                    key_id: "arn:k".to_owned(),
                },
                Some(("keyring", "k.json")),
            ),
            ("admin show-certificates", Command::ShowCertificates, None),
            (
                "serve --acme-enabled --acme-challenge http-01",
                Command::Serve,
                Some(("acme-challenge", "http-01")),
            ),
            ("config", Command::Config, None),
        ] {
            let invocation = parsed(line).unwrap();
            assert_eq!(invocation.command, command, "{line}");
            let (name, value) = flag.unzip();
            assert_eq!(
                name.and_then(|name| invocation.flags.get(name)).map(String::as_str),
                value,
                "{line}"
            );
        }
        assert_eq!(
            parsed("dev --config p.toml").unwrap().config,
            Some(PathBuf::from("p.toml"))
        );
    }

    #[test]
    fn flags_of_the_other_profile_and_secrets_are_refused() {
        for line in [
            "dev --tls-cert c.pem",
            "dev --certificates d",
            "serve --alias-hosts eu-west-1",
            "serve --allow-remote-admin",
            "serve --smtp-password x",
            "serve --sms-token x",
            "serve --acme-binding-key x",
            "dev --acme-enabled",
            "serve --fixed-code 123456",
            "dev --test-numbers +1=123456",
            "migrate --listen 1.1.1.1:1",
            "admin",
            "kms",
            "kms export",
            "nothing",
        ] {
            assert!(parsed(line).is_err(), "{line}");
        }
    }

    #[test]
    fn every_flag_belongs_to_a_command() {
        let taken = [STORAGE, LISTENING, DEV, SERVE].concat();
        for setting in settings::all().iter().filter(|setting| setting.flag().is_some()) {
            assert!(taken.contains(&setting.path.as_str()), "{}", setting.path);
        }
    }
}
