//! The colours of managed login, once for light and once for dark. Reference: oauth-and-federation 9.3.

use super::{color::Color, reading::Reading};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Palette {
    pub page_background: Color,
    pub form_background: Color,
    pub form_border: Color,
    pub primary_button: Button,
    pub secondary_button: Button,
    pub idp_button: Button,
    pub input_background: Color,
    pub input_border: Color,
    pub input_placeholder: Color,
    pub input_label: Color,
    pub input_description: Color,
    /// The ring around what has the focus.
    pub focus: Color,
    pub link: Color,
    pub link_hover: Color,
    pub heading: Color,
    pub body: Color,
    pub description: Color,
    pub divider: Color,
    pub alert_background: Color,
    pub alert_border: Color,
    pub error: Color,
    pub success: Color,
    pub option_background: Color,
    pub option_border: Color,
    pub option_selected: Color,
    pub option_mark: Color,
    pub header_background: Color,
    pub header_border: Color,
    pub footer_background: Color,
    pub footer_border: Color,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Button {
    pub default: Face,
    pub hover: Face,
    pub active: Face,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Face {
    pub background: Color,
    pub border: Color,
    pub text: Color,
}

impl Palette {
    /// `mode` is `lightMode` or `darkMode`.
    pub(super) fn of(read: &Reading<'_>, mode: &str) -> Self {
        let color = |path: String| read.find(&path, Color::of).unwrap_or_default();
        let component = |name: &str, rest: &str| color(format!("/components/{name}/{mode}/{rest}"));
        let class = |name: &str, rest: &str| color(format!("/componentClasses/{name}/{mode}/{rest}"));
        // AWS's primary button has no border: whoever sets its background alone gets none of ours around it.
        let own = |name: &str, rest: &str| read.own(&format!("/components/{name}/{mode}/{rest}"), Color::of);
        let border = |name: &str, state: &str| {
            let path = format!("{state}/borderColor");
            let own = own(name, &path).or_else(|| own(name, &format!("{state}/backgroundColor")));
            own.unwrap_or_else(|| component(name, &path))
        };
        let face = |name: &str, state: &str| Face {
            background: component(name, &format!("{state}/backgroundColor")),
            border: border(name, state),
            text: component(name, &format!("{state}/textColor")),
        };
        let button = |name: &str| Button {
            default: face(name, "defaults"),
            hover: face(name, "hover"),
            active: face(name, "active"),
        };
        Self {
            page_background: component("pageBackground", "color"),
            form_background: component("form", "backgroundColor"),
            form_border: component("form", "borderColor"),
            primary_button: button("primaryButton"),
            secondary_button: button("secondaryButton"),
            idp_button: button("idpButton/standard"),
            input_background: class("input", "defaults/backgroundColor"),
            input_border: class("input", "defaults/borderColor"),
            input_placeholder: class("input", "placeholderColor"),
            input_label: class("inputLabel", "textColor"),
            input_description: class("inputDescription", "textColor"),
            focus: class("focusState", "borderColor"),
            link: class("link", "defaults/textColor"),
            link_hover: class("link", "hover/textColor"),
            heading: component("pageText", "headingColor"),
            body: component("pageText", "bodyColor"),
            description: component("pageText", "descriptionColor"),
            divider: class("divider", "borderColor"),
            alert_background: component("alert", "error/backgroundColor"),
            alert_border: component("alert", "error/borderColor"),
            error: class("statusIndicator", "error/indicatorColor"),
            success: class("statusIndicator", "success/indicatorColor"),
            option_background: class("optionControls", "defaults/backgroundColor"),
            option_border: class("optionControls", "defaults/borderColor"),
            option_selected: class("optionControls", "selected/backgroundColor"),
            option_mark: class("optionControls", "selected/foregroundColor"),
            header_background: component("pageHeader", "background/color"),
            header_border: component("pageHeader", "borderColor"),
            footer_background: component("pageFooter", "background/color"),
            footer_border: component("pageFooter", "borderColor"),
        }
    }
}
