//! SVG as it goes to browsers: the elements and attributes that draw, and nothing that runs, loads or leads elsewhere. What is not on
//! the lists is left out with all that is in it; what is no SVG at all is refused. Reference: oauth-and-federation 9.3.

use std::fmt::Write as _;

use quick_xml::{
    Reader, XmlVersion,
    events::{BytesStart, Event},
};

use super::svg_allowed::{attribute, draws, is_harmless};

const NAMESPACE: &str = "http://www.w3.org/2000/svg";

/// Deeper drawings are nobody's.
const MAX_DEPTH: usize = 64;

/// Copies of copies multiply: so many can make some thousands, more could make a browser stand still.
const MOST_COPIES: usize = 20;

/// What of an SVG goes to browsers. None: it is none, or can't be read.
pub(super) fn cleaned(bytes: &[u8]) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(bytes).ok()?;
    let mut reader = Reader::from_str(text.strip_prefix('\u{feff}').unwrap_or(text));
    let mut drawing = Drawing::default();
    loop {
        match reader.read_event().ok()? {
            Event::Start(tag) => drawing.open(&tag)?,
            Event::Empty(tag) => {
                drawing.open(&tag)?;
                drawing.close()?;
            }
            Event::End(_) => drawing.close()?,
            Event::Text(piece) => drawing.say(&piece.xml_content(XmlVersion::Implicit1_0))?,
            Event::CData(piece) => drawing.say(&piece.xml_content(XmlVersion::Implicit1_0))?,
            Event::GeneralRef(reference) => match reference.resolve_char_ref().ok()? {
                Some(character) => drawing.say(character.encode_utf8(&mut [0; 4]))?,
                None => drawing.say(predefined(&reference.xml_content(XmlVersion::Implicit1_0))?)?,
            },
            // Tools write a doctype without harm. Entities of its own are found nowhere, so a drawing that needs one is refused.
            Event::DocType(_) | Event::Decl(_) | Event::PI(_) | Event::Comment(_) => {}
            Event::Eof => return drawing.finished(),
        }
    }
}

fn predefined(name: &str) -> Option<&'static str> {
    Some(match name {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" => "'",
        _ => return None,
    })
}

#[derive(Default)]
struct Drawing {
    out: String,
    /// The elements that are open, and whether each is written.
    open: Vec<(String, bool)>,
    /// The text of the stylesheet that is open.
    style: String,
    copies: usize,
    has_root: bool,
}

impl Drawing {
    fn open(&mut self, tag: &BytesStart<'_>) -> Option<()> {
        let name = tag.name().as_ref().to_owned();
        let is_root = self.open.is_empty();
        if self.open.len() >= MAX_DEPTH || (is_root && (self.has_root || name != "svg")) {
            return None;
        }
        self.has_root = true;
        let within = self.open.last().is_none_or(|(parent, kept)| *kept && parent != "style");
        self.copies += usize::from(name == "use");
        let drawn = match name.as_str() {
            "svg" | "style" => true,
            "use" => self.copies <= MOST_COPIES,
            name => draws(name),
        };
        let kept = within && drawn;
        if kept {
            let namespace = if is_root {
                format!(" xmlns=\"{NAMESPACE}\"")
            } else {
                String::new()
            };
            let _ = write!(self.out, "<{name}{namespace}");
            for given in tag.attributes() {
                let given = given.ok()?;
                let value = given.normalized_value(XmlVersion::Implicit1_0).ok()?;
                if let Some(known) = attribute(given.key.as_ref(), &value) {
                    let _ = write!(self.out, " {known}=\"");
                    escape(&value, &mut self.out);
                    self.out.push('"');
                }
            }
            self.out.push('>');
        }
        self.open.push((name, kept));
        Some(())
    }

    fn close(&mut self) -> Option<()> {
        let (name, kept) = self.open.pop()?;
        if kept {
            if name == "style" {
                let style = std::mem::take(&mut self.style);
                if is_harmless(&style) {
                    escape(&style, &mut self.out);
                }
            }
            let _ = write!(self.out, "</{name}>");
        }
        Some(())
    }

    fn say(&mut self, text: &str) -> Option<()> {
        match self.open.last() {
            Some((name, true)) if name == "style" => self.style += text,
            Some((_, true)) => escape(text, &mut self.out),
            Some((_, false)) => {}
            None if text.trim().is_empty() => {}
            None => return None,
        }
        Some(())
    }

    fn finished(self) -> Option<Vec<u8>> {
        (self.has_root && self.open.is_empty()).then(|| self.out.into_bytes())
    }
}

fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match kernel::markup::entity(c) {
            Some(entity) => out.push_str(entity),
            // What XML can't hold.
            None if c.is_control() && !matches!(c, '\t' | '\n' | '\r') => {}
            None => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clean(svg: &str) -> Option<String> {
        cleaned(svg.as_bytes()).map(|bytes| String::from_utf8(bytes).unwrap())
    }

    /// What is left of something within a drawing.
    fn within(inner: &str) -> String {
        let whole = clean(&format!(
            "<svg xmlns=\"{NAMESPACE}\" xmlns:xlink=\"http://www.w3.org/1999/xlink\">{inner}</svg>"
        ));
        let whole = whole.unwrap_or_else(|| panic!("{inner}"));
        let open = format!("<svg xmlns=\"{NAMESPACE}\">");
        whole
            .strip_prefix(&open)
            .unwrap()
            .strip_suffix("</svg>")
            .unwrap()
            .to_owned()
    }

    #[test]
    fn a_drawing_stays_as_it_is() {
        let drawing = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 24 24\" width=\"24\">\
            <title>Tom &amp; Ana</title><defs><linearGradient id=\"a\"><stop offset=\"0\" stop-color=\"#fff\"></stop></linearGradient>\
            </defs><style>.b{fill:url(#a);stroke:rgb(1,2,3)}</style>\
            <path class=\"b\" d=\"M0 0h24v-1.5e-3z\" fill=\"url(#a)\" transform=\"translate(1 2)\"></path></svg>";
        assert_eq!(clean(drawing).as_deref(), Some(drawing));
        let by_a_tool = format!(
            "\u{feff}<?xml version=\"1.0\"?><!-- made --><!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\" \
            \"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd\">{drawing}\n"
        );
        assert_eq!(clean(&by_a_tool).as_deref(), Some(drawing));
        assert_eq!(within("<use xlink:href=\"#a\"/>"), "<use href=\"#a\"></use>");
    }

    #[test]
    fn what_runs_or_loads_is_left_out() {
        for hostile in [
            "<script>alert(1)</script>",
            "<script href=\"https://evil.example/x.js\"/>",
            "<SCRIPT>alert(1)</SCRIPT>",
            "<svg:script>alert(1)</svg:script>",
            "<x:script xmlns:x=\"http://www.w3.org/2000/svg\">alert(1)</x:script>",
            "<foreignObject><body xmlns=\"http://www.w3.org/1999/xhtml\"><iframe src=\"x\"/></body></foreignObject>",
            "<foreignObject><path d=\"M0 0\"/></foreignObject>",
            "<iframe src=\"https://evil.example\"/>",
            "<image href=\"https://evil.example/x.png\"/>",
            "<image href=\"data:image/png;base64,AA\"/>",
            "<a href=\"javascript:alert(1)\"><path d=\"M0 0\"/></a>",
            "<animate attributeName=\"href\" to=\"javascript:alert(1)\"/>",
            "<set attributeName=\"onload\" to=\"alert(1)\"/>",
            "<handler type=\"x\">alert(1)</handler>",
            "<feImage href=\"https://evil.example/x\"/>",
            "<?xml-stylesheet href=\"https://evil.example/x.css\"?>",
            "<!-- <script>alert(1)</script> -->",
        ] {
            assert_eq!(within(hostile), "", "{hostile}");
        }
        for attribute in [
            "onload=\"alert(1)\"",
            "onclick=\"alert(1)\"",
            "ONLOAD=\"alert(1)\"",
            "x:onload=\"alert(1)\"",
            "href=\"https://evil.example\"",
            "xlink:href=\"https://evil.example#a\"",
            "href=\"javascript:alert(1)\"",
            "href=\"#\"",
            "href=\"data:x\"",
            "fill=\"url(https://evil.example/#a)\"",
            "fill=\"URL(//evil.example)\"",
            "fill=\"url('https://evil.example')\"",
            "fill=\"url( &quot;x&quot; )\"",
            "fill=\"u&#x5c;72l(x)\"",
            "filter=\"url(&#x68;ttps://evil.example)\"",
            "style=\"fill:url(https://evil.example)\"",
            "style=\"background:image-set('https://evil.example' 1x)\"",
            "style=\"width:expression(alert(1))\"",
            "style=\"-moz-binding:x\"",
            "style=\"@import x\"",
            "src=\"x\"",
            "base=\"x\"",
            "xml:base=\"https://evil.example/\"",
            "xmlns:evil=\"x\"",
            "data-x=\"y\"",
        ] {
            assert_eq!(
                within(&format!("<rect {attribute} x=\"1\"/>")),
                "<rect x=\"1\"></rect>",
                "{attribute}"
            );
        }
        for style in [
            "@import 'https://evil.example/x.css';",
            "@font-face{src:url(https://evil.example)}",
            "path{fill:url(https://evil.example)}",
            "path{fill:u\\72l(x)}",
            "<![CDATA[</style><script>alert(1)</script>]]>",
            "&lt;/style&gt;&lt;script&gt;alert(1)&lt;/script&gt;",
        ] {
            assert_eq!(within(&format!("<style>{style}</style>")), "<style></style>", "{style}");
        }
        assert_eq!(
            within("<text>&lt;script&gt;<![CDATA[<script>]]></text>"),
            "<text>&lt;script&gt;&lt;script&gt;</text>"
        );
        let copies = within(&"<use href=\"#a\"/>".repeat(500));
        assert_eq!(copies.matches("<use").count(), MOST_COPIES);
    }

    #[test]
    fn what_is_no_drawing_is_refused() {
        for text in [
            "",
            "hello",
            "<html><svg/></html>",
            "<html xmlns=\"http://www.w3.org/1999/xhtml\"><script>alert(1)</script></html>",
            "<svg",
            "<svg>",
            "<svg></g>",
            "<svg/><svg/>",
            "<svg/>text",
            "<svg a=1/>",
            "<svg a=\"1\" a=\"2\"/>",
            "<!DOCTYPE svg [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><svg><text>&x;</text></svg>",
            "<!DOCTYPE svg [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><svg><text>&b;</text></svg>",
            "<svg><text>&nbsp;</text></svg>",
            "<svg fill=\"&x;\"/>",
            "\u{0}<svg/>",
        ] {
            assert_eq!(clean(text), None, "{text}");
        }
        assert_eq!(cleaned(b"<svg>\xff</svg>"), None);
        assert_eq!(
            clean(&format!("<svg>{}{}</svg>", "<g>".repeat(99), "</g>".repeat(99))),
            None
        );
    }
}
