//! Operations on domains, and the look-up of whoever serves their hosts.

mod all_domains;
mod create_user_pool_domain;
mod delete_user_pool_domain;
mod describe_user_pool_domain;
mod find_domain;
mod update_user_pool_domain;

pub use find_domain::{FoundDomain, PublishedDomain};
