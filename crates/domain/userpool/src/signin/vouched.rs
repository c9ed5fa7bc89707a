//! The spine of a sign-in that an identity provider vouches for: nothing is asked here any more. Reference: oauth-and-federation 10.4, 10.7.

use kernel::{Cx, Result};

use super::{
    attempt::Attempt,
    method::Method,
    proof::{Change, Proof},
    protocol::{Reply, Vouched},
    state::{Asked, State},
    visit::Visit,
};
use crate::{UserPools, errors};

impl UserPools {
    /// Errors: UserNotFound (deleted meanwhile), those of the functions and of [`UserPools::settle`].
    pub(super) async fn try_vouched(&self, cx: &Cx, visit: Visit, vouched: Vouched) -> Result<Reply> {
        let candidate = self.candidates(cx, &visit).called(vouched.sub).await?;
        if candidate.user.is_none() {
            return Err(errors::user_does_not_exist());
        }
        let state = State::new(visit, candidate.owner.sub.clone(), Asked::Nothing, None);
        let attempt = Attempt { state, candidate };
        if !attempt.state.visit.is_first() {
            self.ask_function(cx, &attempt).await?;
        }
        let change = match vouched.renewal {
            Some(renewal) => Change::Mapped(Box::new(renewal)),
            None => Change::None,
        };
        let proof = self.nothing_more(Some(Method::Federated(vouched.level)))?;
        self.settle(cx, attempt, Proof { change, ..proof }).await
    }
}
