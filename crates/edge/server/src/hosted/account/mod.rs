//! `/account` and what lies under it: people and their own account. Whoever is not signed in at the browser signs in and comes back, by a
//! word in the sign-in's address (`section`); what weakens an account is shown to who has signed in just now. What a section may do is an
//! access token's to do as well: `userpool::hosted`, which refuses what the API refuses. docs/account-page.md
//!
//! ```text
//!  /account/password ──▶ `Here`: signed in, well enough ──▶ the section
//!        ╰─ no ──▶ /login?client_id&account=password: the pages of a sign-in ──▶ /account/password
//! ```

mod address;
mod data;
mod factors;
mod here;
pub mod link;
mod overview;
mod password;
mod profile;
mod providers;
pub mod section;
mod sessions;

use pages::hosted::Say;

use self::here::{Here, Said};
use self::section::Section;
use super::{ask::Ask, authorize};
use crate::body::Response;

pub async fn answer(ask: &Ask<'_>, section: Section) -> Response {
    let app = match authorize::of_account(ask, &ask.query, section).await {
        Ok(app) => app,
        Err(response) => return *response,
    };
    let here = match Here::found(ask, &app, section).await {
        Ok(here) => here,
        Err(response) => return *response,
    };
    if ask.is_post() && (!ask.is_own_form() || ask.form.has_repeats()) {
        return shown(&here, Said::error(Say::PageExpired)).await;
    }
    match section {
        Section::Overview => overview::answer(&here).await,
        Section::Profile => profile::answer(&here).await,
        Section::Email | Section::Phone => address::answer(&here).await,
        Section::Password => password::answer(&here).await,
        Section::Factors => factors::answer(&here).await,
        Section::Sessions => sessions::answer(&here).await,
        Section::Providers => providers::answer(&here).await,
        Section::Data => data::answer(&here).await,
    }
}

async fn shown(here: &Here<'_>, said: Said) -> Response {
    match here.section {
        Section::Overview => overview::shown(here, said),
        Section::Profile => profile::shown(here, said),
        Section::Email | Section::Phone => address::shown(here, said),
        Section::Password => password::shown(here, said).await,
        Section::Factors => factors::shown(here, said).await,
        Section::Sessions => sessions::shown(here, said).await,
        Section::Providers => providers::shown(here, said).await,
        Section::Data => data::shown(here, said),
    }
}
