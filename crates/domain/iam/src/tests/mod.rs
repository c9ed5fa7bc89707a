//! IAM and STS on a database of their own, with time and chance in the test's hands. Operations are called by name and in
//! JSON, as the front end does it: constraints, permission, then the operation.

mod absent;
mod app;
mod assuming;
mod attachments;
mod authorizing;
mod bucket_policies;
mod guarding;
mod handed;
mod keys;
mod last_use;
mod managed_policies;
mod paging;
mod recognition;
mod roles;
mod services;
mod sessions;
mod signing;
mod trust;
mod users;
mod web_identity;
