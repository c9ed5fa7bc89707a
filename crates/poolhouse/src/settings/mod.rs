//! Every setting, described once: these doc comments are the commented template (`poolhouse config`), the flags' help and,
//! through them, the manual. `listed` reads them, `layers` says which source wins, `text` reads values that come as text.

mod acme;
mod function;
mod layers;
mod listed;
mod sms;
mod smtp;
mod social;
mod text;

#[cfg(test)]
mod tests;

use std::{net::SocketAddr, path::PathBuf};

use confique::Config;
use serde::Deserialize;

pub use acme::{Acme, Challenge};
pub use function::Function;
pub use layers::Sources;
pub use listed::{Setting, all, template};
pub use sms::{Sms, SmsProvider};
pub use smtp::{Encryption, Smtp};
pub use social::Social;

/// Settings of Poolhouse. Each is read from this file (`--config FILE` or POOLHOUSE_CONFIG), then from its environment
/// variable, then from its flag; the later one wins. An empty environment variable counts as absent.
#[derive(Config)]
#[config(layer_attr(serde(deny_unknown_fields)))]
pub struct Settings {
    /// Address and port to listen on. Port 0 picks a free one.
    #[config(env = "POOLHOUSE_LISTEN", default = "127.0.0.1:4566", deserialize_with = text::address)]
    pub listen: SocketAddr,

    /// The folder of everything that is written: database, objects, and in dev the keyring and the certificate authority.
    #[config(env = "POOLHOUSE_DATA", default = "./poolhouse-data")]
    pub data: PathBuf,

    /// The AWS account that resources belong to: twelve digits.
    #[config(env = "POOLHOUSE_ACCOUNT", default = "000000000000")]
    pub account: String,

    /// The region of calls that name none.
    #[config(env = "POOLHOUSE_REGION", default = "us-east-1")]
    pub region: String,

    /// A PostgreSQL database instead of the SQLite file in the data folder: `postgres://user:password@host/database`.
    /// Beyond loopback it is reached by TLS unless the URL says `sslmode=disable`; `sslrootcert=FILE` names the authority.
    #[config(env = "POOLHOUSE_DATABASE")]
    pub database: Option<String>,

    /// The keyring that seals secrets in the database: the path of its file, or, in the environment, its text itself.
    /// Default: `keyring.json` in the data folder, which dev, demo and init make when it is absent.
    #[config(env = "POOLHOUSE_KEYRING")]
    pub keyring: Option<String>,

    /// A command (run by `sh -c`) that prints the keyring's text, for a secret store.
    #[config(env = "POOLHOUSE_KEYRING_COMMAND")]
    pub keyring_command: Option<String>,

    /// The base URL by which clients reach this server, such as `https://id.example.com`. Tokens of the issuer mode `public`
    /// carry it. serve needs it unless it listens on loopback.
    #[config(env = "POOLHOUSE_PUBLIC_URL")]
    pub public_url: Option<String>,

    /// The issuer (`iss`) of pools that choose none by their tag `poolhouse:issuer`: `request` (the address of the request;
    /// dev only, and its default; with alias hosts that is `aws`), `public` (the public URL; serve's default), `aws`, `aws-updated`, or any other text as it is.
    #[config(env = "POOLHOUSE_ISSUER")]
    pub issuer: Option<String>,

    /// serve: the certificate chain to answer https with, as PEM.
    #[config(env = "POOLHOUSE_TLS_CERT")]
    pub tls_cert: Option<PathBuf>,

    /// serve: the private key of the certificate, as PEM.
    #[config(env = "POOLHOUSE_TLS_KEY")]
    pub tls_key: Option<PathBuf>,

    /// serve: a folder of more certificates, for pools' own domains: in it or in folders right within it, each `NAME.pem` or
    /// `NAME.crt` with its `NAME.key`, or `fullchain.pem` with `privkey.pem`. Which host names one covers stands in it; other
    /// names get that of `tls_cert`. All of them, that one too, are read anew within half a minute of a change.
    #[config(env = "POOLHOUSE_CERTIFICATES")]
    pub certificates: Option<PathBuf>,

    /// serve: a second address, for plain http beside https: it answers what certificate authorities ask for (`http-01`) and sends browsers
    /// to https at the public URL's port.
    #[config(env = "POOLHOUSE_LISTEN_HTTP", deserialize_with = text::address)]
    pub listen_http: Option<SocketAddr>,

    /// serve: certificates of pools' own domains from an authority, by ACME (docs/operations.md).
    #[config(nested)]
    pub acme: Acme,

    /// serve: a proxy in front of this server speaks TLS with the clients, so that it may listen beyond loopback without.
    /// From a loopback or private address the last entries of X-Forwarded-For and X-Forwarded-Proto then say who the client
    /// is and whether it came by https; the proxy must add them. Otherwise these headers are ignored.
    #[config(env = "POOLHOUSE_BEHIND_PROXY", default = false)]
    pub behind_proxy: bool,

    /// dev: listen beyond loopback although every caller with unknown keys, whoever it is, counts as administrator there.
    #[config(env = "POOLHOUSE_ALLOW_REMOTE_ADMIN", default = false)]
    pub allow_remote_admin: bool,

    /// dev: Regions whose hosts of AWS this server stands in for, separated by commas: its certificate authority vouches for
    /// them too, and requests that a network brings here under their names are answered as AWS answers them
    /// (docs/alias-hosts.md). For test networks.
    #[config(env = "POOLHOUSE_ALIAS_HOSTS", default = [])]
    pub alias_hosts: Vec<String>,

    /// dev: host names, beside loopback ones, under which unknown keys and the inbox may be used; separated by commas.
    #[config(env = "POOLHOUSE_TRUSTED_HOSTS", default = [])]
    pub trusted_hosts: Vec<String>,

    /// Whether S3 takes addresses (GET, HEAD, PUT) and browsers' forms that were presigned by Signature Version 2, an
    /// HMAC-SHA1, as boto3 and the AWS CLI make them by default for an endpoint of one's own. Default: `true` in dev, `false`
    /// in serve.
    #[config(env = "POOLHOUSE_S3_SIGV2")]
    pub s3_sigv2: Option<bool>,

    /// Whether addresses that come by calls (of identity providers, say) may lead to private and loopback addresses, and by
    /// plain http. Those in this configuration always may.
    #[config(env = "POOLHOUSE_ALLOW_PRIVATE_UPSTREAMS", default = false)]
    pub allow_private_upstreams: bool,

    /// Where functions are invoked that no [[function]] names: `https://lambda.eu-west-1.amazonaws.com`, or the address of
    /// `sam local start-lambda` or an emulator.
    #[config(env = "POOLHOUSE_LAMBDA_ENDPOINT")]
    pub lambda_endpoint: Option<String>,

    /// The access key by which calls to the Lambda endpoint are signed. dev signs with `test` where there is none.
    #[config(env = "POOLHOUSE_LAMBDA_ACCESS_KEY_ID")]
    pub lambda_access_key_id: Option<String>,

    /// Its secret. There is no flag for it: command lines are no place for secrets.
    #[config(env = "POOLHOUSE_LAMBDA_SECRET_ACCESS_KEY")]
    pub lambda_secret_access_key: Option<String>,

    /// How many invocations of functions may be in flight that a call waits for. Beyond them one waits, and fails when its five
    /// seconds are over.
    #[config(env = "POOLHOUSE_LAMBDA_CONCURRENCY", default = 1000)]
    pub lambda_concurrency: u16,

    /// Functions that Lambda triggers may name, each a table of its own in this file. `name` means all ARNs that end in
    /// `:function:NAME`, `arn` that one and its versions. A local function is a `command`, run in `directory`, that speaks
    /// the Lambda Runtime API:
    ///
    ///     [[function]]
    ///     name = "check"
    ///     command = ["python3", "-m", "awslambdaric", "app.handler"]
    ///     directory = "functions/check"
    ///     environment = { TABLE = "people" }
    ///     processes = 2
    ///     role = "arn:aws:iam::000000000000:role/check"
    ///
    /// A webhook is a `url` that the event is POSTed to, signed with the `secret`:
    ///
    ///     [[function]]
    ///     arn = "arn:aws:lambda:eu-west-1:000000000000:function:audit"
    ///     url = "https://hooks.example.com/audit"
    ///     secret = "at least sixteen characters"
    #[config(default = [])]
    pub function: Vec<Function>,

    /// dev: every code that goes by mail or text message is this one, of six to eight digits.
    #[config(env = "POOLHOUSE_FIXED_CODE")]
    pub fixed_code: Option<String>,

    /// Phone numbers whose codes are known, for tests and for reviewers of an app: `["+12065550100=123456"]`, in the environment
    /// separated by commas. Nothing is sent to them. Whoever knows a code can sign up with its number and reset the password of
    /// whoever has it. There is no flag for it: command lines are no place for secrets.
    #[config(env = "POOLHOUSE_TEST_NUMBERS", default = [])]
    pub test_numbers: Vec<String>,

    /// How many mails each user pool may send a day, which begins at 09:00 UTC, over all nodes; 0: as many as it likes.
    /// Default: 50000 in serve, 0 in dev.
    #[config(env = "POOLHOUSE_MAILS_PER_DAY")]
    pub mails_per_day: Option<u32>,

    /// How many text messages each user pool may send an hour, over all nodes; 0: as many as it likes. Default: 1000 in serve, 0
    /// in dev.
    #[config(env = "POOLHOUSE_TEXTS_PER_HOUR")]
    pub texts_per_hour: Option<u32>,

    /// How many forms of hosted login, and how many failed client authentications, each user pool takes of one address (of version 6:
    /// one /64) in a minute, on each node; 0: any number. Loopback and private addresses are not counted.
    #[config(env = "POOLHOUSE_ATTEMPTS_PER_MINUTE", default = 300)]
    pub attempts_per_minute: u32,

    /// A folder of templates and messages that stand in for those of hosted login's pages: `sign_in.html`, `messages/de.toml` and
    /// the like. It is read at start, and what is broken in it refuses the start.
    #[config(env = "POOLHOUSE_PAGES")]
    pub pages: Option<PathBuf>,

    /// The mail server to send by. Without a host, dev keeps mail in its inbox and serve can't send any.
    #[config(nested)]
    pub smtp: Smtp,

    /// The provider of text messages. Without one, dev keeps them in its inbox and serve can't send any.
    #[config(nested)]
    pub sms: Sms,

    /// Where Google, Facebook, Amazon and Apple are, for tests.
    #[config(nested)]
    pub social: Social,

    /// What is written to standard error.
    #[config(nested)]
    pub log: Log,
}

#[derive(Config)]
#[config(layer_attr(serde(deny_unknown_fields)))]
pub struct Log {
    /// `text` or `json` (one object a line).
    #[config(env = "POOLHOUSE_LOG_FORMAT", default = "text")]
    pub format: LogFormat,

    /// `error`, `warn`, `info`, `debug`, `trace`, or directives by module such as `info,server=debug`.
    #[config(env = "POOLHOUSE_LOG_LEVEL", default = "info")]
    pub level: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    Text,
    Json,
}
