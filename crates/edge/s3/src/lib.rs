//! S3's protocol: which operation on which bucket and key a request is, who signed it, how its body is read, and how the answer
//! is written. It decides nothing about keys, policies or settings and stores nothing: that is `objects`.
//!
//! The way of a request (`spine`), each step giving back what it found: `request` (address, signature, operation, what its
//! document says) ─▶ [`objects::Intent`] ─▶ `objects` (found, judged) ─▶ `object`, `bucket`, `upload`, `form` or `website`
//! ─▶ the answer. Reference: identity-pools-iam 10 and 11.

mod acl;
mod answer;
mod body;
mod bucket;
mod call;
mod cors;
mod endpoint;
mod errors;
mod form;
mod headers;
mod listing;
mod object;
mod refusal;
mod request;
mod spine;
mod tags;
mod upload;
mod website;
mod xml;

pub use axum::body::Body;
pub use endpoint::{S3, Version2Addresses};
pub use request::address::{Hosts, WEBSITE_PATH};

#[cfg(test)]
mod tests;
