//! All SQL of user pools, identity pools, IAM and objects, one file a noun. Functions take a [`Read`](crate::Read) or a
//! [`Tx`](crate::Tx), so that several make one transaction. A change that races is guarded by `version` in the SQL.

pub mod acme_accounts;
pub mod acme_certificates;
pub mod acme_challenges;
pub mod address;
pub mod attempts;
pub mod authorization_codes;
pub mod classic_looks;
pub mod client_secrets;
pub mod clients;
pub mod codes;
pub mod device_grants;
pub mod devices;
pub mod document;
pub mod domains;
pub mod external_users;
pub mod factor;
pub mod facts;
pub mod folding;
pub mod groups;
pub mod iam;
pub mod iam_groups;
pub mod iam_keys;
pub mod iam_policies;
pub mod identities;
pub mod identity_pools;
pub mod identity_providers;
pub mod jobs;
pub mod login_styles;
pub mod logouts;
pub mod message_budgets;
pub mod names;
pub mod objects;
pub mod outbox;
pub mod passkeys;
pub mod passwords;
pub mod pictures;
pub mod pools;
pub mod proofs;
pub mod pushed_requests;
pub mod registrations;
pub mod reset;
pub mod resource_servers;
pub mod sessions;
pub mod signing_keys;
pub mod software_tokens;
pub mod spent;
pub mod sso_sessions;
pub mod status;
pub mod terms;
pub mod user_search;
pub mod users;
pub mod versions;

#[cfg(test)]
pub(crate) mod tests;
