//! The account's first page: who it is, and the way to each section.

use pages::hosted::{Account, SectionLink, SignedOut};

use super::{
    super::{
        frame::{self, Around},
        logout,
    },
    here::{Here, Said},
    section::Section,
};
use crate::body::Response;

/// With the drawing of each.
const LINKED: [(Section, &str); 5] = [
    (Section::Profile, "person"),
    (Section::Password, "password"),
    (Section::Factors, "shield"),
    (Section::Sessions, "device"),
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
    let link = |(section, icon): (Section, &'static str)| SectionLink {
        key: section.word(),
        icon,
        href: section.href(here.ask, here.place()),
    };
    let page = Account {
        name: here.browser.name().to_owned(),
        sections: LINKED.map(link).into(),
    };
    frame::shown(here.ask, here.around(said), &page)
}
