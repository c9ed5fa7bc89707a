//! What of a message is signed by its identity provider: the shape of its signatures first, then the library's verdict, then what they cover.

use crate::{
    encryption,
    key::Key,
    names::ASSERTION,
    refusal::{self, Refusal},
    shape,
    signature::{Covered, Received},
    xml::Element,
};

/// Whose signatures count.
#[derive(Clone, Copy)]
pub(crate) struct Trust<'a> {
    /// DER.
    pub certificates: &'a [Vec<u8>],
    pub allow_sha1: bool,
}

/// (4, 7) One assertion, at whatever depth, directly in the response, encrypted where that is asked for.
pub(crate) fn holds_one_assertion(response: &Element, is_encrypted: bool) -> Result<(), Refusal> {
    let beneath = |name| response.all(ASSERTION, name).count();
    let anywhere = |name: &'static str| response.count(&|element| element.is(ASSERTION, name));
    let (plain, encrypted) = (anywhere("Assertion"), anywhere("EncryptedAssertion"));
    match (is_encrypted, plain, encrypted) {
        (true, 0, 1) if beneath("EncryptedAssertion") == 1 => Ok(()),
        (true, ..) => Err(refusal::one_encrypted_assertion()),
        (false, 1, 0) if beneath("Assertion") == 1 => Ok(()),
        (false, _, 0) => Err(refusal::one_assertion("there are several, none, or one elsewhere")),
        (false, ..) => Err(refusal::one_assertion("it is encrypted, which is not asked for")),
    }
}

/// (3) The assertion as a signature covers it, its own or the response's. None: there is no signature. Errors: any signature is not as it
/// should be or doesn't hold.
pub(crate) fn signed(received: &Received<'_>, trust: Trust<'_>) -> Result<Option<Element>, Refusal> {
    let covered = covered(received, trust)?;
    Ok(covered.into_iter().find_map(|covered| match covered {
        Covered::Root(response) => response.only(ASSERTION, "Assertion").cloned(),
        Covered::Child(element) => Some(element).filter(|element| element.is(ASSERTION, "Assertion")),
    }))
}

pub(crate) fn covered(received: &Received<'_>, trust: Trust<'_>) -> Result<Vec<Covered>, Refusal> {
    let count = shape::signatures(&received.root, trust.allow_sha1);
    if count.map_err(|misshapen| refusal::signature(misshapen.to_string()))? == 0 {
        return Ok(Vec::new());
    }
    let covered = received.covered(trust.certificates);
    covered.map_err(|unsigned| refusal::signature(unsigned.to_string()))
}

/// (7) The decrypted assertion, covered by a signature of its own or by the response's, which covers the ciphertext. Between the ciphertext
/// and a signature that holds all refusals are alike.
pub(crate) fn decrypted(received: &Received<'_>, key: &Key, trust: Trust<'_>) -> Result<Element, Refusal> {
    let mut covered = covered(received, trust)?.into_iter();
    let signed_response = covered.find_map(|covered| match covered {
        Covered::Root(response) => Some(response),
        Covered::Child(_) => None,
    });
    let response = &received.root;
    let encrypted = signed_response.as_ref().unwrap_or(response);
    let encrypted = encrypted
        .only(ASSERTION, "EncryptedAssertion")
        .ok_or_else(refusal::one_encrypted_assertion)?;
    let text = encryption::decrypted(encrypted, &declared(response), key).ok_or_else(refusal::decryption)?;
    let inner = Received::read(&text).map_err(|_| refusal::decryption())?;
    holds_one_assertion(&inner.root, false).map_err(|_| refusal::decryption())?;
    if inner.root.children.len() != 1 {
        return Err(refusal::decryption());
    }
    match signed(&inner, trust) {
        Ok(Some(assertion)) => Ok(assertion),
        Ok(None) if signed_response.is_some() => inner.root.children.into_iter().next().ok_or_else(refusal::decryption),
        _ => Err(refusal::decryption()),
    }
}

/// What prefixes stand for where the ciphertext is.
fn declared(response: &Element) -> Vec<(String, String)> {
    let encrypted = response.only(ASSERTION, "EncryptedAssertion");
    let data = encrypted.and_then(|encrypted| encrypted.children.first());
    let mut declared: Vec<(String, String)> = Vec::new();
    for element in [Some(response), encrypted, data].into_iter().flatten() {
        for (prefix, namespace) in &element.declared {
            declared.retain(|(earlier, _)| earlier != prefix);
            declared.push((prefix.clone(), namespace.clone()));
        }
    }
    declared
}
