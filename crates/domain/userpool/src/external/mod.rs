//! People whom identity providers send: which user of the pool each of them is. `identities` is what all that is done with them has in
//! common, `link` an administrator's word on it, `shown` how it is told. Reference: oauth-and-federation 10.4, 10.6.

pub(crate) mod identities;
pub(crate) mod link;
pub(crate) mod shown;
