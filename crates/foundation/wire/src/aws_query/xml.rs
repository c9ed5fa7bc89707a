//! Writing XML elements: names come from the model, texts from anywhere.

/// A growing document of nested elements.
#[derive(Default)]
pub(crate) struct Xml(String);

impl Xml {
    pub fn open(&mut self, name: &str) {
        self.tag("<", name);
    }

    pub fn open_in(&mut self, name: &str, namespace: &str) {
        if namespace.is_empty() {
            return self.open(name);
        }
        self.0.push('<');
        self.0.push_str(name);
        self.0.push_str(" xmlns=\"");
        self.text(namespace);
        self.0.push_str("\">");
    }

    pub fn close(&mut self, name: &str) {
        self.tag("</", name);
    }

    pub fn element(&mut self, name: &str, text: &str) {
        self.open(name);
        self.text(text);
        self.close(name);
    }

    pub fn finish(self) -> String {
        self.0
    }

    fn tag(&mut self, start: &str, name: &str) {
        self.0.push_str(start);
        self.0.push_str(name);
        self.0.push('>');
    }

    /// XML 1.0 has no way to carry most control characters, not even by number: they become U+FFFD, so that one odd
    /// character doesn't cost the client the whole answer. A bare carriage return would be read back as a line feed.
    pub fn text(&mut self, text: &str) {
        for c in text.chars() {
            match c {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\r' => self.0.push_str("&#xD;"),
                '\0'..='\x08' | '\x0b' | '\x0c' | '\x0e'..='\x1f' | '\u{fffe}' | '\u{ffff}' => self.0.push('\u{fffd}'),
                other => self.0.push(other),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_escaped() {
        let escaped = |text: &str| {
            let mut xml = Xml::default();
            xml.text(text);
            xml.finish()
        };
        assert_eq!(escaped("a<b>&\"c'\r\n\t"), "a&lt;b&gt;&amp;&quot;c'&#xD;\n\t");
        assert_eq!(escaped("\0\u{1b}\u{ffff}é😀"), "\u{fffd}\u{fffd}\u{fffd}é😀");
    }
}
