//! The website endpoint.

mod error_page;
mod page;

pub(crate) use page::{Page, serve};
