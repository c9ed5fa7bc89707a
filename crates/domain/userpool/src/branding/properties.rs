//! What holds of whatever an administrator uploads: it is read or refused, and what is served of it can neither run nor lead elsewhere.

use api::cognito_idp::AssetExtensionType;
use proptest::{collection::vec, prelude::*, sample::select};
use serde_json::{Map, Value};

use super::{css, look::Look, picture, style, svg};

/// What makes trouble in stylesheets, between what does not.
fn stylesheet() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        3 => select(vec![
            ".banner-customizable", ".submitButton-customizable:hover", "{", "}", ";", ":", "color", "background", "width", "#a05", "12px", "red",
            ",", " ", "\n", "rgb(1,2,3)",
        ]).prop_map(str::to_owned),
        2 => select(vec![
            "url(", "URL(//evil)", "\\75 rl(x)", "expression(", "@import", "@", "/*", "*/", "\"", "'", "\\", "<!--", "-->", "position", "fixed", "(",
            ")", "[", "]", "99999px", "-1e9em", "</style>", "javascript:", "!important", "var(--x)", "\u{0}", "\u{202e}",
        ]).prop_map(str::to_owned),
        1 => ".{0,8}",
    ];
    vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

fn drawing() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        3 => select(vec![
            "<svg>", "</svg>", "<g>", "</g>", "<path d=\"M0 0\"/>", "<style>", "</style>", "<use href=\"#a\"/>", "<text>", "</text>", "x",
        ]).prop_map(str::to_owned),
        2 => select(vec![
            "<script>", "</script>", "<foreignObject>", "</foreignObject>", "<a href=\"javascript:x\">", "</a>", "<image href=\"http://evil/\"/>",
            "<rect onload=\"x\" fill=\"url(http://evil)\"/>", "<!--", "-->", "<![CDATA[", "]]>", "<!DOCTYPE svg [<!ENTITY a \"b\">]>", "&a;", "&lt;",
            "&#x3c;", "<?xml-stylesheet href=\"x\"?>", "@import 'http://evil'", "url(//evil)", "\u{feff}", "<", ">", "\"", "&",
        ]).prop_map(str::to_owned),
        1 => ".{0,8}",
    ];
    let inner = vec(piece, 0..24).prop_map(|pieces| pieces.concat());
    prop_oneof![inner.clone(), inner.prop_map(|inner| format!("<svg>{inner}</svg>"))]
}

/// JSON in the shape of Settings, as deep as it likes.
fn settings() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        "[0-9a-fA-F]{6,9}".prop_map(Value::from),
        select(vec!["DARK", "LIGHT", "DYNAMIC", "ICO", "START", "BOTTOM", "REGULAR"]).prop_map(Value::from),
    ];
    let name = prop_oneof![
        4 => select(vec![
            "components", "componentClasses", "categories", "global", "form", "auth", "federation", "pageHeader", "pageBackground", "primaryButton",
            "lightMode", "darkMode", "defaults", "hover", "backgroundColor", "borderRadius", "buttons", "logo", "enabled", "location", "favicon",
            "enabledTypes", "colorSchemeMode", "spacingDensity", "color", "image",
        ]).prop_map(str::to_owned),
        1 => ".{0,6}",
    ];
    leaf.prop_recursive(6, 60, 6, move |inner| {
        prop_oneof![
            1 => vec(inner.clone(), 0..4).prop_map(Value::from),
            4 => vec((name.clone(), inner), 0..6).prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_served_of_a_stylesheet_reaches_out(text in stylesheet()) {
        let Ok(served) = css::served(&text) else { return Ok(()) };
        let lower = served.to_ascii_lowercase();
        for hostile in ["url", "expression", "@", "import", "position", "javascript", "<", "\\", "var(", "/*", "!important", "\u{0}"] {
            prop_assert!(!lower.contains(hostile), "{hostile} of {text:?}: {served}");
        }
        // It is as it stands: serving it once more takes nothing away.
        prop_assert_eq!(css::served(&served), Ok(served.clone()));
        prop_assert_eq!(served.matches('{').count(), served.matches('}').count());
    }

    #[test]
    fn nothing_served_of_a_drawing_runs(text in drawing()) {
        let Some(served) = svg::cleaned(text.as_bytes()) else { return Ok(()) };
        let served = String::from_utf8(served).unwrap();
        let lower = served.to_ascii_lowercase();
        for hostile in ["<script", "<foreignobject", "<a ", "<a>", "<image", " onload=\"", "href=\"j", "href=\"h", "<!", "<?"] {
            prop_assert!(!lower.contains(hostile), "{hostile} of {text:?}: {served}");
        }
        let mut styles = lower.split("<style").skip(1).filter_map(|rest| rest.split("</style").next());
        prop_assert!(styles.all(|style| !style.contains("@import")), "{text:?}: {served}");
        prop_assert!(served.starts_with("<svg") && served.ends_with("</svg>"));
        // What is served is a drawing, and stays as it is.
        prop_assert_eq!(svg::cleaned(served.as_bytes()), Some(served.into_bytes()));
    }

    #[test]
    fn bytes_are_a_picture_or_none(bytes in vec(any::<u8>(), 0..64), head in select(vec![&b""[..], b"\x89PNG\r\n\x1a\n", b"RIFF", b"<svg", b"\xff\xd8\xff"])) {
        let whole = [head, &bytes].concat();
        for format in [AssetExtensionType::Ico, AssetExtensionType::Jpeg, AssetExtensionType::Png, AssetExtensionType::Svg, AssetExtensionType::Webp] {
            let _ = picture::checked(format, whole.clone());
        }
        let _ = picture::photo(whole);
    }

    #[test]
    fn settings_are_a_look_whatever_they_say(before in proptest::option::of(settings()), settings in settings()) {
        let _ = Look::of(&style::merged(Some(settings.clone())));
        let _ = Look::of(&settings);
        let Ok(change) = style::Change::of(None, Some(settings)) else { return Ok(()) };
        let before = before.filter(Value::is_object);
        let after = change.onto(before).unwrap().unwrap();
        let after: Map<String, Value> = serde_json::from_str(&after).unwrap();
        let _ = Look::of(&Value::Object(after));
    }
}
