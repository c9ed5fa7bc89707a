//! The languages of hosted login, and which one a browser gets. Reference: oauth-and-federation 9.1.

use serde::Serialize;

macro_rules! languages {
    ($($variant:ident $code:literal $name:literal)*) => {
        /// A language that every page has.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Language {
            $($variant),*
        }

        impl Language {
            pub const ALL: [Self; [$($code),*].len()] = [$(Self::$variant),*];

            /// As `lang`, the cookie and `<html lang>` have it.
            pub fn code(self) -> &'static str {
                match self {
                    $(Self::$variant => $code),*
                }
            }

            /// What it calls itself.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name),*
                }
            }

            pub(super) fn messages(self) -> &'static str {
                match self {
                    $(Self::$variant => include_str!(concat!("../../messages/", $code, ".toml"))),*
                }
            }
        }
    };
}

languages! {
    German "de" "Deutsch"
    English "en" "English"
    Spanish "es" "Español"
    French "fr" "Français"
    Indonesian "id" "Bahasa Indonesia"
    Italian "it" "Italiano"
    Japanese "ja" "日本語"
    Korean "ko" "한국어"
    Portuguese "pt-BR" "Português (Brasil)"
    Turkish "tr" "Türkçe"
    SimplifiedChinese "zh-CN" "简体中文"
    TraditionalChinese "zh-TW" "繁體中文"
}

/// Languages of a header that are looked at: browsers send five.
const MOST_RANGES: usize = 32;

impl Language {
    /// The request's `lang`, else what was chosen before, else what the browser prefers, else English.
    pub fn choose(lang: Option<&str>, cookie: Option<&str>, accept_language: Option<&str>) -> Self {
        lang.and_then(Self::of_tag)
            .or_else(|| cookie.and_then(Self::of_tag))
            .or_else(|| accept_language.and_then(Self::preferred))
            .unwrap_or(Self::English)
    }

    /// Of `de-AT` and the like the nearest that there is.
    pub fn of_tag(tag: &str) -> Option<Self> {
        let tag = tag.trim().replace('_', "-").to_ascii_lowercase();
        let mut parts = tag.split('-');
        let primary = parts.next()?;
        if primary == "zh" {
            let is_traditional = parts.any(|part| ["hant", "tw", "hk", "mo"].contains(&part));
            return Some(if is_traditional {
                Self::TraditionalChinese
            } else {
                Self::SimplifiedChinese
            });
        }
        match primary {
            "pt" => Some(Self::Portuguese),
            // Old Java's word for it.
            "in" => Some(Self::Indonesian),
            _ => Self::ALL.into_iter().find(|language| language.code() == primary),
        }
    }

    fn preferred(header: &str) -> Option<Self> {
        let mut best: Option<(f32, Self)> = None;
        for range in header.split(',').take(MOST_RANGES) {
            let (tag, parameters) = range.split_once(';').unwrap_or((range, ""));
            let weight = match parameters.trim().strip_prefix("q=") {
                Some(weight) => weight.trim().parse().unwrap_or(0.0),
                None => 1.0,
            };
            if let Some(language) = Self::of_tag(tag)
                && weight > best.map_or(0.0, |(weight, _)| weight)
            {
                best = Some((weight, language));
            }
        }
        best.map(|(_, language)| language)
    }
}

impl Serialize for Language {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wish_then_the_cookie_then_the_browser() {
        use Language::*;
        for (lang, cookie, header, expected) in [
            (Some("de"), Some("fr"), Some("es"), German),
            (Some("xx"), Some("fr"), Some("es"), French),
            (None, Some("\"><script>"), Some("es"), Spanish),
            (None, None, None, English),
            (None, None, Some("nl, sv;q=0.9"), English),
            (None, None, Some("fr-CH, fr;q=0.9, en;q=0.8, de;q=0.7, *;q=0.5"), French),
            (None, None, Some("en;q=0.3, ja;q=0.8"), Japanese),
            (None, None, Some("de;q=0, tr;q=0.1"), Turkish),
            (None, None, Some("de;q=NaN, it;q=inf, ko;q=x"), Italian),
            (Some("pt-BR"), None, None, Portuguese),
            (Some("pt_PT"), None, None, Portuguese),
            (Some("zh-Hant-HK"), None, None, TraditionalChinese),
            (Some("zh"), None, None, SimplifiedChinese),
            (Some("ZH-tw"), None, None, TraditionalChinese),
            (Some("in"), None, None, Indonesian),
            (Some(""), None, Some(",,;q=,"), English),
        ] {
            assert_eq!(
                Language::choose(lang, cookie, header),
                expected,
                "{lang:?} {cookie:?} {header:?}"
            );
        }
    }
}
