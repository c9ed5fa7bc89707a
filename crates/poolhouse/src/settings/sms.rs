//! `[sms]`: the provider of text messages, as it is written. What it means is `texts`' business.

use std::path::PathBuf;

use confique::Config;
use serde::Deserialize;

#[derive(Config)]
#[config(layer_attr(serde(deny_unknown_fields)))]
pub struct Sms {
    /// `twilio` (the API of Twilio, and of whoever offers the same) or `json` (a receiver of your own: docs/operations.md).
    #[config(env = "POOLHOUSE_SMS_PROVIDER")]
    pub provider: Option<SmsProvider>,

    /// twilio: the API's base URL, by default `https://api.twilio.com`. json: where each message is POSTed to.
    #[config(env = "POOLHOUSE_SMS_URL")]
    pub url: Option<String>,

    /// twilio: the account's SID, `AC…`.
    #[config(env = "POOLHOUSE_SMS_ACCOUNT")]
    pub account: Option<String>,

    /// twilio: the account's token. json: the bearer token that is sent. There is no flag for it: command lines are no place for
    /// secrets.
    #[config(env = "POOLHOUSE_SMS_TOKEN")]
    pub token: Option<String>,

    /// A file that holds the token; a line break at its end is dropped.
    #[config(env = "POOLHOUSE_SMS_TOKEN_FILE")]
    pub token_file: Option<PathBuf>,

    /// json: the secret that each request is signed with, as webhooks' are, in place of a token. There is no flag for it.
    #[config(env = "POOLHOUSE_SMS_SECRET")]
    pub secret: Option<String>,

    /// A file that holds the secret; a line break at its end is dropped.
    #[config(env = "POOLHOUSE_SMS_SECRET_FILE")]
    pub secret_file: Option<PathBuf>,

    /// Who is shown as sender: a number, a name, or of Twilio's a messaging service (`MG…`). twilio needs it, json hands it on.
    #[config(env = "POOLHOUSE_SMS_FROM")]
    pub from: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SmsProvider {
    Twilio,
    Json,
}
