//! Buckets: how they are made, found and deleted, and what their settings mean. Where they are kept: `stored`.

mod change;
mod cors;
mod create;
mod delete;
mod find;
mod location;
mod name;
mod policy;
mod settings;
mod stored;
mod website;

pub use cors::{Cors, CorsGrant, CorsRule};
pub use find::{BucketEntry, BucketListRequest, Buckets};
pub use location::{GLOBAL_REGION, Location, is_known_region};
pub use name::check_bucket_name;
pub use policy::BucketPolicy;
pub(crate) use policy::is_stranger;
pub use settings::{OpaqueSetting, Ownership, PublicAccessBlock, Settings, Versioning};
pub use stored::Bucket;
pub use website::{Answer, Condition, ErrorAnswer, Redirect, RedirectAll, RoutingRule, Target, Website};
