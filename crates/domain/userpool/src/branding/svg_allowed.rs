//! What may stand in an SVG that goes to browsers. Reference: oauth-and-federation 9.3.

use super::css_tokens::{Token, cut};

const ELEMENTS: [&str; 26] = [
    "circle",
    "clipPath",
    "defs",
    "desc",
    "ellipse",
    "feBlend",
    "feColorMatrix",
    "feFlood",
    "feGaussianBlur",
    "feOffset",
    "filter",
    "g",
    "line",
    "linearGradient",
    "mask",
    "path",
    "pattern",
    "polygon",
    "polyline",
    "radialGradient",
    "rect",
    "stop",
    "symbol",
    "text",
    "title",
    "tspan",
];

const ATTRIBUTES: [&str; 84] = [
    "aria-hidden",
    "aria-label",
    "class",
    "clip-path",
    "clip-rule",
    "clipPathUnits",
    "color",
    "cx",
    "cy",
    "d",
    "display",
    "dominant-baseline",
    "dx",
    "dy",
    "fill",
    "fill-opacity",
    "fill-rule",
    "filter",
    "filterUnits",
    "flood-color",
    "flood-opacity",
    "font-family",
    "font-size",
    "font-style",
    "font-weight",
    "fx",
    "fy",
    "gradientTransform",
    "gradientUnits",
    "height",
    "id",
    "in",
    "in2",
    "letter-spacing",
    "mask",
    "maskContentUnits",
    "maskUnits",
    "mode",
    "offset",
    "opacity",
    "overflow",
    "paint-order",
    "patternContentUnits",
    "patternTransform",
    "patternUnits",
    "points",
    "preserveAspectRatio",
    "r",
    "result",
    "role",
    "rotate",
    "rx",
    "ry",
    "shape-rendering",
    "spreadMethod",
    "stdDeviation",
    "stop-color",
    "stop-opacity",
    "stroke",
    "stroke-dasharray",
    "stroke-dashoffset",
    "stroke-linecap",
    "stroke-linejoin",
    "stroke-miterlimit",
    "stroke-opacity",
    "stroke-width",
    "style",
    "text-anchor",
    "text-rendering",
    "textLength",
    "transform",
    "type",
    "values",
    "vector-effect",
    "version",
    "viewBox",
    "visibility",
    "width",
    "x",
    "x1",
    "x2",
    "y",
    "y1",
    "y2",
];

/// Functions of attributes and styles that name colours and places.
const FUNCTIONS: [&str; 12] = [
    "hsl",
    "hsla",
    "matrix",
    "rgb",
    "rgba",
    "rotate",
    "scale",
    "skewX",
    "skewY",
    "translate",
    "translateX",
    "translateY",
];

/// Whether an element draws, or describes what is drawn; beside these are `svg`, `use` and `style`.
pub(super) fn draws(element: &str) -> bool {
    ELEMENTS.contains(&element)
}

/// The name under which an attribute is written, if it is.
pub(super) fn attribute(name: &str, value: &str) -> Option<&'static str> {
    if matches!(name, "href" | "xlink:href") {
        return is_local(value).then_some("href");
    }
    let known = ATTRIBUTES.iter().find(|known| **known == name)?;
    // Text is free; everything else might be read as CSS.
    (matches!(*known, "aria-label") || is_harmless(value)).then_some(*known)
}

/// `#id`: something in the drawing itself.
fn is_local(reference: &str) -> bool {
    let id = reference.strip_prefix('#');
    id.is_some_and(|id| !id.is_empty() && id.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.')))
}

/// Whether a text that is read as CSS loads nothing: known functions alone, and `url()` of the drawing itself.
pub(super) fn is_harmless(css: &str) -> bool {
    let Some(tokens) = cut(css) else { return false };
    let lower = css.to_ascii_lowercase();
    if tokens.contains(&Token::At)
        || lower.contains("script:")
        || lower.contains("expression")
        || lower.contains("binding")
    {
        return false;
    }
    tokens.iter().enumerate().all(|(at, token)| match token {
        Token::Function(name) if name.eq_ignore_ascii_case("url") => {
            let inner = tokens.get(at + 1..at + 3);
            matches!(inner, Some([Token::Word(id) | Token::Text(id), Token::Mark(')')]) if is_local(id))
        }
        Token::Function(name) => FUNCTIONS.contains(name),
        _ => true,
    })
}
