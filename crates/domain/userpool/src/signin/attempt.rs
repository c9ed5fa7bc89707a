//! A sign-in under way within one call.

use kernel::Timestamp;

use super::{
    candidate::Candidate,
    method::{Method, Proved},
    state::State,
};

/// Who tries, and how far they have come.
pub(super) struct Attempt {
    pub state: State,
    pub candidate: Candidate,
}

impl Attempt {
    /// A password counts as it was compared, whatever the user's is by now.
    pub fn add_proved(&mut self, method: Option<Method>, at: Timestamp) {
        if method == Some(Method::Password) {
            self.state.seen = self.candidate.password_set_at();
        }
        self.state.proved.extend(method.map(|method| Proved { method, at }));
    }
}
