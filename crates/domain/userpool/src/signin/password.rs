//! The password as it is: USER_PASSWORD_AUTH and its like. Reference: user-pools 5.2, 5.10.

use kernel::{ApiError, Cx};

use super::{Method, Result, Step, Visit, candidate::Candidate, finish::Proved};
use crate::{
    UserPools, errors,
    password::{hashing::Checked, kept::Owner, lockout},
};

impl UserPools {
    /// `nonce` is that of the challenge which this answers, if it does.
    pub(super) async fn try_password(
        &self,
        cx: &Cx,
        visit: &Visit,
        candidate: Candidate,
        password: String,
        nonce: Option<String>,
    ) -> Result<Step> {
        let kept = candidate.password.as_ref();
        let converted = match self
            .passwords
            .check(cx, &visit.pool, &candidate.owner, password, kept)
            .await?
        {
            Checked::Right => None,
            Checked::RightAndConverted(sealed) => Some(sealed),
            Checked::Wrong => return Err(self.count_failure(cx, &candidate.owner).await),
        };
        self.finish(
            cx,
            visit,
            Proved {
                candidate,
                method: Method::Password,
                nonce,
                converted,
                turn: self.cpu.last_step(),
            },
        )
        .await
    }

    /// Counts a wrong password or proof: what to answer to it.
    ///
    /// If parallel guesses have locked the user meanwhile, this one is answered as any during a lock, so that it doesn't
    /// tell whether it was right.
    pub(super) async fn count_failure(&self, cx: &Cx, owner: &Owner) -> ApiError {
        let (owner, now) = (owner.clone(), cx.now());
        let counted = self
            .store
            .write(move |tx| lockout::count_failure(tx, &owner.pool, &owner.sub, now))
            .await;
        match counted {
            Ok(()) => errors::incorrect_username_or_password(),
            Err(stop) => stop.into(),
        }
    }
}
