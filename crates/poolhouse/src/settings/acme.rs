//! `[acme]`: the authority that certificates come from, as it is written. What it means is `acme`'s business.

use std::path::PathBuf;

use confique::Config;
use serde::Deserialize;

#[derive(Config)]
#[config(layer_attr(serde(deny_unknown_fields)))]
pub struct Acme {
    /// Whether certificates are ordered: for each custom domain that a pool has, and for the public URL's host where there is no
    /// `tls_cert`. Files win over what comes so.
    #[config(env = "POOLHOUSE_ACME_ENABLED", default = false)]
    pub enabled: bool,

    /// That you agree to the authority's terms of service, which nothing is ordered without.
    #[config(env = "POOLHOUSE_ACME_AGREE_TO_TERMS", default = false)]
    pub agree_to_terms: bool,

    /// The URL of the authority's directory. Default: Let's Encrypt's.
    #[config(
        env = "POOLHOUSE_ACME_DIRECTORY",
        default = "https://acme-v02.api.letsencrypt.org/directory"
    )]
    pub directory: String,

    /// The mail address that the authority may write to. Default: none.
    #[config(env = "POOLHOUSE_ACME_CONTACT")]
    pub contact: Option<String>,

    /// A file of certificates, as PEM, that the directory's own server may be trusted by too: that of a private authority.
    #[config(env = "POOLHOUSE_ACME_CA_FILE")]
    pub ca_file: Option<PathBuf>,

    /// How names are proved: `tls-alpn-01` (the authority connects to port 443, which must lead to `listen`) or `http-01` (to port 80,
    /// which must lead to `listen_http`).
    #[config(env = "POOLHOUSE_ACME_CHALLENGE", default = "tls-alpn-01")]
    pub challenge: Challenge,

    /// Whether `<prefix>.auth.<region>.` beneath the public URL's host gets a certificate for each prefix that a pool has, too: where
    /// no wildcard covers them.
    #[config(env = "POOLHOUSE_ACME_PREFIX_DOMAINS", default = false)]
    pub prefix_domains: bool,

    /// How many orders are placed in an hour, over all nodes.
    #[config(env = "POOLHOUSE_ACME_ORDERS_PER_HOUR", default = 50)]
    pub orders_per_hour: u32,

    /// The id of the key that the authority gave for your account there (external account binding), where it wants one.
    #[config(env = "POOLHOUSE_ACME_BINDING_KEY_ID")]
    pub binding_key_id: Option<String>,

    /// That key, as base64url. There is no flag for it: command lines are no place for secrets.
    #[config(env = "POOLHOUSE_ACME_BINDING_KEY")]
    pub binding_key: Option<String>,

    /// A file that holds that key; a line break at its end is dropped.
    #[config(env = "POOLHOUSE_ACME_BINDING_KEY_FILE")]
    pub binding_key_file: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum Challenge {
    #[serde(rename = "tls-alpn-01")]
    TlsAlpn01,
    #[serde(rename = "http-01")]
    Http01,
}
