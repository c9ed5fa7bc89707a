//! What the statements of a document may say.

use crate::kind::PolicyKind;

/// What a statement may say.
#[derive(Clone, Copy, Debug)]
pub(super) struct Grammar {
    pub kind: PolicyKind,
    pub variables: bool,
}
