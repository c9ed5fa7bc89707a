//! Second factors beside sign-in: which ones a user has and sign-in asks for (`factors`), how they are turned on and off
//! (`preference`), how an authenticator app becomes one (`software_token`), and the codes that stand in for one (`recovery`).

pub(crate) mod factors;
pub(crate) mod preference;
pub(crate) mod recovery;
pub(crate) mod software_token;
