//! The sections of an account, by their paths and by the words for them. Pure.

use oauth::Parameters;
use userpool::hosted::{Browser, Place, SignInBy};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    Overview,
    Profile,
    Email,
    Phone,
    Password,
    Factors,
    Sessions,
    Providers,
    Data,
}

const SECTIONS: [(Section, &str, &str); 9] = [
    (Section::Overview, "overview", "/account"),
    (Section::Profile, "profile", "/account/profile"),
    (Section::Email, "email", "/account/email"),
    (Section::Phone, "phone", "/account/phone"),
    (Section::Password, "password", "/account/password"),
    (Section::Factors, "factors", "/account/factors"),
    (Section::Sessions, "sessions", "/account/sessions"),
    (Section::Providers, "providers", "/account/providers"),
    (Section::Data, "data", "/account/data"),
];

/// The parameter of the sign-in's address by which it ends at a section: a word of ours, never an address.
pub const WANTED: &str = "account";

/// An app's request has a type or an address, or a name, and whatever else it has is its own.
pub fn is_apps(parameters: &Parameters) -> bool {
    ["response_type", "redirect_uri", "request_uri"]
        .iter()
        .any(|name| parameters.get(name).is_some())
}

impl Section {
    /// The one that the pages of a sign-in lead to.
    pub fn wanted(parameters: &Parameters) -> Option<Self> {
        let word = parameters.given(WANTED).filter(|_| !is_apps(parameters))?;
        Self::of_word(word)
    }

    pub fn of_path(path: &str) -> Option<Self> {
        let found = SECTIONS.into_iter().find(|(_, _, known)| *known == path);
        found.map(|(section, ..)| section)
    }

    pub fn of_word(word: &str) -> Option<Self> {
        let found = SECTIONS.into_iter().find(|(_, known, _)| *known == word);
        found.map(|(section, ..)| section)
    }

    /// What the sign-in's address and a page's messages call it.
    pub fn word(self) -> &'static str {
        self.row().0
    }

    pub fn path(self) -> &'static str {
        self.row().1
    }

    fn row(self) -> (&'static str, &'static str) {
        let found = SECTIONS.into_iter().find(|(section, ..)| *section == self);
        found.map_or(("overview", "/account"), |(_, word, path)| (word, path))
    }

    /// Whether it is shown to nobody but who has signed in just now: what an account is safe by is changed there, or all of it is seen.
    pub fn needs_fresh(self) -> bool {
        matches!(
            self,
            Self::Email | Self::Phone | Self::Password | Self::Factors | Self::Providers | Self::Data
        )
    }

    /// By whom somebody signs in for it. None: by nobody that the client takes people from, or by a provider where only the pool will do.
    pub fn by(self, place: &Place, named: Option<&str>, identifier: Option<&str>) -> Option<SignInBy> {
        let by = place.sign_in_by(named, identifier)?;
        if !self.needs_fresh() {
            return Some(by);
        }
        (!matches!(by, SignInBy::Provider(_))).then_some(SignInBy::Pool)
    }

    /// Whether there is something of theirs in it. What wants a new sign-in is nothing for whom a provider alone can ask: it may answer
    /// without asking anybody.
    pub fn is_of(self, browser: &Browser) -> bool {
        let is_elsewhere = self != Self::Providers || browser.is_elsewhere();
        is_elsewhere && (!self.needs_fresh() || browser.signs_in_here())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_section_is_found_by_its_names() {
        for (section, word, path) in SECTIONS {
            assert_eq!((section.word(), section.path()), (word, path));
            assert_eq!(Section::of_word(word), Some(section));
            assert_eq!(Section::of_path(path), Some(section));
        }
        for none in ["", "https://evil.example", "//evil.example", "/account", "Profile"] {
            assert_eq!(Section::of_word(none), None, "{none}");
        }
    }
}
