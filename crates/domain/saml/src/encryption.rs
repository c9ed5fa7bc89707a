//! Encrypted assertions, by the library. It is given a document made anew of what was checked here, so that nothing but the two ciphertexts is
//! the sender's.

use bergshamra::{EncContext, KeyData, KeyUsage, KeysManager, decrypt_to_bytes, keys::loader::load_x509_cert_der};

use crate::{
    key::Key,
    names::{DSIG, ENC, ENC11, PROTOCOL},
    write::escaped,
    xml::Element,
};

const CIPHERS: [&str; 6] = [
    "http://www.w3.org/2001/04/xmlenc#aes128-cbc",
    "http://www.w3.org/2001/04/xmlenc#aes192-cbc",
    "http://www.w3.org/2001/04/xmlenc#aes256-cbc",
    "http://www.w3.org/2009/xmlenc11#aes128-gcm",
    "http://www.w3.org/2009/xmlenc11#aes192-gcm",
    "http://www.w3.org/2009/xmlenc11#aes256-gcm",
];
/// RSA-OAEP; RSA 1.5 is none of them: its padding tells attackers of the key.
const TRANSPORTS: [&str; 2] = [
    "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p",
    "http://www.w3.org/2009/xmlenc11#rsa-oaep",
];

/// A plaintext as the only child of a root that declares what the prefixes stood for where the ciphertext was. None, whatever the matter
/// is: whoever sent it is not told.
pub(crate) fn decrypted(encrypted: &Element, declared: &[(String, String)], key: &Key) -> Option<String> {
    let document = vetted(encrypted)?;
    let mut keys = KeysManager::new();
    let algorithm = load_x509_cert_der(&key.certificate).ok()?.data.algorithm();
    let private = KeyData::from_pkcs8_der(algorithm, key.private()).ok()?;
    keys.add_key(bergshamra::Key::new(private, KeyUsage::Decrypt));
    let context = EncContext::new(keys).with_disable_cipher_reference(true);
    let plaintext = String::from_utf8(decrypt_to_bytes(&context, &document).ok()?).ok()?;
    Some(wrapped(&plaintext, declared))
}

fn vetted(encrypted: &Element) -> Option<String> {
    let data = encrypted.only(ENC, "EncryptedData")?;
    let cipher = algorithm(data).filter(|named| CIPHERS.contains(named))?;
    let inside = data.all(DSIG, "KeyInfo").flat_map(|info| info.all(ENC, "EncryptedKey"));
    let mut keys = inside.chain(encrypted.all(ENC, "EncryptedKey"));
    let key = keys.next().filter(|_| keys.next().is_none())?;
    let transport = algorithm(key).filter(|named| TRANSPORTS.contains(named))?;
    let method = key.child(ENC, "EncryptionMethod")?;
    if method.child(ENC, "OAEPparams").is_some() {
        return None;
    }
    let digest = method.child(DSIG, "DigestMethod").and_then(named);
    let mask = method.child(ENC11, "MGF").and_then(named);
    let digest = digest.map(|digest| format!(r#"<ds:DigestMethod Algorithm="{}"/>"#, escaped(digest)));
    let mask = mask.map(|mask| format!(r#"<e11:MGF Algorithm="{}"/>"#, escaped(mask)));
    // A type that is no XML: the plaintext comes back as it is.
    Some(format!(
        r#"<xenc:EncryptedData xmlns:xenc="{ENC}" xmlns:ds="{DSIG}" xmlns:e11="{ENC11}" Type="plain"><xenc:EncryptionMethod Algorithm="{cipher}"/><ds:KeyInfo><xenc:EncryptedKey><xenc:EncryptionMethod Algorithm="{transport}">{}{}</xenc:EncryptionMethod>{}</xenc:EncryptedKey></ds:KeyInfo>{}</xenc:EncryptedData>"#,
        digest.unwrap_or_default(),
        mask.unwrap_or_default(),
        ciphertext(key)?,
        ciphertext(data)?,
    ))
}

fn algorithm(encrypted: &Element) -> Option<&str> {
    encrypted.only(ENC, "EncryptionMethod").and_then(named)
}

fn named(method: &Element) -> Option<&str> {
    method.attribute("Algorithm")
}

fn ciphertext(encrypted: &Element) -> Option<String> {
    let value = encrypted.only(ENC, "CipherData")?.only(ENC, "CipherValue")?;
    let base64: String = value.text.split_ascii_whitespace().collect();
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    let is_taken = value.children.is_empty() && base64.bytes().all(is_base64);
    is_taken.then(|| format!("<xenc:CipherData><xenc:CipherValue>{base64}</xenc:CipherValue></xenc:CipherData>"))
}

fn wrapped(plaintext: &str, declared: &[(String, String)]) -> String {
    let declarations: String = declared
        .iter()
        .map(|(prefix, namespace)| match prefix.as_str() {
            "" => format!(r#" xmlns="{}""#, escaped(namespace)),
            prefix => format!(r#" xmlns:{prefix}="{}""#, escaped(namespace)),
        })
        .collect();
    let plaintext = match plaintext.trim_start().strip_prefix("<?xml") {
        Some(rest) => rest.split_once("?>").map_or(rest, |(_, rest)| rest),
        None => plaintext,
    };
    // A prefix of its own: none that the sender may have declared.
    format!(r#"<poolhouse-p:Response xmlns:poolhouse-p="{PROTOCOL}"{declarations}>{plaintext}</poolhouse-p:Response>"#)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{SP_KEY, assertion, encrypted};

    /// Whether the library is asked at all, once `from` is `to`.
    fn is_vetted(from: &str, to: &str) -> bool {
        let xml = encrypted(&assertion(), CIPHERS[0], TRANSPORTS[0], &SP_KEY);
        let bent = xml.replacen(from, to, 1);
        vetted(&Element::read(&bent).unwrap()).is_some()
    }

    #[test]
    fn ciphertexts_of_other_kinds_are_not_tried() {
        assert!(is_vetted("", ""));
        let transport = format!("<xenc:EncryptionMethod Algorithm=\"{}\"/>", TRANSPORTS[0]);
        let with_label = transport.replace("/>", "><xenc:OAEPparams>AAAA</xenc:OAEPparams></xenc:EncryptionMethod>");
        for (from, to) in [
            (TRANSPORTS[0], "http://www.w3.org/2001/04/xmlenc#rsa-1_5"),
            (TRANSPORTS[0], "http://www.w3.org/2001/04/xmlenc#kw-aes128"),
            (CIPHERS[0], "http://www.w3.org/2001/04/xmlenc#tripledes-cbc"),
            (&transport, &with_label),
            ("<xenc:CipherValue>", "<xenc:CipherValue>&lt;x/&gt;"),
            ("<xenc:CipherValue>", "<xenc:CipherValue><x/>"),
            ("<xenc:EncryptedKey>", "<xenc:EncryptedKey/><xenc:EncryptedKey>"),
            (
                "<xenc:EncryptedData ",
                "<xenc:EncryptedData xmlns:xenc=\"http://www.w3.org/2001/04/xmlenc#\"/><xenc:EncryptedData ",
            ),
        ] {
            assert!(!is_vetted(from, to), "{to}");
        }
    }
}
