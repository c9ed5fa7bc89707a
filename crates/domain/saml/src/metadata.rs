//! What we tell identity providers of ourselves. An extension: Cognito publishes none (reference oauth-and-federation 11.1).

use base64::{Engine, prelude::BASE64_STANDARD};

use crate::{
    ServiceProvider,
    names::{DSIG, METADATA, POST, PROTOCOL},
    write::escaped,
};

/// What assertions are best encrypted with.
const METHODS: &str = r#"<md:EncryptionMethod Algorithm="http://www.w3.org/2009/xmlenc11#aes256-gcm"/><md:EncryptionMethod Algorithm="http://www.w3.org/2009/xmlenc11#aes128-gcm"/><md:EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#aes256-cbc"/><md:EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p"/>"#;

/// The service provider's metadata. `signing` are the certificates (DER) that its requests may be signed with, `encryption` the one that
/// assertions are encrypted for.
pub fn metadata(sp: &ServiceProvider, signing: &[Vec<u8>], encryption: Option<&[u8]>) -> String {
    let signing: String = signing.iter().map(|der| key("signing", der, "")).collect();
    let encryption = encryption.map_or_else(String::new, |der| key("encryption", der, METHODS));
    let (acs, slo) = (escaped(&sp.acs), escaped(&sp.slo));
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<md:EntityDescriptor xmlns:md="{METADATA}" xmlns:ds="{DSIG}" entityID="{}"><md:SPSSODescriptor protocolSupportEnumeration="{PROTOCOL}" WantAssertionsSigned="true">{signing}{encryption}<md:SingleLogoutService Binding="{POST}" Location="{slo}"/><md:AssertionConsumerService Binding="{POST}" Location="{acs}" index="0" isDefault="true"/></md:SPSSODescriptor></md:EntityDescriptor>"#,
        escaped(&sp.entity_id),
    )
}

fn key(usage: &str, certificate: &[u8], methods: &str) -> String {
    format!(
        r#"<md:KeyDescriptor use="{usage}"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>{}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>{methods}</md:KeyDescriptor>"#,
        BASE64_STANDARD.encode(certificate),
    )
}
