//! The domains of a pool's sign-in pages: which names they may have (`name`), what their settings may be (`rules`), a domain as
//! everything beneath the operations sees it (`loaded`), and how it is printed (`view`). Reference: user-pools 14.3,
//! oauth-and-federation 1.1, 9.4.

pub(crate) mod loaded;
pub(crate) mod name;
pub(crate) mod rules;
pub(crate) mod view;

use std::sync::Arc;

pub(crate) use loaded::{Domain, ManagedLogin};
pub(crate) use name::DomainKind;

/// Whether a host name is the server's own, so that no pool can have it as its domain.
pub type OwnHosts = Arc<dyn Fn(&str) -> bool + Send + Sync>;
