//! A copy of what is kept of somebody, and the end of their account.

use http::{StatusCode, header};
use pages::hosted::{AccountData, Done, Say};

use super::{
    super::{
        frame::{self, Around},
        logout,
        tell::Asked,
    },
    here::{Here, Said},
};
use crate::{answer, body::Response};

pub async fn answer(here: &Here<'_>) -> Response {
    match here.step() {
        None => shown(here, Said::default()),
        Some("download") => copy(here).await,
        Some("delete") => deleted(here).await,
        Some(_) => here.unknown(),
    }
}

async fn copy(here: &Here<'_>) -> Response {
    let ask = here.ask;
    match ask
        .app
        .user_pools
        .own_data_at(&ask.cx, here.place(), &here.browser)
        .await
    {
        Ok(data) => {
            let file = [(
                header::CONTENT_DISPOSITION.as_str(),
                "attachment; filename=\"account.json\"",
            )];
            let mut response = answer::with(answer::json(StatusCode::OK, &data), &file);
            frame::secure(ask, &mut response);
            response
        }
        Err(error) => here.failed(&error),
    }
}

/// Whoever has typed what the account is called means it.
async fn deleted(here: &Here<'_>) -> Response {
    let ask = here.ask;
    if !here
        .field("confirmation")
        .trim()
        .eq_ignore_ascii_case(here.browser.name())
    {
        return shown(here, Said::error(Say::NameDiffers));
    }
    if let Err(error) = ask
        .app
        .user_pools
        .delete_account_at(&ask.cx, here.place(), &here.browser)
        .await
    {
        return shown(here, here.refusal(&error, Asked::Else));
    }
    let page = Done {
        heading: Say::AccountDeleted.into(),
        sentence: Say::SafeToClose.into(),
        next: String::new(),
    };
    logout::signed_out(ask, frame::shown(ask, Around::default(), &page)).await
}

pub fn shown(here: &Here<'_>, said: Said) -> Response {
    let page = AccountData {
        name: here.browser.name().to_owned(),
        overview: here.overview(),
    };
    frame::shown(here.ask, here.around(said), &page)
}
