//! XML, read and written.

mod node;
mod writer;

pub(crate) use node::Node;
pub(crate) use writer::{Xml, escape};
