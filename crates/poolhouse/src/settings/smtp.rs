//! The mail server.

use std::path::PathBuf;

use confique::Config;
use serde::Deserialize;

#[derive(Config)]
#[config(layer_attr(serde(deny_unknown_fields)))]
pub struct Smtp {
    /// Name or address of the mail server.
    #[config(env = "POOLHOUSE_SMTP_HOST")]
    pub host: Option<String>,

    /// Its port. Default: 465 with `tls`, 587 with `starttls`, 25 with `none`.
    #[config(env = "POOLHOUSE_SMTP_PORT")]
    pub port: Option<u16>,

    /// `tls` (from the first byte), `starttls` (required) or `none` (a relay on loopback or in a private network).
    #[config(env = "POOLHOUSE_SMTP_ENCRYPTION", default = "starttls")]
    pub encryption: Encryption,

    /// The user to sign in as. Default: no sign-in.
    #[config(env = "POOLHOUSE_SMTP_USER")]
    pub user: Option<String>,

    /// The user's password. There is no flag for it: command lines are no place for secrets.
    #[config(env = "POOLHOUSE_SMTP_PASSWORD")]
    pub password: Option<String>,

    /// A file that holds the password; a line break at its end is dropped.
    #[config(env = "POOLHOUSE_SMTP_PASSWORD_FILE")]
    pub password_file: Option<PathBuf>,

    /// The sender of mails whose pool names none: `address` or `Name <address>`.
    #[config(env = "POOLHOUSE_SMTP_FROM")]
    pub from: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Encryption {
    Tls,
    StartTls,
    None,
}
