//! Signing in by pages: the machine, by the door of hosted login.

use kernel::{Cx, Result};

use super::Place;
use crate::{
    UserPools,
    signin::protocol::{Answer, Challenge, Reply, Start},
};

impl UserPools {
    /// Errors: those of the first factor (reference: user-pools 5.2).
    pub async fn begin_at(&self, cx: &Cx, place: &Place, start: Start) -> Result<Reply> {
        let reply = self.begin_sign_in(cx, place.visit().beginning(), start).await?;
        self.by_browser(cx, place, reply).await
    }

    /// `username` is the name that the sign-in began with.
    ///
    /// Errors: those of the challenge (reference: user-pools 5.6), whose sessions are of this door alone.
    pub async fn answer_at(&self, cx: &Cx, place: &Place, username: &str, answer: Answer) -> Result<Reply> {
        let reply = Box::pin(self.answer_challenge(cx, place.visit(), username, answer)).await?;
        self.by_browser(cx, place, reply).await
    }

    /// A browser that is remembered is asked for nothing that it has brought along.
    async fn by_browser(&self, cx: &Cx, place: &Place, reply: Reply) -> Result<Reply> {
        match reply {
            Reply::Challenge(Challenge::DeviceSrp { session, user_id, .. }) => {
                let answer = Answer::Browser { session };
                Box::pin(self.answer_challenge(cx, place.visit(), &user_id, answer)).await
            }
            reply => Ok(reply),
        }
    }
}
