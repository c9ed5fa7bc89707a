//! What USER_AUTH's TARGET_ACR_VALUES, ACCESS_TOKEN and MAX_AGE ask for. Reference: user-pools 15.1.

use std::time::Duration;

use kernel::{Cx, Result};

use super::request::Parameters;
use crate::{
    UserPools, errors,
    pool::Pool,
    signin::{
        Method, Visit,
        protocol::{Credit, Otherwise, StepUp},
    },
};

/// What an app says that was shown before.
pub(super) struct Claim {
    access_token: String,
    /// What is older does not count.
    max_age: Option<Duration>,
}

/// None: nothing special is asked for.
///
/// Errors: InvalidParameter (no known level, a token without one, no number of seconds).
pub(super) fn asked(pool: &Pool, parameters: &mut Parameters) -> Result<Option<(StepUp, Option<Claim>)>> {
    let max_age = match parameters.remove("MAX_AGE") {
        Some(seconds) => Some(seconds.parse().map_err(|_| errors::max_age_not_valid())?),
        None => None,
    };
    let access_token = parameters.remove("ACCESS_TOKEN");
    let Some(values) = parameters.remove("TARGET_ACR_VALUES") else {
        return match access_token {
            Some(_) => Err(errors::access_token_without_acr()),
            None => Ok(None),
        };
    };
    let targets: Vec<_> = values
        .split_whitespace()
        .filter_map(|name| pool.levels.level(name))
        .collect();
    if targets.is_empty() {
        return Err(errors::no_known_acr_value());
    }
    let claim = access_token.map(|access_token| Claim {
        access_token,
        max_age: max_age.map(Duration::from_secs),
    });
    let step_up = StepUp {
        targets,
        credit: None,
        otherwise: Otherwise::Refused,
    };
    Ok(Some((step_up, claim)))
}

impl UserPools {
    /// What the token is worth. None: it is too long ago.
    ///
    /// Errors: those of an access token, NotAuthorized for one of another pool or client.
    pub(super) async fn credit(&self, cx: &Cx, visit: &Visit, claim: Claim) -> Result<Option<Credit>> {
        let access = self.access(cx, &claim.access_token).await?;
        if access.pool.id != visit.pool.id || access.client.id != visit.client.id {
            return Err(errors::invalid_access_token());
        }
        let age = cx.wall().since(access.auth_time);
        if claim.max_age.is_some_and(|oldest| age > oldest) {
            return Ok(None);
        }
        Ok(Some(Credit {
            sub: access.user.sub,
            methods: access.methods.iter().filter_map(|name| Method::of_amr(name)).collect(),
            at: access.auth_time,
            age,
        }))
    }
}
