//! IAM and STS on a database of their own, with time and chance in the test's hands. Operations are called by name and in
//! JSON, as the front end does it: constraints, permission, then the operation.

mod absent;
mod app;
mod assuming;
mod authorizing;
mod bucket_policies;
mod keys;
mod last_use;
mod managed_policies;
mod paging;
mod roles;
mod sessions;
mod signing;
mod trust;
mod users;
