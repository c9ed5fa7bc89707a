//! The colours that a style has chosen, once for light and once for dark. Of those it has not the pages have their own. Reference:
//! oauth-and-federation 9.3.

use super::{color::Color, reading::Reading};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Palette {
    pub page_background: Option<Color>,
    pub form_background: Option<Color>,
    pub form_border: Option<Color>,
    pub primary_button: Button,
    pub secondary_button: Button,
    pub idp_button: Button,
    pub input_background: Option<Color>,
    pub input_border: Option<Color>,
    pub input_placeholder: Option<Color>,
    pub input_label: Option<Color>,
    pub input_description: Option<Color>,
    /// The ring around what has the focus.
    pub focus: Option<Color>,
    pub link: Option<Color>,
    pub link_hover: Option<Color>,
    pub heading: Option<Color>,
    pub body: Option<Color>,
    pub description: Option<Color>,
    pub divider: Option<Color>,
    pub alert_background: Option<Color>,
    pub alert_border: Option<Color>,
    pub error: Option<Color>,
    pub success_background: Option<Color>,
    pub success_border: Option<Color>,
    pub success: Option<Color>,
    pub menu_background: Option<Color>,
    pub menu_text: Option<Color>,
    pub menu_hover_background: Option<Color>,
    pub menu_hover_border: Option<Color>,
    pub option_background: Option<Color>,
    pub option_border: Option<Color>,
    pub option_selected: Option<Color>,
    pub option_mark: Option<Color>,
    pub header_background: Option<Color>,
    pub header_border: Option<Color>,
    pub footer_background: Option<Color>,
    pub footer_border: Option<Color>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Button {
    pub default: Face,
    pub hover: Face,
    pub active: Face,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Face {
    pub background: Option<Color>,
    pub border: Option<Color>,
    pub text: Option<Color>,
}

impl Palette {
    /// `mode` is `lightMode` or `darkMode`.
    pub(super) fn of(read: &Reading<'_>, mode: &str) -> Self {
        let color = |path: String| read.own(&path, Color::of);
        let component = |name: &str, rest: &str| color(format!("/components/{name}/{mode}/{rest}"));
        let class = |name: &str, rest: &str| color(format!("/componentClasses/{name}/{mode}/{rest}"));
        let face = |name: &str, state: &str| Face {
            background: component(name, &format!("{state}/backgroundColor")),
            border: component(name, &format!("{state}/borderColor")),
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
            success_background: class("statusIndicator", "success/backgroundColor"),
            success_border: class("statusIndicator", "success/borderColor"),
            success: class("statusIndicator", "success/indicatorColor"),
            menu_background: class("dropDown", "defaults/itemBackgroundColor"),
            menu_text: class("dropDown", "hover/itemTextColor"),
            menu_hover_background: class("dropDown", "hover/itemBackgroundColor"),
            menu_hover_border: class("dropDown", "hover/itemBorderColor"),
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
