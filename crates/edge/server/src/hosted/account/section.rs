//! The sections of an account, by their paths and by the words for them. Pure.

use userpool::hosted::Browser;

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

impl Section {
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

    /// Whether there is something of theirs in it.
    pub fn is_of(self, browser: &Browser) -> bool {
        match self {
            Self::Password | Self::Factors => browser.signs_in_here(),
            Self::Providers => browser.is_elsewhere(),
            _ => true,
        }
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
