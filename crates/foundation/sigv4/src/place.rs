//! Where the signature of a request stands.

/// Where the signature stands. Reference 10.1.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    Header,
    Presigned,
}
