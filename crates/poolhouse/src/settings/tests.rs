use std::path::Path;

use super::*;

fn sources(file: &'static str, environment: &[(&str, &str)], flags: &[(&str, &str)]) -> Sources<'static> {
    let owned = |pairs: &[(&str, &str)]| pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    Sources {
        file: Some((Path::new("p.toml"), file)),
        environment: owned(environment),
        flags: owned(flags),
    }
}

#[test]
fn the_later_source_wins() {
    let file = "region = \"file\"\n[smtp]\nhost = \"file\"\nport = 1\n";
    for (environment, flags, region, host, port) in [
        (&[][..], &[][..], "file", "file", 1),
        (&[("POOLHOUSE_REGION", "env")], &[], "env", "file", 1),
        (&[("POOLHOUSE_REGION", "")], &[], "file", "file", 1),
        (
            &[("POOLHOUSE_REGION", "env"), ("POOLHOUSE_SMTP_PORT", "2")],
            &[("region", "flag")],
            "flag",
            "file",
            2,
        ),
        (
            &[("POOLHOUSE_SMTP_HOST", "env")],
            &[("smtp-host", "flag"), ("smtp-port", "3")],
            "file",
            "flag",
            3,
        ),
    ] {
        let settings = sources(file, environment, flags).settings().unwrap();
        assert_eq!(settings.region, region);
        assert_eq!(settings.smtp.host.as_deref(), Some(host));
        assert_eq!(settings.smtp.port, Some(port));
    }
}

#[test]
fn defaults_are_those_of_the_documents() {
    let settings = Sources::default().settings().unwrap();
    assert_eq!(settings.listen.to_string(), "127.0.0.1:4566");
    assert_eq!(settings.data, Path::new("./poolhouse-data"));
    assert_eq!(settings.account, "000000000000");
    assert_eq!(settings.region, "us-east-1");
    assert_eq!(settings.smtp.encryption, Encryption::StartTls);
    assert_eq!(settings.log.format, LogFormat::Text);
    assert!(!settings.behind_proxy && !settings.allow_remote_admin && settings.trusted_hosts.is_empty());
    assert!(settings.database.is_none() && settings.keyring.is_none() && settings.issuer.is_none());
    assert!(settings.function.is_empty() && settings.lambda_endpoint.is_none() && !settings.allow_private_upstreams);
    assert_eq!(settings.lambda_concurrency, 1000);
    assert_eq!(settings.attempts_per_minute, 300);
    assert_eq!(settings.s3_sigv2, None, "the profile decides");
}

#[test]
fn texts_become_what_the_setting_is() {
    let flags = [
        ("listen", "0.0.0.0:0"),
        ("behind-proxy", "true"),
        ("trusted-hosts", "a.test, b.test,"),
        ("smtp-encryption", "none"),
        ("log-format", "json"),
    ];
    let settings = sources("", &[], &flags).settings().unwrap();
    assert_eq!(settings.listen.to_string(), "0.0.0.0:0");
    assert!(settings.behind_proxy);
    assert_eq!(settings.trusted_hosts, ["a.test", "b.test"]);
    assert_eq!(settings.smtp.encryption, Encryption::None);
    assert_eq!(settings.log.format, LogFormat::Json);
}

#[test]
fn functions_are_tables_of_the_file() {
    let file = "[[function]]\nname = \"check\"\ncommand = [\"python3\", \"-m\", \"awslambdaric\", \"app.handler\"]\n\
                directory = \"functions\"\nenvironment = { TABLE = \"people\" }\n\
                [[function]]\narn = \"a\"\nurl = \"https://a.example\"\nsecret = \"s\"\n[smtp]\nhost = \"m\"\n";
    let settings = sources(file, &[], &[]).settings().unwrap();
    assert_eq!(settings.function[0].command.as_ref().unwrap().len(), 4);
    assert_eq!(settings.function[0].environment["TABLE"], "people");
    assert_eq!(settings.function[1].url.as_deref(), Some("https://a.example"));
    let error = sources("[[function]]\nname = \"a\"\nsecrets = \"x\"\n", &[], &[])
        .settings()
        .err();
    let error = error.unwrap().to_string();
    assert!(error.starts_with("p.toml line 3: unknown field `secrets`"), "{error}");
}

#[test]
fn what_can_not_be_read_is_named() {
    for (file, environment, flags, start) in [
        (
            "",
            &[("POOLHOUSE_SMTP_PORT", "x")][..],
            &[][..],
            "POOLHOUSE_SMTP_PORT: ",
        ),
        (
            "",
            &[],
            &[("listen", "nowhere")],
            "--listen: invalid value: string \"nowhere\", expected an IP address with a port",
        ),
        (
            "listen = \"localhost:80\"",
            &[],
            &[],
            "p.toml line 1: invalid value: string \"localhost:80\", expected an IP",
        ),
        ("", &[], &[("smtp-encryption", "rot13")], "--smtp-encryption: "),
        ("", &[], &[("behind-proxy", "maybe")], "--behind-proxy: "),
        (
            "region = \"a\"\nlisen = \"b\"\n",
            &[],
            &[],
            "p.toml line 2: unknown field",
        ),
        ("\n[smtp]\nport = \"many\"\n", &[], &[], "p.toml line 3: "),
    ] {
        let sentence = sources(file, environment, flags).settings().err().unwrap().to_string();
        assert!(sentence.starts_with(start), "{sentence}");
    }
}

#[test]
fn a_password_in_a_broken_line_is_not_shown() {
    let broken = "[smtp]\npassword = \"Hidden-1";
    let sentence = sources(broken, &[], &[]).settings().err().unwrap().to_string();
    assert!(
        sentence.starts_with("p.toml line 2: ") && !sentence.contains("Hidden"),
        "{sentence}"
    );
}

#[test]
fn every_setting_has_a_document_and_one_name_in_three_spellings() {
    let settings = all();
    assert!(settings.len() > 20);
    for setting in &settings {
        assert!(!setting.doc.is_empty(), "{}", setting.path);
        if setting.path == "function" {
            assert!(
                setting.env.is_empty() && setting.flag().is_none(),
                "a table has no text"
            );
            continue;
        }
        let name = setting.path.replace('.', "_").to_uppercase();
        assert_eq!(setting.env, format!("POOLHOUSE_{name}"));
        let secrets = [
            "smtp.password",
            "sms.token",
            "sms.secret",
            "acme.binding_key",
            "test_numbers",
            "lambda_secret_access_key",
        ];
        let is_secret = secrets.contains(&setting.path.as_str());
        assert_eq!(setting.flag().is_none(), is_secret);
    }
}

#[test]
fn the_template_names_every_setting_and_can_be_read() {
    let template = template();
    for setting in all() {
        assert!(template.contains(setting.env), "{}", setting.env);
    }
    let path = Path::new("template.toml");
    Sources {
        file: Some((path, &template)),
        ..Sources::default()
    }
    .settings()
    .unwrap();
}
