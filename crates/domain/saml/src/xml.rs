//! XML, read into a small tree: no DTD, no entities but the five, no processing instructions, within limits.

use quick_xml::{
    Reader, XmlVersion,
    events::{BytesStart, Event},
};

use self::scope::Scope;
use crate::not_xml::NotXml;

mod scope;

/// Deeper documents are nobody's.
const MAX_DEPTH: usize = 32;
const MAX_ELEMENTS: usize = 3_000;
/// Of one element, declarations of namespaces among them.
const MAX_ATTRIBUTES: usize = 64;
/// Canonical form writes a namespace at each element that uses it: long ones would make much of little.
const MAX_NAMESPACE: usize = 128;

/// An element, its names resolved.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Element {
    /// Empty: none.
    pub namespace: String,
    pub name: String,
    /// Without declarations of namespaces.
    attributes: Vec<Attribute>,
    /// Prefix and namespace; an empty prefix is the default.
    pub declared: Vec<(String, String)>,
    pub children: Vec<Element>,
    /// Its own, whole: across comments and children.
    pub text: String,
    pub has_comment: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Attribute {
    namespace: String,
    name: String,
    value: String,
}

impl Element {
    /// Errors: as the kinds of [`NotXml`] say.
    pub(crate) fn read(text: &str) -> Result<Self, NotXml> {
        forbid(text)?;
        let mut reader = Reader::from_str(text);
        reader.config_mut().check_comments = true;
        let mut tree = Tree::default();
        loop {
            match reader.read_event().map_err(|_| NotXml::Malformed)? {
                Event::Start(tag) => tree.open(&tag)?,
                Event::Empty(tag) => {
                    tree.open(&tag)?;
                    tree.close()?;
                }
                Event::End(_) => tree.close()?,
                Event::Text(piece) => tree.text(&piece.xml_content(XmlVersion::Implicit1_0))?,
                Event::CData(piece) => tree.text(&piece.xml_content(XmlVersion::Implicit1_0))?,
                Event::GeneralRef(reference) => match reference.resolve_char_ref().map_err(|_| NotXml::Malformed)? {
                    Some(character) => tree.text(character.encode_utf8(&mut [0; 4]))?,
                    None => tree.text(predefined(&reference.xml_content(XmlVersion::Implicit1_0))?)?,
                },
                Event::Comment(_) => tree.comment(),
                Event::Decl(_) => {}
                Event::DocType(_) | Event::PI(_) => return Err(NotXml::Forbidden),
                Event::Eof => break,
            }
        }
        tree.finish()
    }

    pub(crate) fn is(&self, namespace: &str, name: &str) -> bool {
        self.name == name && self.namespace == namespace
    }

    pub(crate) fn all<'e>(&'e self, namespace: &'e str, name: &'e str) -> impl Iterator<Item = &'e Self> {
        self.children.iter().filter(move |child| child.is(namespace, name))
    }

    pub(crate) fn child(&self, namespace: &str, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.is(namespace, name))
    }

    /// None if there are several, too.
    pub(crate) fn only(&self, namespace: &str, name: &str) -> Option<&Self> {
        let mut found = self.children.iter().filter(|child| child.is(namespace, name));
        found.next().filter(|_| found.next().is_none())
    }

    /// An attribute of no namespace.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|attribute| attribute.name == name && attribute.namespace.is_empty())
            .map(|attribute| attribute.value.as_str())
    }

    /// How many elements of the tree, itself among them, `counted` holds of.
    pub(crate) fn count(&self, counted: &dyn Fn(&Self) -> bool) -> usize {
        let beneath: usize = self.children.iter().map(|child| child.count(counted)).sum();
        beneath + usize::from(counted(self))
    }

    /// The text of the element and of all beneath it, not in order.
    pub(crate) fn whole_text(&self) -> String {
        let beneath: String = self.children.iter().map(Self::whole_text).collect();
        format!("{}{beneath}", self.text)
    }
}

/// Whoever reads it: nothing begins with `<!` but comments and CDATA, nothing with `<?` but the declaration.
fn forbid(text: &str) -> Result<(), NotXml> {
    let mut rest = text;
    if let Some(after) = rest.strip_prefix("<?xml ") {
        let (declaration, after) = after.split_once("?>").ok_or(NotXml::Malformed)?;
        let declaration = declaration.to_ascii_lowercase();
        if declaration.contains("encoding") && !declaration.contains("utf-8") || declaration.contains("1.1") {
            return Err(NotXml::Forbidden);
        }
        rest = after;
    }
    let is_allowed = |after: &str| after.starts_with("--") || after.starts_with("[CDATA[");
    if rest.contains("<?") || rest.split("<!").skip(1).any(|after| !is_allowed(after)) {
        return Err(NotXml::Forbidden);
    }
    Ok(())
}

fn predefined(name: &str) -> Result<&'static str, NotXml> {
    match name {
        "amp" => Ok("&"),
        "lt" => Ok("<"),
        "gt" => Ok(">"),
        "quot" => Ok("\""),
        "apos" => Ok("'"),
        _ => Err(NotXml::Entity),
    }
}

/// What XML 1.0 calls a character.
fn is_character(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | ' '..) && !matches!(character, '\u{FFFE}' | '\u{FFFF}')
}

/// The tree while it is read.
#[derive(Default)]
struct Tree {
    open: Vec<Element>,
    root: Option<Element>,
    scope: Scope,
    elements: usize,
}

impl Tree {
    fn open(&mut self, tag: &BytesStart<'_>) -> Result<(), NotXml> {
        self.elements += 1;
        if self.open.len() >= MAX_DEPTH || self.elements > MAX_ELEMENTS {
            return Err(NotXml::Limits);
        }
        if self.root.is_some() {
            return Err(NotXml::Malformed);
        }
        let mut declared = Vec::new();
        let mut attributes = Vec::new();
        for (at, attribute) in tag.attributes().enumerate() {
            if at >= MAX_ATTRIBUTES {
                return Err(NotXml::Limits);
            }
            let attribute = attribute.map_err(|_| NotXml::Malformed)?;
            let value = attribute
                .normalized_value(XmlVersion::Implicit1_0)
                .map_err(|_| NotXml::Entity)?;
            if !value.chars().all(is_character) {
                return Err(NotXml::Malformed);
            }
            let name: &str = attribute.key.as_ref();
            match name.strip_prefix("xmlns") {
                Some(_) if name == "xmlns" => declared.push((String::new(), value.into_owned())),
                Some(prefix) if prefix.starts_with(':') => {
                    declared.push((prefix.trim_start_matches(':').to_owned(), value.into_owned()));
                }
                _ => attributes.push((name.to_owned(), value.into_owned())),
            }
        }
        if declared.iter().any(|(_, namespace)| namespace.len() > MAX_NAMESPACE) {
            return Err(NotXml::Limits);
        }
        self.scope.enter(&declared)?;
        let name: &str = tag.name().0;
        let (namespace, name) = self.scope.element(name)?;
        let attributes = attributes
            .into_iter()
            .map(|(name, value)| {
                let (namespace, name) = self.scope.attribute(&name)?;
                Ok(Attribute { namespace, name, value })
            })
            .collect::<Result<Vec<_>, NotXml>>()?;
        let repeats = |(at, one): (usize, &Attribute)| {
            let mut before = attributes.iter().take(at);
            before.any(|other| other.name == one.name && other.namespace == one.namespace)
        };
        if attributes.iter().enumerate().any(repeats) {
            return Err(NotXml::Malformed);
        }
        self.open.push(Element {
            namespace,
            name,
            attributes,
            declared,
            ..Element::default()
        });
        Ok(())
    }

    fn close(&mut self) -> Result<(), NotXml> {
        self.scope.leave();
        let element = self.open.pop().ok_or(NotXml::Malformed)?;
        match self.open.last_mut() {
            Some(parent) => parent.children.push(element),
            None => self.root = Some(element),
        }
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), NotXml> {
        if !text.chars().all(is_character) {
            return Err(NotXml::Malformed);
        }
        match self.open.last_mut() {
            Some(element) => element.text.push_str(text),
            None if text.trim_ascii().is_empty() => {}
            None => return Err(NotXml::Malformed),
        }
        Ok(())
    }

    fn comment(&mut self) {
        if let Some(element) = self.open.last_mut() {
            element.has_comment = true;
        }
    }

    fn finish(self) -> Result<Element, NotXml> {
        let root = self.root.filter(|_| self.open.is_empty());
        root.ok_or(NotXml::Malformed)
    }
}
