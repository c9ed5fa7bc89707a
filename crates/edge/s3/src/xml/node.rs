//! XML of bodies, read into a small tree. No DTDs, no entities but the five.

use kernel::Result;
use quick_xml::{Reader, XmlVersion, events::Event};

use crate::errors;

/// Deeper bodies are nobody's.
const MAX_DEPTH: usize = 16;

/// An element of a body, namespaces dropped.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Node {
    pub name: String,
    pub text: String,
    pub children: Vec<Node>,
}

impl Node {
    /// Reads a document whose root is `root`. Errors: MalformedXML.
    pub(crate) fn parse(body: &[u8], root: &str) -> Result<Self> {
        let node = Self::parse_any(body)?;
        if node.name == root {
            Ok(node)
        } else {
            Err(errors::malformed_xml().because(format_args!("root {}", node.name)))
        }
    }

    /// Reads a document whatever its root is. Errors: MalformedXML.
    pub(crate) fn parse_any(body: &[u8]) -> Result<Self> {
        let text = std::str::from_utf8(body).map_err(|e| errors::malformed_xml().because(e))?;
        read(text)
    }

    pub(crate) fn child(&self, name: &str) -> Option<&Node> {
        self.children.iter().find(|c| c.name == name)
    }

    pub(crate) fn all<'n>(&'n self, name: &'n str) -> impl Iterator<Item = &'n Node> {
        self.children.iter().filter(move |c| c.name == name)
    }

    /// The text of a child, blanks around it removed; none if it is absent.
    pub(crate) fn value(&self, name: &str) -> Option<String> {
        self.child(name).map(|c| c.text.trim().to_owned())
    }

    pub(crate) fn values(&self, name: &str) -> Vec<String> {
        self.children
            .iter()
            .filter(|c| c.name == name)
            .map(|c| c.text.trim().to_owned())
            .collect()
    }

    /// Errors: MalformedXML if it is absent or empty.
    pub(crate) fn required(&self, name: &str) -> Result<String> {
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
}
