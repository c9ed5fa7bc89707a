//! What comes of a sign-in: tokens, further tokens, their end.

mod refresh;
mod sign_out;
mod token_claims;
mod tracked;
mod unrevocable;
