//! XML, read and written.

mod document;
mod node;

pub(crate) use document::{bare, rooted};
pub(crate) use node::Node;
pub(crate) use wire::xml::Xml;
