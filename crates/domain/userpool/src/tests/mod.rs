//! User pools as their callers see them: operations called by name, through the model's validation.

pub(crate) mod app;
