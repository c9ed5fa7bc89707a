//! The request's body.

mod chunked;
mod inbound;

pub(crate) use chunked::Incoming;
pub(crate) use inbound::{BodyPlan, Inbound};
