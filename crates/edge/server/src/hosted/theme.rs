//! A client's look as the pages have it. Pure: a style becomes a `Theme` (colours, measures) and a `Look` (what stands in the page). What a
//! style does not say, or says of a picture that nobody uploaded, is not there. Reference: oauth-and-federation 9.2, 9.3.

use api::cognito_idp::{AssetCategoryType as Category, ColorSchemeModeType as Mode};
use pages::hosted::{
    Along, Bar, Colour, Density, Graphics, Images, Link, Look, Palette, Picture, Radii, Scheme, Theme,
};
use userpool::branding::{self, Align, ClassicLook, Color, Feature, Image, Strip, Style};

/// What a style's stylesheet says. `base`: what stands before the addresses of pictures.
pub fn theme(style: &Style, base: &str) -> Theme {
    let look = &style.look;
    let logo_at = |strip: Option<Strip>| along(strip.and_then(|strip| strip.logo).unwrap_or(Align::Center));
    Theme {
        scheme: scheme(look.scheme),
        light: palette(&look.light),
        dark: palette(&look.dark),
        light_images: images(style, Mode::Light, base),
        dark_images: images(style, Mode::Dark, base),
        radii: Radii {
            form: look.radii.form,
            button: look.radii.button,
            input: look.radii.input,
            alert: look.radii.alert,
            menu: look.radii.drop_down,
        },
        density: match look.density {
            branding::Density::Compact => Density::Compact,
            branding::Density::Regular => Density::Regular,
            branding::Density::Spacious => Density::Spacious,
        },
        horizontal: along(look.horizontal),
        vertical: along(look.vertical),
        logo: along(look.form_logo.map_or(Align::Center, |logo| logo.location)),
        header_logo: logo_at(look.header),
        footer_logo: logo_at(look.footer),
    }
}

/// What of a style stands in the page, but for the stylesheet's address.
pub fn managed(style: &Style, theme: &Theme, base: &str) -> Look {
    let drawn = |category| {
        let (light, dark) = (
            image(style, category, Mode::Light, base),
            image(style, category, Mode::Dark, base),
        );
        pair(light, dark)
    };
    let bar = |strip: Option<Strip>, category| {
        strip.map(|strip| Bar {
            logo: strip.logo.and_then(|_| drawn(category)),
        })
    };
    Look {
        stylesheet: None,
        scheme: theme.scheme().to_owned(),
        logo: style.look.form_logo.and_then(|_| drawn(Category::FormLogo)),
        logo_outside: style.look.form_logo.is_some_and(|logo| logo.outside),
        logo_below: style.look.form_logo.is_some_and(|logo| logo.at_the_bottom),
        without_graphics: !style.look.shown.contains(&Feature::Graphics),
        graphics: Graphics {
            email: drawn(Category::EmailGraphic),
            sms: drawn(Category::SmsGraphic),
            app: drawn(Category::AuthAppGraphic),
            password: drawn(Category::PasswordGraphic),
            passkey: drawn(Category::PasskeyGraphic),
        },
        favicon: favicon(style, base),
        header: bar(style.look.header, Category::PageHeaderLogo),
        footer: bar(style.look.footer, Category::PageFooterLogo),
    }
}

/// What of a classic look stands in the page, but for the stylesheet's address.
pub fn classic(look: &ClassicLook, base: &str) -> Look {
    let logo = look.logo.as_ref().and_then(|logo| address(logo, base));
    Look {
        logo: pair(logo, None),
        ..Look::default()
    }
}

/// Dark pages alone may have a picture; then it is everybody's.
fn pair(light: Option<Link>, dark: Option<Link>) -> Option<Picture> {
    Some(match (light, dark) {
        (Some(light), dark) => Picture {
            dark: dark.filter(|dark| *dark != light),
            light,
        },
        (None, Some(dark)) => Picture {
            light: dark,
            dark: None,
        },
        (None, None) => return None,
    })
}

fn favicon(style: &Style, base: &str) -> Option<Link> {
    let of = |feature, category| {
        let is_shown = style.look.shown.contains(&feature);
        let icon = || [Mode::Dynamic, Mode::Light, Mode::Dark];
        is_shown
            .then(|| icon().into_iter().find_map(|mode| image(style, category, mode, base)))
            .flatten()
    };
    of(Feature::FaviconSvg, Category::FaviconSvg).or_else(|| of(Feature::FaviconIco, Category::FaviconIco))
}

fn images(style: &Style, mode: Mode, base: &str) -> Images {
    let shown = |is_shown: bool, category| is_shown.then(|| image(style, category, mode, base)).flatten();
    let look = &style.look;
    let has_image = |strip: Option<Strip>| strip.is_some_and(|strip| strip.image);
    Images {
        page: shown(look.shown.contains(&Feature::PageImage), Category::PageBackground),
        form: shown(look.shown.contains(&Feature::FormImage), Category::FormBackground),
        header: shown(has_image(look.header), Category::PageHeaderBackground),
        footer: shown(has_image(look.footer), Category::PageFooterBackground),
    }
}

fn image(style: &Style, category: Category, mode: Mode, base: &str) -> Option<Link> {
    address(style.image(category, mode, None)?, base)
}

fn address(image: &Image, base: &str) -> Option<Link> {
    Link::new(&image.address(base))
}

fn palette(chosen: &branding::Palette) -> Palette {
    let (primary, secondary, provider) = (&chosen.primary_button, &chosen.secondary_button, &chosen.idp_button);
    Palette {
        page: colour(chosen.page_background),
        heading: colour(chosen.heading),
        body: colour(chosen.body),
        description: colour(chosen.description),
        form_background: colour(chosen.form_background),
        form_border: colour(chosen.form_border),
        label: colour(chosen.input_label),
        hint: colour(chosen.input_description),
        input_background: colour(chosen.input_background),
        input_border: colour(chosen.input_border),
        input_placeholder: colour(chosen.input_placeholder),
        // Settings have no colour of its own for what is typed: it is text of the form.
        input_text: colour(chosen.body),
        link: colour(chosen.link),
        link_hover: colour(chosen.link_hover),
        focus: colour(chosen.focus),
        divider: colour(chosen.divider),
        primary_background: colour(primary.default.background),
        primary_text: colour(primary.default.text),
        primary_hover_background: colour(primary.hover.background),
        primary_hover_text: colour(primary.hover.text),
        primary_active_background: colour(primary.active.background),
        primary_active_text: colour(primary.active.text),
        secondary_background: colour(secondary.default.background),
        secondary_border: colour(secondary.default.border),
        secondary_text: colour(secondary.default.text),
        secondary_hover_background: colour(secondary.hover.background),
        secondary_hover_border: colour(secondary.hover.border),
        secondary_hover_text: colour(secondary.hover.text),
        secondary_active_background: colour(secondary.active.background),
        secondary_active_border: colour(secondary.active.border),
        secondary_active_text: colour(secondary.active.text),
        provider_background: colour(provider.default.background),
        provider_border: colour(provider.default.border),
        provider_text: colour(provider.default.text),
        provider_hover_background: colour(provider.hover.background),
        provider_hover_border: colour(provider.hover.border),
        provider_hover_text: colour(provider.hover.text),
        provider_active_background: colour(provider.active.background),
        provider_active_border: colour(provider.active.border),
        provider_active_text: colour(provider.active.text),
        error_background: colour(chosen.alert_background),
        error_border: colour(chosen.alert_border),
        error_indicator: colour(chosen.error),
        success_background: colour(chosen.success_background),
        success_border: colour(chosen.success_border),
        success_indicator: colour(chosen.success),
        menu_background: colour(chosen.menu_background),
        menu_border: colour(chosen.menu_hover_border),
        menu_text: colour(chosen.menu_text),
        menu_hover: colour(chosen.menu_hover_background),
        header_background: colour(chosen.header_background),
        header_border: colour(chosen.header_border),
        footer_background: colour(chosen.footer_background),
        footer_border: colour(chosen.footer_border),
    }
}

fn colour(chosen: Option<Color>) -> Option<Colour> {
    Colour::hex(&chosen?.to_string())
}

fn scheme(chosen: branding::Scheme) -> Scheme {
    match chosen {
        branding::Scheme::Light => Scheme::Light,
        branding::Scheme::Dark => Scheme::Dark,
        branding::Scheme::Dynamic => Scheme::Dynamic,
    }
}

fn along(chosen: Align) -> Along {
    match chosen {
        Align::Start => Along::Start,
        Align::Center => Along::Center,
        Align::End => Along::End,
    }
}
