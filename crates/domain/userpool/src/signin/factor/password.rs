//! The password as it is: USER_PASSWORD_AUTH and its like. Reference: user-pools 5.2.

use kernel::{ApiError, CpuPool, Cx};

use crate::{
    password::hashing::{Checked, Passwords},
    pool::Pool,
    signin::{
        candidate::Candidate,
        proof::{Change, Device, Proof},
        state::Method,
    },
};

/// None: it is wrong.
pub(in crate::signin) async fn prove(
    (passwords, cpu): (&Passwords, &CpuPool),
    cx: &Cx,
    pool: &Pool,
    candidate: &Candidate,
    password: String,
) -> Result<Option<Proof>, ApiError> {
    let kept = candidate.password.as_ref();
    let change = match passwords.check(cx, pool, &candidate.owner, password, kept).await? {
        Checked::Wrong => return Ok(None),
        Checked::Right => Change::None,
        Checked::RightAndConverted(sealed) => Change::Kept {
            sealed,
            version: kept.map_or(0, |row| row.version),
        },
    };
    Ok(Some(Proof {
        method: Some(Method::Password),
        // DEVICE_KEY is looked at where a device could prove itself: by SRP.
        device: Device::Unnamed,
        change,
        turn: cpu.last_step(),
    }))
}
