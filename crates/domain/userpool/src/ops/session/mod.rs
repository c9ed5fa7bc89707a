//! Signing in, further tokens, signing out. `request` is what the calls of sign-in say to the machine, `answer` what they are
//! told.

mod answer;
mod get_client_token;
mod get_derived_token;
mod get_tokens_from_refresh_token;
mod global_sign_out;
mod initiate_auth;
mod refresh;
pub(super) mod request;
mod respond_to_auth_challenge;
mod revoke_token;
mod step_up;
