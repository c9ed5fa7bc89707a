//! Which namespace a prefix stands for.

use crate::not_xml::NotXml;

const XML: &str = "http://www.w3.org/XML/1998/namespace";
const XMLNS: &str = "http://www.w3.org/2000/xmlns/";

/// At one place: each name that has a prefix looks through them.
const MAX_BOUND: usize = 64;

#[derive(Default)]
pub(super) struct Scope {
    /// Prefix and namespace, the innermost last.
    bound: Vec<(String, String)>,
    /// How many were bound before each open element.
    before: Vec<usize>,
}

impl Scope {
    /// Errors: a prefix that may not be declared so.
    pub(super) fn enter(&mut self, declared: &[(String, String)]) -> Result<(), NotXml> {
        self.before.push(self.bound.len());
        for (prefix, namespace) in declared {
            let is_reserved = prefix == "xmlns" || namespace == XMLNS || (prefix == "xml") != (namespace == XML);
            if is_reserved || !prefix.is_empty() && namespace.is_empty() {
                return Err(NotXml::Malformed);
            }
            self.bound.push((prefix.clone(), namespace.clone()));
        }
        if self.bound.len() > MAX_BOUND {
            return Err(NotXml::Limits);
        }
        Ok(())
    }

    pub(super) fn leave(&mut self) {
        let before = self.before.pop().unwrap_or(0);
        self.bound.truncate(before);
    }

    /// Namespace and local name of an element.
    pub(super) fn element(&self, name: &str) -> Result<(String, String), NotXml> {
        match name.split_once(':') {
            Some((prefix, local)) => self.qualified(prefix, local),
            None => Ok((self.namespace("").unwrap_or_default().to_owned(), local_name(name)?)),
        }
    }

    /// Namespace and local name of an attribute: without a prefix it has no namespace.
    pub(super) fn attribute(&self, name: &str) -> Result<(String, String), NotXml> {
        match name.split_once(':') {
            Some((prefix, local)) => self.qualified(prefix, local),
            None => Ok((String::new(), local_name(name)?)),
        }
    }

    fn qualified(&self, prefix: &str, local: &str) -> Result<(String, String), NotXml> {
        let namespace = self
            .namespace(prefix)
            .filter(|_| !prefix.is_empty())
            .ok_or(NotXml::Malformed)?;
        Ok((namespace.to_owned(), local_name(local)?))
    }

    fn namespace(&self, prefix: &str) -> Option<&str> {
        if prefix == "xml" {
            return Some(XML);
        }
        let mut innermost = self.bound.iter().rev();
        innermost
            .find(|(bound, _)| bound == prefix)
            .map(|(_, namespace)| namespace.as_str())
    }
}

fn local_name(name: &str) -> Result<String, NotXml> {
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '\u{B7}') || !c.is_ascii();
    if name.is_empty() || !name.chars().all(is_name) {
        return Err(NotXml::Malformed);
    }
    Ok(name.to_owned())
}
