//! The password as it is: USER_PASSWORD_AUTH and its like. Reference: user-pools 5.2.

use kernel::{ApiError, CpuPool, Cx};

use crate::{
    password::hashing::{Checked, Passwords},
    signin::{
        attempt::Attempt,
        method::Method,
        proof::{Change, Proof},
    },
};

/// None: it is wrong.
pub(in crate::signin) async fn prove(
    (passwords, cpu): (&Passwords, &CpuPool),
    cx: &Cx,
    Attempt { state, candidate }: &Attempt,
    password: String,
) -> Result<Option<Proof>, ApiError> {
    let pool = &state.visit.pool;
    let change = match passwords.check(cx, pool, candidate.holder(), password).await? {
        Checked::Wrong => return Ok(None),
        Checked::Right => Change::None,
        Checked::RightAndConverted(sealed) => Change::Kept {
            sealed,
            version: candidate.password.as_ref().map_or(0, |row| row.version),
        },
    };
    Ok(Some(Proof {
        method: Some(Method::Password),
        change,
        turn: cpu.last_step(),
    }))
}
