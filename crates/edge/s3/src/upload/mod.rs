//! Multipart uploads.

mod list;
mod write;
