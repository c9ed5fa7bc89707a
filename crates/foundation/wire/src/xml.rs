//! Writing XML elements, one after the other. Names come from models and from S3's documents, texts from anywhere.

use std::borrow::Cow;

use kernel::markup;

/// What becomes of the control characters that XML 1.0 can't carry, not even by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Controls {
    /// U+FFFD, so that one odd character doesn't cost the client the whole answer: IAM, STS.
    Replaced,
    /// References all the same, as S3 writes them; clients ask for `encoding-type=url`.
    Numbered,
}

/// A growing document of nested elements.
pub struct Xml {
    text: String,
    open: Vec<Cow<'static, str>>,
    controls: Controls,
}

impl Xml {
    pub fn new(controls: Controls) -> Self {
        Self {
            text: String::new(),
            open: Vec::new(),
            controls,
        }
    }

    /// With the declaration in front.
    pub fn declared(controls: Controls) -> Self {
        let mut xml = Self::new(controls);
        xml.text.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        xml
    }

    pub fn open(&mut self, name: impl Into<Cow<'static, str>>) -> &mut Self {
        let name = name.into();
        self.tag("<", &name);
        self.open.push(name);
        self
    }

    /// Of a namespace, if that is not empty.
    pub fn open_in(&mut self, name: impl Into<Cow<'static, str>>, namespace: &str) -> &mut Self {
        if namespace.is_empty() {
            return self.open(name);
        }
        let name = name.into();
        self.text.extend(["<", &name, " xmlns=\""]);
        self.text(namespace);
        self.text.push_str("\">");
        self.open.push(name);
        self
    }

    /// What was opened last.
    pub fn close(&mut self) -> &mut Self {
        if let Some(name) = self.open.pop() {
            self.tag("</", &name);
        }
        self
    }

    pub fn element(&mut self, name: &str, value: impl AsRef<str>) -> &mut Self {
        self.tag("<", name);
        self.text(value.as_ref());
        self.tag("</", name);
        self
    }

    pub fn optional(&mut self, name: &str, value: Option<impl AsRef<str>>) -> &mut Self {
        if let Some(value) = value {
            self.element(name, value);
        }
        self
    }

    pub fn number(&mut self, name: &str, value: impl Into<u64>) -> &mut Self {
        self.element(name, value.into().to_string())
    }

    pub fn flag(&mut self, name: &str, value: bool) -> &mut Self {
        self.element(name, if value { "true" } else { "false" })
    }

    /// Text of the open element.
    pub fn text(&mut self, value: &str) -> &mut Self {
        escape(value, self.controls, &mut self.text);
        self
    }

    /// Markup as it stands, for the one element with attributes.
    pub fn raw(&mut self, markup: &str) -> &mut Self {
        self.text.push_str(markup);
        self
    }

    /// Closes what is open.
    pub fn finish(mut self) -> String {
        while !self.open.is_empty() {
            self.close();
        }
        self.text
    }

    fn tag(&mut self, start: &str, name: &str) {
        self.text.extend([start, name, ">"]);
    }
}

/// A bare carriage return would be read back as a line feed.
pub fn escape(value: &str, controls: Controls, out: &mut String) {
    for c in value.chars() {
        if let Some(entity) = markup::entity(c) {
            out.push_str(entity);
            continue;
        }
        match (c, controls) {
            ('\0'..='\x1f', Controls::Numbered) => out.extend(["&#", u32::from(c).to_string().as_str(), ";"]),
            ('\r', Controls::Replaced) => out.push_str("&#xD;"),
            ('\0'..='\x08' | '\x0b' | '\x0c' | '\x0e'..='\x1f' | '\u{fffe}' | '\u{ffff}', Controls::Replaced) => {
                out.push('\u{fffd}');
            }
            (other, _) => out.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_escaped() {
        for (controls, text, expected) in [
            (
                Controls::Replaced,
                "a<b>&\"c'\r\n\t",
                "a&lt;b&gt;&amp;&quot;c'&#xD;\n\t",
            ),
            (Controls::Replaced, "\0\u{1b}\u{ffff}é😀", "\u{fffd}\u{fffd}\u{fffd}é😀"),
            (
                Controls::Numbered,
                "a<b>&\"c'\r\n\u{1}é",
                "a&lt;b&gt;&amp;&quot;c'&#13;&#10;&#1;é",
            ),
        ] {
            let mut escaped = String::new();
            escape(text, controls, &mut escaped);
            assert_eq!(escaped, expected);
        }
    }

    #[test]
    fn what_was_opened_is_closed() {
        let mut xml = Xml::new(Controls::Replaced);
        xml.open_in("A", "urn:x")
            .open(format!("{}C", "B"))
            .element("D", "1")
            .close();
        xml.open("E").text("<");
        assert_eq!(xml.finish(), "<A xmlns=\"urn:x\"><BC><D>1</D></BC><E>&lt;</E></A>");
    }
}
