//! Another password.

use pages::hosted::{AccountPassword, Say};

use super::{
    super::{frame, page, tell::Asked},
    here::{Here, Said},
};
use crate::body::Response;

pub async fn answer(here: &Here<'_>) -> Response {
    match here.step() {
        None => shown(here, Said::default()).await,
        Some("change_password") => changed(here).await,
        Some(_) => here.unknown(),
    }
}

async fn changed(here: &Here<'_>) -> Response {
    let (ask, proposed) = (here.ask, here.field("new_password"));
    if proposed != here.field("new_password_again") {
        return shown(here, Said::error(Say::PasswordsDiffer)).await;
    }
    let pools = &ask.app.user_pools;
    let given = (ask.field("password"), proposed);
    let changed = pools.change_password_at(&ask.cx, here.place(), &here.browser, given);
    match changed.await {
        Ok(()) => shown(here, Said::notice(Say::Saved)).await,
        Err(error) => shown(here, here.refusal(&error, Asked::CurrentPassword)).await,
    }
}

pub async fn shown(here: &Here<'_>, said: Said) -> Response {
    let has_password = match here.ask.app.user_pools.has_password(&here.browser).await {
        Ok(has_password) => has_password,
        Err(error) => return here.failed(&error),
    };
    let page = AccountPassword {
        has_password,
        policy: page::policy(&here.place().password_rules()),
        overview: here.overview(),
    };
    frame::shown(here.ask, here.around(said), &page)
}
