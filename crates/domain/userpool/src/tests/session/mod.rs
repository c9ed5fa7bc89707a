//! What comes of a sign-in: tokens, further tokens, their end.

mod client_token;
mod exchange;
mod exchange_attacks;
mod refresh;
mod sign_out;
mod token_claims;
mod tracked;
mod unrevocable;
