//! What a signature may look like at all: where it stands, what it names, which algorithms, one reference and nothing beside it.
//! Checked before the library is asked, so that it only sees signatures of one simple kind.

use crate::{
    names::{ASSERTION, DSIG, ENVELOPED, EXCLUSIVE},
    xml::Element,
};

const METHODS: [&str; 6] = [
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384",
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
    "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
    "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384",
    "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512",
];
const DIGESTS: [&str; 3] = [
    "http://www.w3.org/2001/04/xmlenc#sha256",
    "http://www.w3.org/2001/04/xmldsig-more#sha384",
    "http://www.w3.org/2001/04/xmlenc#sha512",
];
const RSA_SHA1: &str = "http://www.w3.org/2000/09/xmldsig#rsa-sha1";
const SHA1: &str = "http://www.w3.org/2000/09/xmldsig#sha1";

/// How a signature is not made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Misshapen {
    #[error("a signature stands where none belongs")]
    Place,
    #[error("a signature has parts that it should not have, or lacks some")]
    Parts,
    #[error("a signature refers to something else than what it stands in")]
    Reference,
    #[error("a signature's algorithm is not taken")]
    Algorithm,
}

/// How many signatures there are: of the root, and of assertions directly beneath it, at most one each.
pub(crate) fn signatures(root: &Element, allow_sha1: bool) -> Result<usize, Misshapen> {
    let assertions = root.all(ASSERTION, "Assertion");
    let signed = std::iter::once(root).chain(assertions);
    let mut count = 0;
    for element in signed {
        let mut own = element.all(DSIG, "Signature");
        if let Some(signature) = own.next() {
            one(signature, element, allow_sha1)?;
            count += 1;
        }
        if own.next().is_some() {
            return Err(Misshapen::Place);
        }
    }
    if root.count(&|element| element.is(DSIG, "Signature")) == count {
        Ok(count)
    } else {
        Err(Misshapen::Place)
    }
}

fn one(signature: &Element, signed: &Element, allow_sha1: bool) -> Result<(), Misshapen> {
    let [info, value, key_info @ ..] = signature.children.as_slice() else {
        return Err(Misshapen::Parts);
    };
    let has_its_parts = info.is(DSIG, "SignedInfo")
        && is_text(value, "SignatureValue")
        && matches!(key_info, [] | [_])
        && key_info.iter().all(|element| element.is(DSIG, "KeyInfo"));
    let [canonicalization, method, reference] = info.children.as_slice() else {
        return Err(Misshapen::Parts);
    };
    if !has_its_parts
        || info.count(&|element| element.has_comment) > 0
        || !canonicalization.is(DSIG, "CanonicalizationMethod")
        || !has_prefixes_at_most(canonicalization)
        || !method.is(DSIG, "SignatureMethod")
        || !method.children.is_empty()
        || !reference.is(DSIG, "Reference")
    {
        return Err(Misshapen::Parts);
    }
    let is_method = |named: &str| METHODS.contains(&named) || allow_sha1 && named == RSA_SHA1;
    if algorithm(canonicalization) != EXCLUSIVE || !is_method(algorithm(method)) {
        return Err(Misshapen::Algorithm);
    }
    refers(reference, signed, allow_sha1)
}

/// One reference, to the element that the signature stands in, whole but for the signature.
fn refers(reference: &Element, signed: &Element, allow_sha1: bool) -> Result<(), Misshapen> {
    let id = signed.attribute("ID").filter(|id| !id.is_empty());
    let uri = reference.attribute("URI").and_then(|uri| uri.strip_prefix('#'));
    if id.is_none() || uri != id || id.is_some_and(|id| id.contains('(')) {
        return Err(Misshapen::Reference);
    }
    let [transforms, digest, value] = reference.children.as_slice() else {
        return Err(Misshapen::Parts);
    };
    let [enveloped, exclusive] = transforms.children.as_slice() else {
        return Err(Misshapen::Algorithm);
    };
    if !transforms.is(DSIG, "Transforms")
        || !enveloped.is(DSIG, "Transform")
        || !enveloped.children.is_empty()
        || !exclusive.is(DSIG, "Transform")
        || !has_prefixes_at_most(exclusive)
        || !digest.is(DSIG, "DigestMethod")
        || !digest.children.is_empty()
        || !is_text(value, "DigestValue")
    {
        return Err(Misshapen::Parts);
    }
    let is_digest = |named: &str| DIGESTS.contains(&named) || allow_sha1 && named == SHA1;
    if algorithm(enveloped) == ENVELOPED && algorithm(exclusive) == EXCLUSIVE && is_digest(algorithm(digest)) {
        Ok(())
    } else {
        Err(Misshapen::Algorithm)
    }
}

fn algorithm(element: &Element) -> &str {
    element.attribute("Algorithm").unwrap_or("")
}

fn is_text(element: &Element, name: &str) -> bool {
    element.is(DSIG, name) && element.children.is_empty() && !element.has_comment
}

/// `InclusiveNamespaces`, which exclusive canonicalization may name prefixes with, and nothing else.
fn has_prefixes_at_most(element: &Element) -> bool {
    match element.children.as_slice() {
        [] => true,
        [prefixes] => prefixes.is(EXCLUSIVE, "InclusiveNamespaces") && prefixes.children.is_empty(),
        _ => false,
    }
}
