//! What the pages of managed login use of a style's Settings, typed. Reading never fails: a member that is absent, unknown or
//! malformed is as if it had not been set. Reference: oauth-and-federation 9.3.

use serde_json::Value;

use super::{palette::Palette, reading::Reading};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    pub scheme: Scheme,
    pub light: Palette,
    pub dark: Palette,
    pub radii: Radii,
    pub density: Density,
    /// Where the form stands in the page, from left to right in scripts that read so.
    pub horizontal: Align,
    /// The same from top to bottom.
    pub vertical: Align,
    pub form_logo: Option<FormLogo>,
    pub header: Option<Strip>,
    pub footer: Option<Strip>,
    pub shown: Vec<Feature>,
}

/// What a page shows or does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Feature {
    /// The pictures beside the choice of factors.
    Graphics,
    FormImage,
    PageImage,
    /// Icons on the buttons of providers.
    IdpIcons,
    FaviconIco,
    FaviconSvg,
    /// People type their address and are led to their provider, in place of a list of buttons.
    DomainSearch,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    Light,
    Dark,
    /// As the browser prefers.
    Dynamic,
}

/// Corners that were chosen, in pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Radii {
    pub form: Option<u16>,
    pub button: Option<u16>,
    pub input: Option<u16>,
    pub drop_down: Option<u16>,
    pub alert: Option<u16>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Density {
    Compact,
    Regular,
    Spacious,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    Start,
    Center,
    End,
}

/// The logo of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FormLogo {
    pub location: Align,
    /// Beneath the form's content, not above.
    pub at_the_bottom: bool,
    /// Beside the form's frame, not in it.
    pub outside: bool,
}

/// A header or footer that is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Strip {
    /// Where its logo stands, if it has one.
    pub logo: Option<Align>,
    pub image: bool,
}

impl Look {
    pub(crate) fn of(settings: &Value) -> Self {
        let read = Reading::of(settings);
        Self {
            scheme: read
                .find("/categories/global/colorSchemeMode", scheme)
                .unwrap_or(Scheme::Dynamic),
            light: Palette::of(&read, "lightMode"),
            dark: Palette::of(&read, "darkMode"),
            radii: Radii {
                form: read.radius("/components/form/borderRadius"),
                button: read.radius("/componentClasses/buttons/borderRadius"),
                input: read.radius("/componentClasses/input/borderRadius"),
                drop_down: read.radius("/componentClasses/dropDown/borderRadius"),
                alert: read.radius("/components/alert/borderRadius"),
            },
            density: read
                .find("/categories/global/spacingDensity", density)
                .unwrap_or(Density::Regular),
            horizontal: read.place("/categories/form/location/horizontal"),
            vertical: read.place("/categories/form/location/vertical"),
            form_logo: read.is("/components/form/logo/enabled").then(|| FormLogo {
                location: read.place("/components/form/logo/location"),
                at_the_bottom: read.says("/components/form/logo/position", "BOTTOM"),
                outside: read.says("/components/form/logo/formInclusion", "OUT"),
            }),
            header: read.strip("pageHeader"),
            footer: read.strip("pageFooter"),
            shown: FEATURES.into_iter().filter(|feature| feature.is_shown(&read)).collect(),
        }
    }
}

const FEATURES: [Feature; 7] = [
    Feature::Graphics,
    Feature::FormImage,
    Feature::PageImage,
    Feature::IdpIcons,
    Feature::FaviconIco,
    Feature::FaviconSvg,
    Feature::DomainSearch,
];

impl Feature {
    fn is_shown(self, read: &Reading<'_>) -> bool {
        let favicon = |name: &str| {
            let types = read.find("/components/favicon/enabledTypes", |value| value.as_array().cloned());
            types.iter().flatten().any(|kind| kind == name)
        };
        match self {
            Self::Graphics => read.is("/categories/form/displayGraphics"),
            Self::FormImage => read.is("/components/form/backgroundImage/enabled"),
            Self::PageImage => read.is("/components/pageBackground/image/enabled"),
            Self::IdpIcons => read.is("/componentClasses/idpButtons/icons/enabled"),
            Self::FaviconIco => favicon("ICO"),
            Self::FaviconSvg => favicon("SVG"),
            Self::DomainSearch => !read.says("/categories/auth/federation/interfaceStyle", "BUTTON_LIST"),
        }
    }
}

impl Reading<'_> {
    fn is(&self, path: &str) -> bool {
        self.find(path, Value::as_bool).unwrap_or(false)
    }

    fn says(&self, path: &str, word: &str) -> bool {
        self.find(path, |value| value.as_str().map(|text| text == word))
            .unwrap_or(false)
    }

    fn place(&self, path: &str) -> Align {
        self.find(path, place).unwrap_or(Align::Center)
    }

    fn radius(&self, path: &str) -> Option<u16> {
        self.own(path, radius)
    }

    fn strip(&self, name: &str) -> Option<Strip> {
        let enabled = self.is(&format!("/categories/global/{name}/enabled"));
        let logo = || self.place(&format!("/components/{name}/logo/location"));
        enabled.then(|| Strip {
            logo: self.is(&format!("/components/{name}/logo/enabled")).then(logo),
            image: self.is(&format!("/components/{name}/backgroundImage/enabled")),
        })
    }
}

fn scheme(value: &Value) -> Option<Scheme> {
    Some(match value.as_str()? {
        "LIGHT" => Scheme::Light,
        "DARK" => Scheme::Dark,
        "DYNAMIC" => Scheme::Dynamic,
        _ => return None,
    })
}

fn density(value: &Value) -> Option<Density> {
    Some(match value.as_str()? {
        "COMPACT" => Density::Compact,
        "REGULAR" => Density::Regular,
        "SPACIOUS" => Density::Spacious,
        _ => return None,
    })
}

fn place(value: &Value) -> Option<Align> {
    Some(match value.as_str()? {
        "START" | "LEFT" | "TOP" => Align::Start,
        "CENTER" => Align::Center,
        "END" | "RIGHT" | "BOTTOM" => Align::End,
        _ => return None,
    })
}

/// Written as 8 or 8.0; more than a hundred pixels are round whatever they are.
fn radius(value: &Value) -> Option<u16> {
    let pixels = value.as_f64().filter(|pixels| *pixels >= 0.0)?;
    (0..=100_u16).rev().find(|whole| f64::from(*whole) <= pixels)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::branding::reading::DEFAULTS;

    #[test]
    fn who_chooses_nothing_has_ours() {
        let look = Look::of(&Value::Null);
        assert_eq!((look.scheme, look.density), (Scheme::Dynamic, Density::Regular));
        assert_eq!((look.horizontal, look.vertical), (Align::Center, Align::Center));
        assert_eq!(
            (look.radii, &look.light, &look.dark),
            (Radii::default(), &Palette::default(), &Palette::default())
        );
        let shown = [
            Feature::Graphics,
            Feature::IdpIcons,
            Feature::FaviconIco,
            Feature::FaviconSvg,
        ];
        assert_eq!(look.shown, shown);

        // Ours name everything that is read.
        let ours = Look::of(&DEFAULTS);
        for palette in [&ours.light, &ours.dark] {
            let chosen = format!("{palette:?}");
            assert_eq!(
                chosen.matches("None").count(),
                3,
                "the primary button has no border: {chosen}"
            );
        }
        assert_eq!(ours.radii.form, Some(20));
        let same = Look {
            radii: look.radii,
            light: look.light.clone(),
            dark: look.dark.clone(),
            ..ours
        };
        assert_eq!(same, look);
    }

    #[test]
    fn settings_are_read() {
        let look = Look::of(&json!({
            "categories": {
                "auth": {"federation": {"interfaceStyle": "DOMAIN_SEARCH"}},
                "form": {"displayGraphics": false, "location": {"horizontal": "START", "vertical": "END"}},
                "global": {"colorSchemeMode": "DYNAMIC", "pageHeader": {"enabled": true}, "spacingDensity": "COMPACT"},
            },
            "componentClasses": {"buttons": {"borderRadius": 4.0}, "input": {"borderRadius": 1e300}},
            "components": {
                "favicon": {"enabledTypes": ["SVG"]},
                "form": {"lightMode": {"backgroundColor": "01020304"}, "logo": {"enabled": true, "position": "BOTTOM"}},
                "pageHeader": {"logo": {"enabled": true, "location": "END"}},
                "primaryButton": {"darkMode": {"hover": {"textColor": "aabbccdd"}}},
            },
        }));
        assert_eq!((look.scheme, look.density), (Scheme::Dynamic, Density::Compact));
        assert_eq!((look.horizontal, look.vertical), (Align::Start, Align::End));
        assert_eq!((look.radii.button, look.radii.input), (Some(4), Some(100)));
        assert_eq!(
            look.header,
            Some(Strip {
                logo: Some(Align::End),
                image: false
            })
        );
        assert_eq!(look.footer, None);
        let logo = FormLogo {
            location: Align::Center,
            at_the_bottom: true,
            outside: false,
        };
        assert_eq!(look.form_logo, Some(logo));
        assert_eq!(
            look.shown,
            [Feature::IdpIcons, Feature::FaviconSvg, Feature::DomainSearch]
        );
        assert_eq!(look.light.form_background.unwrap().to_string(), "#01020304");
        assert_eq!(look.dark.primary_button.hover.text.unwrap().to_string(), "#aabbccdd");
    }

    #[test]
    fn what_makes_no_sense_is_ours_instead() {
        let ours = Look::of(&Value::Null);
        for settings in [
            json!("text"),
            json!([]),
            json!({"categories": 7, "components": [], "componentClasses": null}),
            json!({"categories": {"global": {"colorSchemeMode": "PINK", "spacingDensity": 3, "pageHeader": {"enabled": "yes"}}}}),
            json!({"categories": {"form": {"location": {"horizontal": "50%", "vertical": null}}}}),
            json!({"componentClasses": {"buttons": {"borderRadius": -3}, "input": {"borderRadius": "8px;}"}}}),
            json!({"components": {"form": {"lightMode": {"backgroundColor": "red;}body{display:none"}}}}),
            json!({"components": {"pageText": {"lightMode": {"headingColor": "</style><script>alert(1)</script>"}}}}),
            json!({"something": {"new": true}}),
        ] {
            assert_eq!(Look::of(&settings), ours, "{settings}");
        }
    }
}
