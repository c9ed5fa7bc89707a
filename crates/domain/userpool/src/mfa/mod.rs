//! Second factors beside sign-in: which ones a user has and sign-in asks for (`factors`).

pub(crate) mod factors;
