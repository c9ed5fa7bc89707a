//! XML signatures, by the library: this file and `encryption` alone know it. What a signature covers is given back as canonical XML, made of
//! the very nodes that were digested, so that nobody reads what nobody signed.

use bergshamra::{
    DsigContext, KeysManager, VerifyResult,
    c14n::{C14nMode, canonicalize_doc},
    dsig::verify::verify_all_document_with_source,
    keys::loader::load_x509_cert_der,
    xml::{
        Document, NodeId, NodeSet,
        uppsala::{self},
    },
};

use crate::{not_xml::NotXml, xml::Element};

/// A document as the library reads it.
pub(crate) struct Received<'t> {
    document: Document<'t>,
    text: &'t str,
    /// The whole, as the library reads it.
    pub root: Element,
}

/// What a signature that holds covers.
pub(crate) enum Covered {
    Root(Element),
    /// A child of the root.
    Child(Element),
}

/// Why no signature holds.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unsigned {
    #[error("a certificate is not readable")]
    Certificate,
    #[error("a signature does not hold: {0}")]
    Invalid(String),
    #[error("a signature covers something else than what it stands in")]
    Elsewhere,
    #[error("what is signed is not readable: {0}")]
    NotXml(#[from] NotXml),
    #[error("the library failed: {0}")]
    Library(#[from] bergshamra::Error),
}

impl<'t> Received<'t> {
    /// Errors: no XML, or XML of a kind that is not taken. Nothing is verified yet.
    pub(crate) fn read(text: &'t str) -> Result<Self, NotXml> {
        Element::read(text)?;
        let document = uppsala::parse(text).map_err(|_| NotXml::Malformed)?;
        let whole = canonicalize_doc::<&str>(&document, C14nMode::InclusiveWithComments, None, &[]);
        let root = element(&whole.map_err(|_| NotXml::Malformed)?)?;
        Ok(Self { document, text, root })
    }

    /// What each signature of the document covers, in the document's order; all of them hold, by one of `certificates` (DER). What
    /// signatures may say at all is checked before (`shape`).
    pub(crate) fn covered(&self, certificates: &[Vec<u8>]) -> Result<Vec<Covered>, Unsigned> {
        let mut keys = KeysManager::new();
        for certificate in certificates {
            keys.add_key(load_x509_cert_der(certificate).map_err(|_| Unsigned::Certificate)?);
        }
        // Its defaults are strict: keys of the manager alone, whatever KeyInfo says. Certificates are pinned, so their dates and issuers don't
        // count here.
        let context = DsigContext::new(keys).with_insecure(true);
        let results = verify_all_document_with_source(&context, &self.document, Some(self.text))?;
        results.iter().map(|result| self.covered_by(result)).collect()
    }

    fn covered_by(&self, result: &VerifyResult) -> Result<Covered, Unsigned> {
        let (signature, references) = match result {
            VerifyResult::Valid {
                signature_node,
                references,
                ..
            } => (*signature_node, references),
            VerifyResult::Invalid { reason } => return Err(Unsigned::Invalid(reason.clone())),
        };
        let [reference] = references.as_slice() else {
            return Err(Unsigned::Elsewhere);
        };
        let target = reference
            .resolved_node
            .filter(|target| reference.digest_verified && self.document.parent(signature) == Some(*target))
            .ok_or(Unsigned::Elsewhere)?;
        let root = self.document.document_element();
        let content = element(&self.digested(target, signature)?)?;
        if Some(target) == root {
            Ok(Covered::Root(content))
        } else if self.document.parent(target) == root {
            Ok(Covered::Child(content))
        } else {
            Err(Unsigned::Elsewhere)
        }
    }

    /// The element as it was digested: without its signature and without comments.
    fn digested(&self, target: NodeId, signature: NodeId) -> Result<Vec<u8>, bergshamra::Error> {
        let mut nodes = NodeSet::tree_without_comments(target, &self.document);
        self.remove(signature, &mut nodes);
        canonicalize_doc::<&str>(&self.document, C14nMode::Exclusive, Some(&nodes), &[])
    }

    fn remove(&self, node: NodeId, nodes: &mut NodeSet) {
        nodes.remove_id(node);
        for child in self.document.children(node) {
            self.remove(child, nodes);
        }
    }
}

fn element(canonical: &[u8]) -> Result<Element, NotXml> {
    Element::read(std::str::from_utf8(canonical).map_err(|_| NotXml::Malformed)?)
}
