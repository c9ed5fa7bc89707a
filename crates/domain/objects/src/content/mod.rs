//! The bytes: on their way in, checked, and as files.

pub(crate) mod checksum;
pub(crate) mod folder;
pub(crate) mod receive;

pub use checksum::{Algorithm, Checksum, ChecksumType, Sha256};
pub use folder::Folder;
pub use receive::{Expected, Integrity, MAX_BODY, Trailers, check_document};
