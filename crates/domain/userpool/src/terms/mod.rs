//! Terms of use and privacy policies: links that managed login shows to whoever signs up. `links` are the rules of addresses and languages,
//! `agreement` is what the pages need.

pub(crate) mod agreement;
pub(crate) mod links;
pub(crate) mod view;
