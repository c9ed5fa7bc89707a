//! A recovery code in the place of a second factor, at hosted login: apps of the API don't know of them.

use kernel::{ApiError, Timestamp, Turn};
use store::{Store, records::recovery_codes};
use vault::Keyring;

use crate::{
    mfa::recovery,
    signin::{
        acr,
        attempt::Attempt,
        method::{Method, Proved},
        proof::{Change, Proof},
        state::State,
        visit::Door,
    },
};

/// Whether one may stand in for the second factor that such a sign-in asks for: not in the place of a first one, of what a function
/// asks for, or where the level that is wanted would not be reached.
pub(in crate::signin) fn may_stand_in(state: &State) -> bool {
    let shown = Proved {
        method: Method::RecoveryCode,
        at: Timestamp::default(),
    };
    let reached = || acr::level(&[state.proved.as_slice(), &[shown]].concat());
    state.visit.door == Door::Hosted
        && state.has_first_factor()
        && state.rounds.is_none()
        && state.target.is_none_or(|target| reached() >= target)
}

/// None: it is wrong, or was used.
pub(in crate::signin) async fn prove(
    (store, keyring): (&Store, &Keyring),
    Attempt { candidate, .. }: &Attempt,
    typed: &str,
    turn: Turn,
) -> Result<Option<Proof>, ApiError> {
    let (pool, sub) = (candidate.owner.pool.clone(), candidate.owner.sub.clone());
    let kept = store.look_up(move |r| recovery_codes::of_user(r, &pool, &sub)).await?;
    let of = (&candidate.owner.pool, &candidate.owner.sub);
    let taken = recovery::matching(keyring, of, kept, typed);
    Ok(taken.map(|digest| Proof {
        method: Some(Method::RecoveryCode),
        change: Change::RecoveryCode(digest),
        turn,
    }))
}
