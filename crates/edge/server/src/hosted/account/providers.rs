//! Who somebody is at identity providers.

use pages::hosted::{AccountProviders, ProviderRow, Say};

use super::{
    super::{frame, tell::Asked},
    here::{Here, Said, day},
};
use crate::body::Response;

pub async fn answer(here: &Here<'_>) -> Response {
    match here.step() {
        None => shown(here, Said::default()).await,
        Some("unlink") => unlinked(here).await,
        Some(_) => here.unknown(),
    }
}

async fn unlinked(here: &Here<'_>) -> Response {
    let (ask, which) = (here.ask, here.field("which"));
    let pools = &ask.app.user_pools;
    match pools.unlink_at(&ask.cx, here.place(), &here.browser, which).await {
        Ok(()) => shown(here, Said::notice(Say::Saved)).await,
        Err(error) => shown(here, here.refusal(&error, Asked::Else)).await,
    }
}

pub async fn shown(here: &Here<'_>, said: Said) -> Response {
    let providers = match here.ask.app.user_pools.providers_at(here.place(), &here.browser).await {
        Ok(providers) => providers,
        Err(error) => return here.failed(&error),
    };
    let rows = providers.into_iter().map(|one| ProviderRow {
        id: one.id,
        name: one.provider,
        since: day(one.since),
        may_go: one.may_go,
    });
    let page = AccountProviders {
        providers: rows.collect(),
        overview: here.overview(),
    };
    frame::shown(here.ask, here.around(said), &page)
}
