//! Lines that are read, and lines that are refused.

use super::{
    flags::{DEV, LISTENING, SERVE, STORAGE},
    *,
};

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
    let pages = |files: &[&str]| Command::WritePages {
        folder: PathBuf::from("d"),
        files: files.iter().map(|&file| file.to_owned()).collect(),
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
        ("pages write d", pages(&[]), None),
        (
            "pages write d sign_in.html messages/de.toml",
            pages(&["sign_in.html", "messages/de.toml"]),
            None,
        ),
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
        "pages",
        "pages write",
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
