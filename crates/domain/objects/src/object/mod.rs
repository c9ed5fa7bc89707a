//! Objects: put, read, copied, deleted, listed. What a row says of one: `stored`; what is read was found and
//! judged (`access`), and is opened here: `read`.

pub(crate) mod conditions;
mod copy;
mod delete;
mod key;
mod list;
mod put;
mod range;
pub(crate) mod read;
pub(crate) mod stored;
mod tags;

pub(crate) use put::check_metadata;

pub use conditions::{Conditions, DeleteConditions, EtagTest};
pub use copy::{CopySource, Directive, NewCopy};
pub use key::check_key;
pub use list::{ListRequest, Listing};
pub use put::{NewObject, Put};
pub use range::{RangeRequest, Select, Span};
pub use read::Download;
pub use stored::{Headers, Object};
pub use tags::TagSet;
