//! Passkeys of the user that an access token stands for. Reference: user-pools 7.

mod complete_web_authn_registration;
mod delete_web_authn_credential;
mod list_web_authn_credentials;
mod owner;
mod start_web_authn_registration;
