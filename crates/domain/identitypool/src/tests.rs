//! Identity pools on a database of their own, with time, chance and keys in the test's hands. Operations are called by
//! name and in JSON, as the front end does it.

mod app;
mod credentials;
mod deleted_pools;
mod identities;
mod lists;
mod logins;
mod openid_tokens;
mod pools;
mod roles;
