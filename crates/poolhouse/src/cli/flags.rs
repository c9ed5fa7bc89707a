//! Which settings commands take as flags, and these flags.

use clap::{Arg, ArgAction};

use crate::settings::{self, Setting};

/// What every command that opens the database takes.
pub(super) const STORAGE: &[&str] = &[
    "data",
    "account",
    "region",
    "database",
    "keyring",
    "keyring_command",
    "log.format",
    "log.level",
];
pub(super) const LISTENING: &[&str] = &[
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
    "social.google.authorize_url",
    "social.google.token_url",
    "social.google.attributes_url",
    "social.google.jwks_uri",
    "social.google.oidc_issuer",
    "social.facebook.authorize_url",
    "social.facebook.token_url",
    "social.facebook.attributes_url",
    "social.amazon.authorize_url",
    "social.amazon.token_url",
    "social.amazon.attributes_url",
    "social.apple.authorize_url",
    "social.apple.token_url",
    "social.apple.jwks_uri",
    "social.apple.oidc_issuer",
];
pub(super) const DEV: &[&str] = &["allow_remote_admin", "trusted_hosts", "alias_hosts", "fixed_code"];
pub(super) const SERVE: &[&str] = &[
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

pub(super) fn flags(takes: &[&str]) -> Vec<Arg> {
    let chosen = settings::all()
        .into_iter()
        .filter(|setting| takes.contains(&setting.path.as_str()));
    chosen.filter_map(|setting| argument(&setting)).collect()
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
        _ if flag.starts_with("social-") => "URL",
        _ => "VALUE",
    }
}
