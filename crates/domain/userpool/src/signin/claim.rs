//! A question of CUSTOM_AUTH is claimed before a function judges its answer or hears of it, so that of answers in parallel one counts.
//! Where a function then fails, or says what it can't, the question is given back. What the answer changes is written when
//! nothing is left that may fail: until then nothing of it is done. Reference: user-pools 5.6, 5.9.

use std::sync::Arc;

use kernel::{ApiError, Cx, PoolId, Result};
use store::{Stop, records::spent};

use super::{
    attempt::Attempt,
    effect::{self, Effect},
    method::Method,
    named::Named,
    protocol::Reply,
    state::Asked,
};
use crate::{UserPools, errors, password::kept::Owner, pool::Pool};

/// Why an answer leads nowhere.
pub(super) enum Refused {
    /// Nothing was decided: the session is good for another answer.
    Meanwhile(ApiError),
    ForGood(ApiError),
}

impl From<ApiError> for Refused {
    fn from(error: ApiError) -> Self {
        Self::Meanwhile(error)
    }
}

impl Refused {
    /// The same where something was decided.
    pub fn for_good(self) -> Self {
        match self {
            Self::Meanwhile(error) | Self::ForGood(error) => Self::ForGood(error),
        }
    }
}

/// A question that was asked.
pub(super) struct Claimed {
    pool: PoolId,
    nonce: String,
}

impl UserPools {
    /// The question that is answered counts no more from now on. None: nothing was asked that counts once.
    ///
    /// Errors: NotAuthorized (locked meanwhile, the question answered before), ResourceNotFound (an unknown device was named with
    /// the password's proof: clients forget it there, and send the proof again).
    pub(super) async fn claim(&self, cx: &Cx, attempt: &mut Attempt, shown: Option<Method>) -> Result<Option<Claimed>> {
        let Attempt { state, candidate } = attempt;
        let (owner, visit, now) = (candidate.owner.clone(), state.visit.clone(), cx.now());
        let nonce = state.nonce.take();
        state.asked = Asked::Nothing;
        let spent = nonce.clone();
        let claimed = self.store.write(move |tx| {
            effect::unlocked(tx, &owner, shown, now)?;
            // During a lock not even that is told.
            if shown == Some(Method::Password) && matches!(Named::find(tx, &visit, &owner.sub)?, Named::Unknown) {
                return Err(errors::device_does_not_exist().into());
            }
            effect::spend(tx, &owner.pool, spent.as_deref(), now)
        });
        claimed.await?;
        let pool = &candidate.owner.pool;
        Ok(nonce.map(|nonce| Claimed {
            pool: pool.clone(),
            nonce,
        }))
    }

    /// What a right answer changes.
    ///
    /// Errors: NotAuthorized (locked or changed meanwhile), ExpiredCode (a TOTP code that counted before), AliasExists.
    pub(super) async fn keep(&self, cx: &Cx, (pool, owner): (Arc<Pool>, Owner), effect: Effect) -> Result<()> {
        if effect.is_none() {
            return Ok(());
        }
        let now = cx.now();
        let kept = self.store.write(move |tx| {
            let forgiven = effect.unlocked(tx, &owner, now)?;
            effect.use_code(tx, &owner)?;
            effect.save(tx, &pool, &owner, forgiven)
        });
        match kept.await {
            Ok(()) => Ok(()),
            Err(Stop::Raced) => Err(errors::incorrect_username_or_password().because("the user was just changed")),
            Err(stop) => Err(stop.into()),
        }
    }

    /// The reply; the question that was claimed is given back where nothing was decided.
    pub(super) async fn told(&self, claimed: Option<Claimed>, said: Result<Reply, Refused>) -> Result<Reply> {
        match said {
            Ok(reply) => Ok(reply),
            Err(Refused::ForGood(refusal)) => Err(refusal),
            Err(Refused::Meanwhile(refusal)) => {
                if let Some(Claimed { pool, nonce }) = claimed {
                    self.store
                        .write(move |tx| Ok(spent::give_back(tx, &pool, &nonce)?))
                        .await?;
                }
                Err(refusal)
            }
        }
    }
}
