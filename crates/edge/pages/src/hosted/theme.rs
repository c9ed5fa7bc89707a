//! A branding as a stylesheet of custom properties. Reference: oauth-and-federation 9.3.

use std::fmt::Write as _;

use super::{Link, Palette, palette::TONES};

/// What a managed login style says, as far as pages know it. The default is the built-in look.
#[derive(Clone, Debug, Default)]
pub struct Theme {
    pub scheme: Scheme,
    pub light: Palette,
    pub dark: Palette,
    pub light_images: Images,
    pub dark_images: Images,
    pub radii: Radii,
    pub density: Density,
    /// Where the form stands on a wide page.
    pub horizontal: Along,
    pub vertical: Along,
    /// Where the logo stands in its row.
    pub logo: Along,
    /// Where the logos of header and footer stand.
    pub header_logo: Along,
    pub footer_logo: Along,
}

/// `categories.global.colorSchemeMode`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scheme {
    Light,
    Dark,
    /// As the browser is set.
    #[default]
    Dynamic,
}

/// Background images: assets of the style.
#[derive(Clone, Debug, Default)]
pub struct Images {
    pub page: Option<Link>,
    pub form: Option<Link>,
    pub header: Option<Link>,
    pub footer: Option<Link>,
}

/// `borderRadius` of each, in pixels.
#[derive(Clone, Debug, Default)]
pub struct Radii {
    pub form: Option<u16>,
    pub button: Option<u16>,
    pub input: Option<u16>,
    pub alert: Option<u16>,
    pub menu: Option<u16>,
}

/// `categories.global.spacingDensity`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Density {
    Compact,
    #[default]
    Regular,
    Spacious,
}

/// `START`, `CENTER` or `END` of an axis.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Along {
    Start,
    #[default]
    Center,
    End,
}

impl Theme {
    /// The stylesheet that managed login's own builds on: every colour, chosen or not.
    pub fn css(&self) -> String {
        let mut css = String::with_capacity(4096);
        self.measures(&mut css);
        match self.scheme {
            Scheme::Light => self.colours(&mut css, Side::Light),
            Scheme::Dark => self.colours(&mut css, Side::Dark),
            Scheme::Dynamic => {
                self.colours(&mut css, Side::Light);
                css.push_str("@media (prefers-color-scheme:dark){");
                self.colours(&mut css, Side::Dark);
                css.push_str("}\n");
            }
        }
        css
    }

    /// Value of `<meta name="color-scheme">`, for `Look::scheme`.
    pub fn scheme(&self) -> &'static str {
        match self.scheme {
            Scheme::Light => "light",
            Scheme::Dark => "dark",
            Scheme::Dynamic => "light dark",
        }
    }

    fn measures(&self, css: &mut String) {
        let (gap, height, padding) = match self.density {
            Density::Compact => ("0.8rem", "2.5rem", "1.5rem"),
            Density::Regular => ("1.15rem", "3rem", "2.5rem"),
            Density::Spacious => ("1.5rem", "3.25rem", "3.25rem"),
        };
        let _ = write!(css, ":root{{--gap:{gap};--height:{height};--padding:{padding};");
        for (name, radius, built_in) in [
            ("form", self.radii.form, 20),
            ("button", self.radii.button, 10),
            ("input", self.radii.input, 10),
            ("alert", self.radii.alert, 10),
            ("menu", self.radii.menu, 10),
        ] {
            let _ = write!(css, "--{name}-radius:{}px;", radius.unwrap_or(built_in));
        }
        for (name, along) in [
            ("horizontal", self.horizontal),
            ("vertical", self.vertical),
            ("logo", self.logo),
            ("header-logo", self.header_logo),
            ("footer-logo", self.footer_logo),
        ] {
            let _ = write!(css, "--{name}:{};", along.css());
        }
        css.push_str("}\n");
    }

    fn colours(&self, css: &mut String, side: Side) {
        let (palette, images) = match side {
            Side::Light => (&self.light, &self.light_images),
            Side::Dark => (&self.dark, &self.dark_images),
        };
        let _ = write!(css, ":root{{color-scheme:{};", side.name());
        for tone in TONES {
            let built_in = match side {
                Side::Light => tone.light,
                Side::Dark => tone.dark,
            };
            let _ = write!(css, "--{}:{};", tone.property, tone.shown(palette, built_in));
        }
        for (name, image) in [
            ("page", &images.page),
            ("form", &images.form),
            ("header", &images.header),
            ("footer", &images.footer),
        ] {
            // Said in both, so that an image of light pages ends where dark ones have none.
            let _ = match image {
                Some(link) => write!(css, "--{name}-image:url(\"{}\");", link.as_str()),
                None => write!(css, "--{name}-image:none;"),
            };
        }
        css.push_str("}\n");
    }
}

#[derive(Clone, Copy)]
enum Side {
    Light,
    Dark,
}

impl Side {
    fn name(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

impl Along {
    fn css(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Center => "center",
            Self::End => "end",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hosted::Colour;

    #[test]
    fn what_is_chosen_is_said_and_the_rest_built_in() {
        let theme = Theme {
            light: Palette {
                primary_background: Colour::hex("AA0055FF"),
                ..Palette::default()
            },
            light_images: Images {
                page: Link::new("/branding/a/page.png"),
                ..Images::default()
            },
            ..Theme::default()
        };
        let css = theme.css();
        let (light, dark) = css.split_once("@media").unwrap();
        assert!(
            light.contains("--primary:#aa0055;") && light.contains("--primary-hover:#aa0055;"),
            "{light}"
        );
        assert!(light.contains("--primary-text:#ffffff;") && light.contains("url(\"/branding/a/page.png\")"));
        assert!(
            dark.contains("--primary:#6fd0d3;") && dark.contains("--page-image:none;"),
            "{dark}"
        );
        let fixed = Theme {
            scheme: Scheme::Dark,
            ..theme
        };
        assert!(!fixed.css().contains("@media") && !fixed.css().contains("#aa0055"));
        assert_eq!(fixed.scheme(), "dark");
    }
}
