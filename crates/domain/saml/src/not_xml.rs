//! Why a document is not read.

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotXml {
    #[error("it has a DTD or a processing instruction")]
    Forbidden,
    #[error("it is larger or deeper than documents are")]
    Limits,
    #[error("it is not well-formed")]
    Malformed,
    #[error("an entity that is not one of the five")]
    Entity,
}
