//! Groups: how they are shown, and what they make of the tokens.

pub(crate) mod roles;
pub(crate) mod view;
