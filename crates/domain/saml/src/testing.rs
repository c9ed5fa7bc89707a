//! An identity provider for tests: its documents are signed and encrypted by the library, from templates.

use std::sync::LazyLock;

use base64::{Engine, prelude::BASE64_STANDARD};
use bergshamra::{
    DsigContext, EncContext, KeyData, KeyUsage, KeysManager,
    keys::loader::{load_hmac_key, load_x509_cert_der},
};
use kernel::{SystemRng, Timestamp};

use crate::{
    CERTIFICATE_LIFE, Expected, IdentityProvider, Key, ServiceProvider, SingleLogout,
    names::{ASSERTION, BEARER, DSIG, ENC, ENVELOPED, EXCLUSIVE, PROTOCOL, RSA_SHA256, SUCCESS},
};

pub(crate) const ACS: &str = "https://login.example.com/saml2/idpresponse";
pub(crate) const SLO: &str = "https://login.example.com/saml2/logout";
pub(crate) const SP: &str = "urn:amazon:cognito:sp:us-east-1_abcdefghi";
pub(crate) const IDP: &str = "https://idp.example.org/metadata";
pub(crate) const REQUEST: &str = "_0d5f5b8e-1f1b-4c1e-9c50-6f5a5ad6a3ee";
/// 2026-03-01T12:00:00Z
pub(crate) const NOW: Timestamp = Timestamp::from_secs(1_772_366_400);
pub(crate) const SHA256: &str = "http://www.w3.org/2001/04/xmlenc#sha256";

pub(crate) static IDP_KEY: LazyLock<Key> = LazyLock::new(|| key("idp"));
pub(crate) static OTHER_KEY: LazyLock<Key> = LazyLock::new(|| key("other"));
pub(crate) static SP_KEY: LazyLock<Key> = LazyLock::new(|| key("sp"));

fn key(subject: &str) -> Key {
    Key::generate(subject, NOW, CERTIFICATE_LIFE, &SystemRng).unwrap()
}

pub(crate) fn sp() -> ServiceProvider {
    ServiceProvider {
        entity_id: SP.to_owned(),
        acs: ACS.to_owned(),
        slo: SLO.to_owned(),
    }
}

pub(crate) fn idp() -> IdentityProvider {
    IdentityProvider {
        entity_id: IDP.to_owned(),
        sso: "https://idp.example.org/sso".to_owned(),
        slo: Some(SingleLogout {
            requests: "https://idp.example.org/slo?tenant=1".to_owned(),
            responses: "https://idp.example.org/slo/done".to_owned(),
        }),
        certificates: vec![IDP_KEY.certificate.clone()],
    }
}

/// What a response is held against, unless a test changes it.
pub(crate) fn expected<'a>(sp: &'a ServiceProvider, idp: &'a IdentityProvider) -> Expected<'a> {
    Expected {
        sp,
        idp,
        in_response_to: Some(REQUEST),
        decryption: None,
        now: NOW,
        allow_sha1: false,
    }
}

/// The reason why `xml`, a response to our request, is refused; what it vouches for otherwise.
pub(crate) fn judged(xml: &str) -> Result<crate::Assertion, String> {
    let (sp, idp) = (sp(), idp());
    crate::verified(&posted(xml), &expected(&sp, &idp)).map_err(|refusal| refusal.reason().to_owned())
}

/// Why it is refused, as the log is told.
pub(crate) fn because(xml: &str) -> String {
    let (sp, idp) = (sp(), idp());
    let judged = crate::verified(&posted(xml), &expected(&sp, &idp));
    judged.expect_err("a refusal").because().to_owned()
}

pub(crate) fn posted(xml: &str) -> String {
    BASE64_STANDARD.encode(xml)
}

/// A response with one assertion, unsigned.
pub(crate) fn response() -> String {
    enveloped(&assertion())
}

pub(crate) fn enveloped(assertion: &str) -> String {
    format!(
        r#"<samlp:Response xmlns:samlp="{PROTOCOL}" ID="_r1" Version="2.0" IssueInstant="2026-03-01T12:00:00Z" Destination="{ACS}" InResponseTo="{REQUEST}"><saml:Issuer xmlns:saml="{ASSERTION}">{IDP}</saml:Issuer><samlp:Status><samlp:StatusCode Value="{SUCCESS}"/></samlp:Status>{assertion}</samlp:Response>"#
    )
}

pub(crate) fn assertion() -> String {
    format!(
        r#"<saml:Assertion xmlns:saml="{ASSERTION}" ID="_a1" Version="2.0" IssueInstant="2026-03-01T12:00:00Z"><saml:Issuer>{IDP}</saml:Issuer><saml:Subject><saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">Ana.Example</saml:NameID><saml:SubjectConfirmation Method="{BEARER}"><saml:SubjectConfirmationData Recipient="{ACS}" NotOnOrAfter="2026-03-01T12:05:00Z" InResponseTo="{REQUEST}"/></saml:SubjectConfirmation></saml:Subject><saml:Conditions NotBefore="2026-03-01T11:59:00Z" NotOnOrAfter="2026-03-01T12:05:00Z"><saml:AudienceRestriction><saml:Audience>{SP}</saml:Audience></saml:AudienceRestriction></saml:Conditions><saml:AuthnStatement AuthnInstant="2026-03-01T12:00:00Z" SessionIndex="_s1"><saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement><saml:AttributeStatement><saml:Attribute Name="email"><saml:AttributeValue>ana@example.com</saml:AttributeValue></saml:Attribute><saml:Attribute Name="groups"><saml:AttributeValue>a</saml:AttributeValue><saml:AttributeValue>b</saml:AttributeValue></saml:Attribute></saml:AttributeStatement></saml:Assertion>"#
    )
}

/// How a signature is made.
#[derive(Clone)]
pub(crate) struct Signing {
    pub method: String,
    pub digest: String,
    pub canonicalization: String,
    pub transforms: String,
    /// Besides the one that belongs there.
    pub more_references: String,
    pub key_info: String,
    pub object: String,
}

impl Default for Signing {
    fn default() -> Self {
        Self {
            method: RSA_SHA256.to_owned(),
            digest: SHA256.to_owned(),
            canonicalization: EXCLUSIVE.to_owned(),
            transforms: format!(r#"<ds:Transform Algorithm="{ENVELOPED}"/><ds:Transform Algorithm="{EXCLUSIVE}"/>"#),
            more_references: String::new(),
            key_info: String::new(),
            object: String::new(),
        }
    }
}

impl Signing {
    /// Signs the element of this `ID`: the signature goes behind its Issuer.
    pub(crate) fn sign(&self, xml: &str, id: &str, key: &Key) -> String {
        let certificate = load_x509_cert_der(&key.certificate).unwrap();
        let private = KeyData::from_pkcs8_der(certificate.data.algorithm(), key.private()).unwrap();
        self.sign_with(xml, id, bergshamra::Key::new(private, KeyUsage::Sign))
    }

    pub(crate) fn sign_with(&self, xml: &str, id: &str, key: bergshamra::Key) -> String {
        let mut keys = KeysManager::new();
        keys.add_key(key);
        let context = DsigContext::new(keys)
            .with_insecure(true)
            .with_strict_verification(false);
        let element = xml.find(&format!("ID=\"{id}\"")).expect("an element of this ID");
        let issuer = "</saml:Issuer>";
        let behind = element + xml[element..].find(issuer).expect("its issuer") + issuer.len();
        let template = format!("{}{}{}", &xml[..behind], self.template(id), &xml[behind..]);
        bergshamra::sign(&context, &template).expect("a signature")
    }

    fn template(&self, id: &str) -> String {
        let Self {
            method,
            digest,
            canonicalization,
            transforms,
            more_references,
            key_info,
            object,
        } = self;
        format!(
            r##"<ds:Signature xmlns:ds="{DSIG}"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="{canonicalization}"/><ds:SignatureMethod Algorithm="{method}"/><ds:Reference URI="#{id}"><ds:Transforms>{transforms}</ds:Transforms><ds:DigestMethod Algorithm="{digest}"/><ds:DigestValue></ds:DigestValue></ds:Reference>{more_references}</ds:SignedInfo><ds:SignatureValue></ds:SignatureValue>{key_info}{object}</ds:Signature>"##
        )
    }
}

/// Signed as identity providers do.
pub(crate) fn sign(xml: &str, id: &str) -> String {
    Signing::default().sign(xml, id, &IDP_KEY)
}

/// A response whose assertion is signed.
pub(crate) fn good() -> String {
    sign(&response(), "_a1")
}

/// What stands between `from` and the end of `to`.
pub(crate) fn cut<'x>(xml: &'x str, from: &str, to: &str) -> &'x str {
    let start = xml.find(from).expect("a beginning");
    let end = start + xml[start..].find(to).expect("an end") + to.len();
    &xml[start..end]
}

pub(crate) fn hmac_with_public_key() -> bergshamra::Key {
    let public = load_x509_cert_der(&IDP_KEY.certificate).unwrap().to_spki_der().unwrap();
    load_hmac_key(&public).unwrap()
}

/// `plaintext` as an EncryptedAssertion for `key`'s certificate.
pub(crate) fn encrypted(plaintext: &str, cipher: &str, transport: &str, key: &Key) -> String {
    let mut keys = KeysManager::new();
    keys.add_key(load_x509_cert_der(&key.certificate).unwrap());
    let template = format!(
        r#"<xenc:EncryptedData xmlns:xenc="{ENC}" Type="{ENC}Element"><xenc:EncryptionMethod Algorithm="{cipher}"/><ds:KeyInfo xmlns:ds="{DSIG}"><xenc:EncryptedKey><xenc:EncryptionMethod Algorithm="{transport}"/><xenc:CipherData><xenc:CipherValue></xenc:CipherValue></xenc:CipherData></xenc:EncryptedKey></ds:KeyInfo><xenc:CipherData><xenc:CipherValue></xenc:CipherValue></xenc:CipherData></xenc:EncryptedData>"#
    );
    let data = bergshamra::encrypt(&EncContext::new(keys), &template, plaintext.as_bytes()).unwrap();
    format!(r#"<saml:EncryptedAssertion xmlns:saml="{ASSERTION}">{data}</saml:EncryptedAssertion>"#)
}
