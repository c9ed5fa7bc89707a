//! The AWS service models as statics, generated from models/*.json, and the interpreter that checks requests against
//! them. It knows constraints and AWS's texts for them, never what an operation does.
//!
//! Start at [`Service`] for the shape graph, [`Service::validate`] for the interpreter, [`operations!`] for the table of
//! what a service implements.

mod facts;
mod generated;
mod pattern;
mod shape;
mod table;
mod validate;

pub use facts::{Fact, Facts, IDENTITY_POOLS, Passed, USER_POOLS};
pub use generated::{COGNITO_IDENTITY, COGNITO_IDP, IAM, STS};
pub use pattern::Pattern;
pub use shape::{Auth, ErrorSpec, Kind, Member, Operation, Output, Protocol, Service, Shape};
pub use table::{Answer, Answered, Entry, Handler, Resource, Table, in_order};

/// All services that Poolhouse has a model of.
pub static SERVICES: [&Service; 4] = [&COGNITO_IDP, &COGNITO_IDENTITY, &IAM, &STS];
