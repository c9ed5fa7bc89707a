//! The account's first page: who it is, and the way to each section.

use pages::hosted::{Account, SectionLink, SignedOut};

use super::{
    super::{
        frame::{self, Around},
        logout,
    },
    here::{Here, Said},
    link,
    section::Section,
};
use crate::body::Response;

/// With the drawing of each.
const LINKED: [(Section, &str); 6] = [
    (Section::Profile, "person"),
    (Section::Password, "password"),
    (Section::Factors, "shield"),
    (Section::Sessions, "device"),
    (Section::Providers, "globe"),
    (Section::Data, "file"),
];

pub async fn answer(here: &Here<'_>) -> Response {
    match here.step() {
        None => shown(here, Said::default()),
        Some("sign_out") => {
            let page = frame::shown(here.ask, Around::default(), &SignedOut {});
            logout::signed_out(here.ask, page).await
        }
        Some(_) => here.unknown(),
    }
}

pub fn shown(here: &Here<'_>, said: Said) -> Response {
    let row = |(section, icon): (Section, &'static str)| SectionLink {
        key: section.word(),
        icon,
        href: link::to(here.ask, here.place(), section),
    };
    let linked = LINKED.into_iter().filter(|(section, _)| section.is_of(&here.browser));
    let page = Account {
        name: here.browser.name().to_owned(),
        sections: linked.map(row).collect(),
    };
    frame::shown(here.ask, here.around(said), &page)
}
