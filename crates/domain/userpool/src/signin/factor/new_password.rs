//! NEW_PASSWORD_REQUIRED: a user with a temporary password chooses their own. Reference: user-pools 5.5.

use std::collections::BTreeMap;

use kernel::{ApiError, CpuPool, Cx};
use store::records::{status::Status, users::User};

use crate::{
    client::Client,
    errors,
    password::{hashing::Passwords, policy::Audience},
    pool::Pool,
    signin::{
        attempt::Attempt,
        next::{Next, Step, next},
        proof::{Change, Chosen, Proof},
    },
    user::{
        attribute_rules::{GivenAttribute, Occasion},
        attributes,
    },
};

/// The required attributes that the user lacks.
pub(in crate::signin) fn missing_attributes(pool: &Pool, user: &User) -> Vec<String> {
    let has = |name: &str| user.doc.attributes.get(name).is_some_and(|value| !value.is_empty());
    pool.schema
        .required()
        .filter(|name| !has(name))
        .map(str::to_owned)
        .collect()
}

/// What the user is shown of themselves.
pub(in crate::signin) fn shown_attributes(user: &User, client: &Client) -> BTreeMap<String, String> {
    let readable = user.doc.attributes.iter().filter(|(name, _)| client.may_read(name));
    readable.map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// A refused password or attribute leaves the session as it was: the user may try another.
///
/// Errors: NotAuthorized (session, `Cannot modify an already provided …`), InvalidPassword,
/// PasswordHistoryPolicyViolation, InvalidParameter (attributes).
pub(in crate::signin) async fn prove(
    (passwords, cpu): (&Passwords, &CpuPool),
    cx: &Cx,
    Attempt { state, candidate }: &Attempt,
    (password, given): (String, Vec<(String, String)>),
) -> Result<Proof, ApiError> {
    let before = candidate.user.as_ref().ok_or_else(errors::invalid_session)?;
    // The password that the session was given for has been replaced, most likely by means of this very session.
    if next(state, before, &candidate.device, cx.now())? != Next::Ask(Step::NewPassword)
        || state.is_outdated(candidate.password_set_at())
    {
        return Err(errors::session_used());
    }
    let pool = &state.visit.pool;
    pool.password_policy.check(&password, Audience::Answering)?;
    let given: Vec<GivenAttribute> = given
        .into_iter()
        .map(|(name, value)| GivenAttribute {
            name,
            value: Some(value),
        })
        .collect();
    let occasion = Occasion::NewPassword(&state.visit.client);
    let mut after = attributes::apply(pool, occasion, before, &given, cx.now())?.user;
    after.status = Status::Confirmed;
    after.doc.temporary_until = None;
    let password = passwords.make(cx, pool, candidate.holder(), password).await?;
    Ok(Proof {
        // The temporary password was the proof, and stands in the state.
        method: None,
        change: Change::NewPassword(Box::new(Chosen {
            before: before.clone(),
            after,
            password,
        })),
        turn: cpu.last_step(),
    })
}
