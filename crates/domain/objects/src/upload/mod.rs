//! Multipart uploads: begin, parts, complete, abort, list. Parts are files of the upload's folder, and stay there when the
//! upload becomes an object: completing moves no bytes.
//!
//! begun ──part (again and again)──▶ begun ──complete──▶ object, remembered for a day
//!   └──────────abort──────────▶ gone

mod abort;
mod begin;
mod complete;
mod list;
mod parts;
mod stored;

pub use begin::NewUpload;
pub use complete::{ChosenPart, Completed, Completion, Whole};
pub use list::{PartListing, UploadListRequest, UploadListing};
pub use parts::{NewPart, NewPartCopy, UploadedPart};
pub use stored::{Part, Upload};
