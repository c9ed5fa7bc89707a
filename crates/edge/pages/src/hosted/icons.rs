//! Drawings that stand in the page itself, by the name that templates call them.

macro_rules! line {
    ($drawing:literal) => {
        concat!(
            "<svg class=\"icon\" viewBox=\"0 0 24 24\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"1.75\" stroke-linecap=\"round\" stroke-linejoin=\"round\" aria-hidden=\"true\">",
            $drawing,
            "</svg>"
        )
    };
}

/// Empty for a name that has none.
pub(super) fn svg(name: &str) -> &'static str {
    match name {
        "alert" => line!("<circle cx=\"12\" cy=\"12\" r=\"9\"/><path d=\"M12 7.5v5.2M12 16.3v.1\"/>"),
        "app" => line!(
            "<rect x=\"6\" y=\"2.75\" width=\"12\" height=\"18.5\" rx=\"2.5\"/><path d=\"M9.5 11.8l1.8 1.8 3.4-3.6M11 18.4h2\"/>"
        ),
        "check" => line!("<circle cx=\"12\" cy=\"12\" r=\"9\"/><path d=\"M8.2 12.3l2.6 2.6 5-5.4\"/>"),
        "device" => {
            line!("<rect x=\"3\" y=\"4.5\" width=\"18\" height=\"12\" rx=\"2\"/><path d=\"M8.5 20h7M12 16.5V20\"/>")
        }
        "email" => line!(
            "<rect x=\"3\" y=\"5\" width=\"18\" height=\"14\" rx=\"2.5\"/><path d=\"M3.6 7.2l7 5.4a2.3 2.3 0 0 0 2.8 0l7-5.4\"/>"
        ),
        "file" => {
            line!("<path d=\"M6.5 2.8h7.6l3.9 4v14.4H6.5z\"/><path d=\"M12.2 10v6.6M9.7 14.2l2.5 2.5 2.5-2.5\"/>")
        }
        "globe" => line!(
            "<circle cx=\"12\" cy=\"12\" r=\"9\"/><path d=\"M3 12h18M12 3c2.5 2.6 3.7 5.6 3.7 9s-1.2 6.4-3.7 9c-2.5-2.6-3.7-5.6-3.7-9S9.5 5.6 12 3z\"/>"
        ),
        "next" => line!("<path d=\"M9.5 6l6 6-6 6\"/>"),
        "passkey" => line!(
            "<circle cx=\"9\" cy=\"7.2\" r=\"3.7\"/><path d=\"M13 20H2.8v-1.4c0-2.8 2.7-4.9 6.2-4.9 1.1 0 2.2.2 3.1.6\"/><circle cx=\"17.6\" cy=\"12\" r=\"2.9\"/><path d=\"M17.6 14.9v6.3M17.6 18h2.1\"/>"
        ),
        "password" => line!(
            "<rect x=\"4.5\" y=\"10.5\" width=\"15\" height=\"10\" rx=\"2.5\"/><path d=\"M8 10.5V7.3a4 4 0 0 1 8 0v3.2M12 14.5v2\"/>"
        ),
        "person" => {
            line!("<circle cx=\"12\" cy=\"8\" r=\"4\"/><path d=\"M4.5 20.2c.5-3.6 3.6-5.7 7.5-5.7s7 2.1 7.5 5.7\"/>")
        }
        "shield" => line!(
            "<path d=\"M12 2.8l7.5 2.8v5.6c0 4.7-3 8.2-7.5 10-4.5-1.8-7.5-5.3-7.5-10V5.6z\"/><path d=\"M8.8 12l2.3 2.3 4.2-4.5\"/>"
        ),
        "sms" => line!(
            "<path d=\"M12 3.8c-5 0-9 3.3-9 7.5 0 2.3 1.2 4.3 3.1 5.7-.1 1.2-.6 2.4-1.5 3.3 1.8-.1 3.4-.7 4.7-1.7.9.2 1.8.3 2.7.3 5 0 9-3.3 9-7.6s-4-7.5-9-7.5z\"/><path d=\"M8 11.3h.1M12 11.3h.1M16 11.3h.1\"/>"
        ),
        // Letters of our own, and no marks of theirs.
        "google" => line!("<path d=\"M17.4 7.8A6.8 6.8 0 1 0 18.8 12H12.6\"/>"),
        "facebook" => line!("<path d=\"M15.8 4.8h-1.3a3 3 0 0 0-3 3V19.5M8.3 11.5h6.7\"/>"),
        "apple" => line!("<path d=\"M6.2 19.5L12 4.5l5.8 15M8.3 14.2h7.4\"/>"),
        "amazon" => line!("<circle cx=\"11.2\" cy=\"13.6\" r=\"5\"/><path d=\"M16.2 8.6v10\"/>"),
        "other" => line!(
            "<path d=\"M4 21V6.5L13 3v18M13 9.5l7 2.5v9M2.5 21h19M7.5 9.5h2M7.5 13h2M7.5 16.5h2M16.5 15v.1M16.5 18v.1\"/>"
        ),
        _ => "",
    }
}
