//! The XML of S3: a writer for answers and a small tree for bodies. No DTDs, no entities but the five.

use kernel::Result;
use objects::errors;
use quick_xml::{Reader, XmlVersion, events::Event};

pub(super) const NAMESPACE: &str = "http://s3.amazonaws.com/doc/2006-03-01/";

/// Deeper bodies are nobody's.
const MAX_DEPTH: usize = 16;

/// Writes elements one after the other.
pub(super) struct Xml {
    text: String,
    open: Vec<&'static str>,
}

impl Xml {
    /// With S3's namespace on the root.
    pub(super) fn new(root: &'static str) -> Self {
        let mut xml = Self::bare();
        xml.text.extend(["<", root, " xmlns=\"", NAMESPACE, "\">"]);
        xml.open.push(root);
        xml
    }

    /// Without a namespace, as errors are.
    pub(super) fn bare() -> Self {
        Self {
            text: "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned(),
            open: Vec::new(),
        }
    }

    pub(super) fn open(&mut self, name: &'static str) -> &mut Self {
        self.start(name);
        self.open.push(name);
        self
    }

    pub(super) fn close(&mut self) -> &mut Self {
        if let Some(name) = self.open.pop() {
            self.end(name);
        }
        self
    }

    pub(super) fn element(&mut self, name: &str, value: impl AsRef<str>) -> &mut Self {
        self.start(name);
        escape(value.as_ref(), &mut self.text);
        self.end(name);
        self
    }

    /// Text of the open element.
    pub(super) fn text(&mut self, value: &str) -> &mut Self {
        escape(value, &mut self.text);
        self
    }

    pub(super) fn optional(&mut self, name: &str, value: Option<impl AsRef<str>>) -> &mut Self {
        if let Some(value) = value {
            self.element(name, value);
        }
        self
    }

    pub(super) fn number(&mut self, name: &str, value: impl Into<u64>) -> &mut Self {
        self.element(name, value.into().to_string())
    }

    pub(super) fn flag(&mut self, name: &str, value: bool) -> &mut Self {
        self.element(name, if value { "true" } else { "false" })
    }

    /// Markup as it stands, for the one element with attributes.
    pub(super) fn raw(&mut self, markup: &str) -> &mut Self {
        self.text.push_str(markup);
        self
    }

    pub(super) fn finish(mut self) -> String {
        while !self.open.is_empty() {
            self.close();
        }
        self.text
    }

    fn start(&mut self, name: &str) {
        self.text.push('<');
        self.text.push_str(name);
        self.text.push('>');
    }

    fn end(&mut self, name: &str) {
        self.text.push_str("</");
        self.text.push_str(name);
        self.text.push('>');
    }
}

/// Control characters that XML 1.0 can't carry become references, as S3 writes them; clients ask for `encoding-type=url`.
fn escape(value: &str, out: &mut String) {
    for c in value.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c if c < ' ' => out.extend(["&#", u32::from(c).to_string().as_str(), ";"]),
            c => out.push(c),
        }
    }
}

/// An element of a body, namespaces dropped.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Node {
    pub name: String,
    pub text: String,
    pub children: Vec<Node>,
}

impl Node {
    /// Reads a document whose root is `root`. Errors: MalformedXML.
    pub(super) fn parse(body: &[u8], root: &str) -> Result<Self> {
        let node = Self::parse_any(body)?;
        if node.name == root {
            Ok(node)
        } else {
            Err(errors::malformed_xml().because(format_args!("root {}", node.name)))
        }
    }

    /// Reads a document whatever its root is. Errors: MalformedXML.
    pub(super) fn parse_any(body: &[u8]) -> Result<Self> {
        let text = std::str::from_utf8(body).map_err(|e| errors::malformed_xml().because(e))?;
        read(text)
    }

    pub(super) fn child(&self, name: &str) -> Option<&Node> {
        self.children.iter().find(|c| c.name == name)
    }

    pub(super) fn all<'n>(&'n self, name: &'n str) -> impl Iterator<Item = &'n Node> {
        self.children.iter().filter(move |c| c.name == name)
    }

    /// The text of a child, blanks around it removed; none if it is absent.
    pub(super) fn value(&self, name: &str) -> Option<String> {
        self.child(name).map(|c| c.text.trim().to_owned())
    }

    pub(super) fn values(&self, name: &str) -> Vec<String> {
        self.children
            .iter()
            .filter(|c| c.name == name)
            .map(|c| c.text.trim().to_owned())
            .collect()
    }

    /// Errors: MalformedXML if it is absent or empty.
    pub(super) fn required(&self, name: &str) -> Result<String> {
        self.value(name)
            .filter(|v| !v.is_empty())
            .ok_or_else(errors::malformed_xml)
    }
}

fn read(text: &str) -> Result<Node> {
    let mut reader = Reader::from_str(text);
    let mut stack: Vec<Node> = Vec::new();
    let mut root = None;
    loop {
        let event = reader.read_event().map_err(|e| errors::malformed_xml().because(e))?;
        match event {
            Event::Start(tag) => {
                if stack.len() >= MAX_DEPTH || root.is_some() {
                    return Err(errors::malformed_xml());
                }
                stack.push(Node {
                    name: local(tag.name().as_ref()),
                    ..Node::default()
                });
            }
            Event::Empty(tag) => {
                let node = Node {
                    name: local(tag.name().as_ref()),
                    ..Node::default()
                };
                attach(node, &mut stack, &mut root)?;
            }
            Event::End(_) => {
                let node = stack.pop().ok_or_else(errors::malformed_xml)?;
                attach(node, &mut stack, &mut root)?;
            }
            Event::Text(piece) => add_text(&piece.xml_content(XmlVersion::Implicit1_0), &mut stack)?,
            Event::CData(piece) => add_text(&piece.xml_content(XmlVersion::Implicit1_0), &mut stack)?,
            Event::GeneralRef(reference) => {
                let character = match reference
                    .resolve_char_ref()
                    .map_err(|e| errors::malformed_xml().because(e))?
                {
                    Some(c) => c.to_string(),
                    None => predefined(&reference.xml_content(XmlVersion::Implicit1_0))?.to_owned(),
                };
                add_text(&character, &mut stack)?;
            }
            Event::DocType(_) => return Err(errors::malformed_xml().because("a DTD")),
            Event::Decl(_) | Event::PI(_) | Event::Comment(_) => {}
            Event::Eof => break,
        }
    }
    match root {
        Some(root) if stack.is_empty() => Ok(root),
        _ => Err(errors::malformed_xml()),
    }
}

fn predefined(name: &str) -> Result<&'static str> {
    match name {
        "amp" => Ok("&"),
        "lt" => Ok("<"),
        "gt" => Ok(">"),
        "quot" => Ok("\""),
        "apos" => Ok("'"),
        _ => Err(errors::malformed_xml().because("an entity")),
    }
}

fn local(name: &str) -> String {
    name.rsplit(':').next().unwrap_or(name).to_owned()
}

fn attach(node: Node, stack: &mut [Node], root: &mut Option<Node>) -> Result<()> {
    match stack.last_mut() {
        Some(parent) => parent.children.push(node),
        None if root.is_none() => *root = Some(node),
        None => return Err(errors::malformed_xml()),
    }
    Ok(())
}

fn add_text(text: &str, stack: &mut [Node]) -> Result<()> {
    match stack.last_mut() {
        Some(node) => node.text.push_str(text),
        None if text.trim().is_empty() => {}
        None => return Err(errors::malformed_xml()),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_become_trees() {
        let body = br#"<?xml version="1.0"?><s:Delete xmlns:s="http://s3.amazonaws.com/doc/2006-03-01/">
            <Quiet/><Object><Key>a&amp;b&#x20;c</Key></Object><Object><Key><![CDATA[<x>]]></Key></Object></s:Delete>"#;
        let node = Node::parse(body, "Delete").unwrap();
        let keys: Vec<_> = node.all("Object").map(|o| o.required("Key").unwrap()).collect();
        assert_eq!(keys, ["a&b c", "<x>"]);
        assert!(node.child("Quiet").is_some());
    }

    #[test]
    fn what_is_not_ours_is_malformed() {
        let deep = format!("{}{}", "<a>".repeat(40), "</a>".repeat(40));
        for body in [
            "",
            "<a>",
            "<a></b>",
            "</a>",
            "<a/><a/>",
            "x<a/>",
            "<b/>",
            "<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>",
            "<a>&x;</a>",
            "<a>&#0;</a><",
            deep.as_str(),
        ] {
            assert_eq!(
                Node::parse(body.as_bytes(), "a").unwrap_err().code().0,
                "MalformedXML",
                "{body}"
            );
        }
        assert!(Node::parse(b"\xff<a/>", "a").is_err());
    }

    #[test]
    fn answers_are_escaped() {
        let mut xml = Xml::new("Root");
        xml.open("In")
            .element("Key", "a<b>&\"\r\u{1}")
            .close()
            .flag("IsTruncated", false)
            .number("MaxKeys", 7_u32);
        assert_eq!(
            xml.finish(),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Root xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><In><Key>a&lt;b&gt;&amp;&quot;&#13;&#1;</Key></In><IsTruncated>false</IsTruncated><MaxKeys>7</MaxKeys></Root>"
        );
    }
}
