//! Signing in by pages: the machine, by the door of hosted login.

use kernel::{Cx, Result};

use super::Place;
use crate::{
    UserPools,
    signin::protocol::{Answer, Reply, Start},
};

impl UserPools {
    /// Errors: those of the first factor (reference: user-pools 5.2).
    pub async fn begin_at(&self, cx: &Cx, place: &Place, start: Start) -> Result<Reply> {
        self.begin_sign_in(cx, place.visit().beginning(), start).await
    }

    /// `username` is the name that the sign-in began with.
    ///
    /// Errors: those of the challenge (reference: user-pools 5.6), whose sessions are of this door alone.
    pub async fn answer_at(&self, cx: &Cx, place: &Place, username: &str, answer: Answer) -> Result<Reply> {
        self.answer_challenge(cx, place.visit(), username, answer).await
    }
}
