//! A sign-in under way within one call.

use super::{candidate::Candidate, state::State};

/// Who tries, and how far they have come.
pub(super) struct Attempt {
    pub state: State,
    pub candidate: Candidate,
}
