//! The embedded migrations, oldest first. A file that any database has seen is never changed again: add the next number.
//!
//! Two placeholders are spelled per engine before a file runs: `{key}` is the type of a text column that is compared or
//! ordered (bytewise on both engines), `{blob}` the type of bytes. Everything else is portable SQL: BIGINT, TEXT, BOOLEAN.

mod folded_search;
mod pool_issuers;

use crate::{StoreError, connection::Connection};

/// Name (the file's, without `.sql`) and text of each.
pub(crate) type Migrations = &'static [(&'static str, &'static str)];

/// What the migrations up to the one named come to: for a database that has nothing to be migrated. A later migration leaves it
/// alone; it may be made anew, with a later name, when it has fallen far behind.
pub(crate) const BASELINE: (&str, &str) = ("0012_pool_issuers", include_str!("schema/baseline.sql"));

pub(crate) const MIGRATIONS: Migrations = &[
    ("0001_user_pools", include_str!("schema/0001_user_pools.sql")),
    ("0002_outbox", include_str!("schema/0002_outbox.sql")),
    ("0003_objects", include_str!("schema/0003_objects.sql")),
    ("0004_iam", include_str!("schema/0004_iam.sql")),
    ("0005_identity_pools", include_str!("schema/0005_identity_pools.sql")),
    (
        "0006_finished_uploads",
        include_str!("schema/0006_finished_uploads.sql"),
    ),
    ("0007_partial_indexes", include_str!("schema/0007_partial_indexes.sql")),
    ("0008_folded_search", include_str!("schema/0008_folded_search.sql")),
    ("0009_held_contents", include_str!("schema/0009_held_contents.sql")),
    ("0010_booleans", include_str!("schema/0010_booleans.sql")),
    ("0011_jobs", include_str!("schema/0011_jobs.sql")),
    ("0012_pool_issuers", include_str!("schema/0012_pool_issuers.sql")),
    ("0013_software_tokens", include_str!("schema/0013_software_tokens.sql")),
    ("0014_devices", include_str!("schema/0014_devices.sql")),
    ("0016_passkeys", include_str!("schema/0016_passkeys.sql")),
    ("0017_message_budgets", include_str!("schema/0017_message_budgets.sql")),
    ("0018_outbox_lanes", include_str!("schema/0018_outbox_lanes.sql")),
    ("0019_domains", include_str!("schema/0019_domains.sql")),
    ("0020_looks", include_str!("schema/0020_looks.sql")),
    ("0021_client_secrets", include_str!("schema/0021_client_secrets.sql")),
    ("0022_hosted_login", include_str!("schema/0022_hosted_login.sql")),
    ("0023_oauth_more", include_str!("schema/0023_oauth_more.sql")),
    ("0024_proofs", include_str!("schema/0024_proofs.sql")),
    ("0025_device_grants", include_str!("schema/0025_device_grants.sql")),
    ("0026_logouts", include_str!("schema/0026_logouts.sql")),
    ("0028_acme", include_str!("schema/0028_acme.sql")),
    ("0029_providers", include_str!("schema/0029_providers.sql")),
    ("0030_external_users", include_str!("schema/0030_external_users.sql")),
    ("0031_recovery_codes", include_str!("schema/0031_recovery_codes.sql")),
    ("0032_saml_keys", include_str!("schema/0032_saml_keys.sql")),
    (
        "0033_provider_documents",
        include_str!("schema/0033_provider_documents.sql"),
    ),
];

/// What a migration does to the rows there are, beyond SQL.
pub(crate) type Step = fn(&mut Connection<'_>) -> Result<(), StoreError>;

/// The step of a migration: in its transaction, after its statements.
pub(crate) fn step(migration: &str) -> Option<Step> {
    match migration {
        "0008_folded_search" => Some(folded_search::fold_users),
        "0012_pool_issuers" => Some(pool_issuers::copy_issuers),
        _ => None,
    }
}
