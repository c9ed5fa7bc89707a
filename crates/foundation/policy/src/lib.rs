//! The IAM policy language: parse, evaluate, explain. Source of truth: identity-pools-iam sections 2.5 and 4 to 7.
//!
//! A [`Policy`] is parsed once (everything that can be wrong with it is a [`ParseError`] with AWS's sentence) and then
//! answers any number of requests. Pure: no I/O, no clock, no store; who calls, and what is known about the call, are
//! arguments. Start at `evaluate.rs` for the algorithm, `statement.rs` for what "a statement applies" means,
//! `condition.rs` for the operators and `parse.rs` for the grammar; `bucket.rs` is what S3 asks beyond it.

mod arn;
mod bucket;
mod condition;
mod context;
mod decision;
mod element;
mod error;
mod evaluate;
mod explain;
mod glob;
mod iso8601;
mod json;
pub mod keys;
mod kind;
pub mod limits;
mod naming;
mod operator;
mod parse;
mod pattern;
mod principal;
mod public;
mod request;
mod scalar;
mod statement;

#[cfg(test)]
mod tests;

pub use bucket::condition_keys;
pub use context::{Context, Value, Values};
pub use decision::{Decision, Grounds, StatementRef};
pub use element::Element;
pub use error::ParseError;
pub use evaluate::{Policies, evaluate, evaluate_trust, root_keeps};
pub use explain::{Explanation, Outcome, PolicyTrace, StatementTrace, explain, explain_trust};
pub use kind::{PolicyKind, Version};
pub use naming::{is_unique_id, rename_principals, root_arn};
pub use parse::Policy;
pub use principal::{Account, Grant, Principal};
pub use request::{Needs, Request};
pub use statement::{Effect, Position, Span, Statement};
