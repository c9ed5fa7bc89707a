//! Uploads from browsers: a form that is posted to a bucket and says in its fields what a put says in its headers. Who posts
//! it is who signed its policy, or nobody. The order in which things are refused is that observed of S3.

mod disposition;
mod errors;
mod fields;
mod multipart;
mod policy;
mod post;

pub(crate) use post::post;
