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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Signing, cut, good, sign};

    fn judged(xml: &str) -> Result<usize, Misshapen> {
        signatures(&Element::read(xml).unwrap(), false)
    }

    #[test]
    fn one_signature_each_of_response_and_assertion() {
        assert_eq!(judged(&crate::testing::response()), Ok(0));
        assert_eq!(judged(&good()), Ok(1));
        assert_eq!(judged(&sign(&good(), "_r1")), Ok(2));
        let good = good();
        let signature = cut(&good, "<ds:Signature ", "</ds:Signature>");
        for elsewhere in ["<samlp:Status>", "<saml:Subject>", "<saml:Conditions "] {
            let moved = good
                .replace(signature, "")
                .replace(elsewhere, &format!("<x>{signature}</x>{elsewhere}"));
            assert_eq!(judged(&moved), Err(Misshapen::Place), "{elsewhere}");
        }
        assert_eq!(
            judged(&good.replace(signature, &signature.repeat(2))),
            Err(Misshapen::Place)
        );
    }

    #[test]
    fn a_reference_to_what_the_signature_stands_in() {
        for uri in [
            "",
            "#",
            "#_r1",
            "#xpointer(/)",
            "#xpointer(id('_a1'))",
            "_a1",
            "http://evil.example.com/#_a1",
            "cid:_a1",
        ] {
            let xml = good().replace("URI=\"#_a1\"", &format!("URI=\"{uri}\""));
            assert_eq!(judged(&xml), Err(Misshapen::Reference), "{uri}");
        }
        for (from, to) in [
            (" ID=\"_a1\"", ""),
            (" ID=\"_a1\"", " Id=\"_a1\""),
            (" URI=\"#_a1\"", ""),
        ] {
            assert_eq!(judged(&good().replace(from, to)), Err(Misshapen::Reference), "{to}");
        }
        let named = good().replace("_a1", "xpointer(id('_a1'))");
        assert_eq!(judged(&named), Err(Misshapen::Reference));
    }

    #[test]
    fn parts_are_those_and_in_the_clear() {
        let good = good();
        for (from, to) in [
            ("<ds:SignedInfo>", "<ds:SignedInfo><!-- -->"),
            ("<ds:SignatureValue>", "<ds:SignatureValue><!-- -->"),
            ("<ds:DigestValue>", "<ds:DigestValue><!-- -->"),
            ("<ds:DigestValue>", "<ds:DigestValue><x/>"),
            ("</ds:SignatureValue>", "</ds:SignatureValue><ds:Object/>"),
            ("</ds:SignatureValue>", "</ds:SignatureValue><ds:KeyInfo/><ds:KeyInfo/>"),
            ("<ds:SignedInfo>", "<ds:SignedInfo/><ds:SignedInfo>"),
            ("</ds:Reference>", "</ds:Reference><ds:Reference/>"),
            ("<ds:Transforms>", "<ds:Transforms/><ds:Transforms>"),
            ("<ds:Transforms>", "<x:Transforms xmlns:x=\"urn:x\"/><ds:Transforms>"),
            (
                "<ds:SignatureMethod ",
                "<ds:SignatureMethod><ds:HMACOutputLength>8</ds:HMACOutputLength></ds:SignatureMethod><ds:SignatureMethod ",
            ),
        ] {
            let bent = good.replacen(from, to, 1);
            assert_ne!(bent, good, "{from}");
            assert_eq!(judged(&bent), Err(Misshapen::Parts), "{to}");
        }
    }

    #[test]
    fn algorithms_are_few() {
        for from in [METHODS[0], DIGESTS[0], ENVELOPED] {
            let bent = good().replace(&format!("\"{from}\""), "\"urn:other\"");
            assert_eq!(judged(&bent), Err(Misshapen::Algorithm), "{from}");
        }
        let more = Signing::default().transforms;
        let foreign = "<x:Transform xmlns:x=\"urn:x\" Algorithm=\"http://www.w3.org/TR/1999/REC-xslt-19991116\"/>";
        for transforms in [format!("{more}{foreign}"), format!("{more}{more}"), String::new()] {
            let bent = good().replace(&more, &transforms);
            assert_eq!(judged(&bent), Err(Misshapen::Algorithm), "{transforms}");
        }
    }
}
