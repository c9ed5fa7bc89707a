//! Text that stands among markup.

/// What stands for a character that XML and HTML take for their own, in elements and in attributes in double quotes.
pub fn entity(c: char) -> Option<&'static str> {
    match c {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        '"' => Some("&quot;"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_no_markup_any_more() {
        let shown: String = "<a href=\"x\">&'é"
            .chars()
            .map(|c| entity(c).map_or_else(|| c.to_string(), str::to_owned))
            .collect();
        assert_eq!(shown, "&lt;a href=&quot;x&quot;&gt;&amp;'é");
    }
}
