//! Signing in, further tokens, signing out. `parameters` and `printed` are what the wire says to the machine of sign-in and what
//! it is told; `tokens` makes tokens of whoever has signed in.

mod get_tokens_from_refresh_token;
mod global_sign_out;
mod initiate_auth;
mod parameters;
mod printed;
mod refresh;
mod respond_to_auth_challenge;
mod revoke_token;
mod tokens;
pub(super) mod visits;
