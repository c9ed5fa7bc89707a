//! The colours that a theme may choose, and what stands where it chooses none. Names and meaning follow the settings of managed
//! login. Reference: oauth-and-federation 9.3.

#![expect(clippy::unreadable_literal, reason = "colours are written as everywhere else")]

use super::Colour;

/// A colour that the stylesheets know by its custom property.
pub(super) struct Tone {
    pub(super) property: &'static str,
    pub(super) light: Colour,
    pub(super) dark: Colour,
    /// The tone that it is like when the theme chose that one and not this: a button's that is pointed at.
    pub(super) like: Option<&'static str>,
    pub(super) chosen: fn(&Palette) -> Option<Colour>,
}

macro_rules! like {
    () => {
        None
    };
    ($property:literal) => {
        Some($property)
    };
}

macro_rules! palette {
    ($($(#[$doc:meta])* $field:ident $property:literal $light:literal $dark:literal $(like $like:literal)?;)*) => {
        /// Colours for light pages, or for dark ones.
        #[derive(Clone, Debug, Default)]
        pub struct Palette {
            $($(#[$doc])* pub $field: Option<Colour>,)*
        }

        pub(super) const TONES: &[Tone] = &[$(Tone {
            property: $property,
            light: Colour::rgb($light),
            dark: Colour::rgb($dark),
            like: like!($($like)?),
            chosen: |palette| palette.$field,
        }),*];
    };
}

palette! {
    /// `components.pageBackground`
    page "page" 0xf4f2ed 0x0b1214;
    /// `components.pageText.headingColor`
    heading "heading" 0x14242a 0xeff5f5;
    /// `components.pageText.bodyColor`
    body "body" 0x263a40 0xd5dfe0;
    /// `components.pageText.descriptionColor`
    description "description" 0x55656b 0x9fb0b4;
    /// `components.form`
    form_background "form" 0xffffff 0x132023;
    form_border "form-border" 0xe4e0d7 0x24353a;
    /// `componentClasses.inputLabel`
    label "label" 0x263a40 0xd5dfe0;
    /// `componentClasses.inputDescription`
    hint "hint" 0x55656b 0x9fb0b4;
    /// `componentClasses.input`
    input_background "input" 0xffffff 0x0d1719;
    input_border "input-border" 0x84939a 0x5b7077;
    input_placeholder "placeholder" 0x66757b 0x8b9ca1;
    input_text "input-text" 0x263a40 0xd5dfe0;
    /// `componentClasses.link`
    link "link" 0x0b6670 0x6fd0d3;
    link_hover "link-hover" 0x084f56 0x9be3e4 like "link";
    /// `componentClasses.focusState`
    focus "focus" 0x0b7c88 0x6fd0d3;
    /// `componentClasses.divider`
    divider "divider" 0xdfdbd1 0x2a3b40;
    /// `components.primaryButton`
    primary_background "primary" 0x0c6a73 0x6fd0d3;
    primary_text "primary-text" 0xffffff 0x07191b;
    primary_hover_background "primary-hover" 0x095861 0x8adcde like "primary";
    primary_hover_text "primary-hover-text" 0xffffff 0x07191b like "primary-text";
    primary_active_background "primary-active" 0x07474e 0xa5e6e7 like "primary";
    primary_active_text "primary-active-text" 0xffffff 0x07191b like "primary-text";
    /// `components.secondaryButton`
    secondary_background "secondary" 0xffffff 0x132023;
    secondary_border "secondary-border" 0xbfc8ca 0x45585e;
    secondary_text "secondary-text" 0x14242a 0xe3ebec;
    secondary_hover_background "secondary-hover" 0xf1f5f5 0x1c2c30 like "secondary";
    secondary_hover_border "secondary-hover-border" 0x84939a 0x5b7077 like "secondary-border";
    secondary_hover_text "secondary-hover-text" 0x14242a 0xeff5f5 like "secondary-text";
    secondary_active_background "secondary-active" 0xe5ecec 0x24373c like "secondary";
    secondary_active_border "secondary-active-border" 0x84939a 0x5b7077 like "secondary-border";
    secondary_active_text "secondary-active-text" 0x14242a 0xeff5f5 like "secondary-text";
    /// `components.idpButton.standard`
    provider_background "provider" 0xffffff 0x132023;
    provider_border "provider-border" 0xbfc8ca 0x45585e;
    provider_text "provider-text" 0x14242a 0xe3ebec;
    provider_hover_background "provider-hover" 0xf1f5f5 0x1c2c30 like "provider";
    provider_hover_border "provider-hover-border" 0x84939a 0x5b7077 like "provider-border";
    provider_hover_text "provider-hover-text" 0x14242a 0xeff5f5 like "provider-text";
    provider_active_background "provider-active" 0xe5ecec 0x24373c like "provider";
    provider_active_border "provider-active-border" 0x84939a 0x5b7077 like "provider-border";
    provider_active_text "provider-active-text" 0x14242a 0xeff5f5 like "provider-text";
    /// `components.alert.error`
    error_background "error" 0xfdecea 0x331918;
    error_border "error-border" 0xe7b3ae 0x7a3a36;
    /// `componentClasses.statusIndicator.error.indicatorColor`
    error_indicator "error-mark" 0xa3241c 0xff9d94;
    /// `componentClasses.statusIndicator.success`
    success_background "success" 0xe3f3ee 0x10281f;
    success_border "success-border" 0xa5d2c3 0x2c5f4e;
    success_indicator "success-mark" 0x0f6a4f 0x79d6b5;
    /// `componentClasses.dropDown`
    menu_background "menu" 0xffffff 0x182629;
    menu_border "menu-border" 0xd5d8d6 0x33474d;
    menu_text "menu-text" 0x263a40 0xd5dfe0;
    menu_hover "menu-hover" 0xeef3f3 0x24373c;
    /// `components.pageHeader`
    header_background "header" 0xffffff 0x101b1e;
    header_border "header-border" 0xe4e0d7 0x24353a;
    /// `components.pageFooter`
    footer_background "footer" 0xffffff 0x101b1e;
    footer_border "footer-border" 0xe4e0d7 0x24353a;
}

impl Tone {
    /// What the page shows: the chosen colour, or of the tone that this one is like, or the built-in one.
    pub(super) fn shown(&self, palette: &Palette, built_in: Colour) -> Colour {
        let like = || {
            let like = self.like?;
            TONES
                .iter()
                .find(|tone| tone.property == like)
                .and_then(|tone| (tone.chosen)(palette))
        };
        (self.chosen)(palette).or_else(like).unwrap_or(built_in)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn luminance(colour: Colour) -> f64 {
        let [red, green, blue, _] = colour.channels().map(|channel| {
            let part = f64::from(channel) / 255.0;
            if part <= 0.04045 {
                part / 12.92
            } else {
                ((part + 0.055) / 1.055).powf(2.4)
            }
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    fn contrast(a: Colour, b: Colour) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn built_in_colours_are_told_apart() {
        let tone = |property: &str| TONES.iter().find(|tone| tone.property == property).unwrap();
        let text = 4.5;
        let outline = 3.0;
        for (front, grounds, least) in [
            ("heading", vec!["form", "page"], text),
            ("body", vec!["form", "page", "error", "success"], text),
            ("description", vec!["form", "page", "header", "footer"], text),
            ("label", vec!["form"], text),
            ("hint", vec!["form"], text),
            ("link", vec!["form", "page"], text),
            ("link-hover", vec!["form", "page"], text),
            ("input-text", vec!["input"], text),
            ("placeholder", vec!["input"], text),
            ("primary-text", vec!["primary"], text),
            ("primary-hover-text", vec!["primary-hover"], text),
            ("primary-active-text", vec!["primary-active"], text),
            ("secondary-text", vec!["secondary"], text),
            ("secondary-hover-text", vec!["secondary-hover"], text),
            ("secondary-active-text", vec!["secondary-active"], text),
            ("provider-text", vec!["provider"], text),
            ("provider-hover-text", vec!["provider-hover"], text),
            ("provider-active-text", vec!["provider-active"], text),
            ("error-mark", vec!["error", "form"], text),
            ("success-mark", vec!["success", "form"], text),
            ("menu-text", vec!["menu", "menu-hover"], text),
            ("input-border", vec!["input", "form"], outline),
            ("focus", vec!["form", "page", "menu", "header", "footer"], outline),
            ("primary", vec!["form"], outline),
        ] {
            for ground in grounds {
                let (front_tone, ground_tone) = (tone(front), tone(ground));
                for (scheme, a, b) in [
                    ("light", front_tone.light, ground_tone.light),
                    ("dark", front_tone.dark, ground_tone.dark),
                ] {
                    let found = contrast(a, b);
                    assert!(found >= least, "{scheme}: {front} on {ground}: {found:.2}");
                }
            }
        }
    }

    #[test]
    fn likeness_names_a_tone() {
        for tone in TONES {
            if let Some(like) = tone.like {
                assert!(TONES.iter().any(|other| other.property == like), "{like}");
            }
        }
    }
}
