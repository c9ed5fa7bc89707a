//! Operations on identity providers.

mod accepting;
mod create_identity_provider;
mod delete_identity_provider;
mod describe_identity_provider;
mod get_signing_certificate;
mod list_identity_providers;
mod update_identity_provider;
