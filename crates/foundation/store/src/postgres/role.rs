//! What a connection is for.

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Reader,
    Writer,
}

impl Role {
    pub fn begin(self) -> &'static str {
        match self {
            Self::Reader => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
            Self::Writer => "BEGIN ISOLATION LEVEL SERIALIZABLE",
        }
    }
}
