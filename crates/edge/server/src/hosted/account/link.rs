//! Addresses of sections, and of the sign-in that leads to one.

use oauth::Parameters;
use userpool::hosted::Place;

use super::{
    super::ask::Ask,
    section::{Section, WANTED},
};

/// Where a section is, for this client.
pub fn to(ask: &Ask<'_>, place: &Place, section: Section) -> String {
    let query = with_language(ask, [("client_id", place.client().as_str())]);
    format!("{}{}?{query}", ask.mount, section.path())
}

/// Where somebody signs in for it.
pub fn to_sign_in(ask: &Ask<'_>, place: &Place, section: Section) -> String {
    let query = with_language(ask, [("client_id", place.client().as_str()), (WANTED, section.word())]);
    format!("{}/login?{query}", ask.mount)
}

fn with_language<const N: usize>(ask: &Ask<'_>, query: [(&str, &str); N]) -> String {
    let language = ask.query.given("lang").map(|language| ("lang", language));
    Parameters::of(query.into_iter().chain(language)).encoded()
}
