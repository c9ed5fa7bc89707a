//! A provider of SAML, small: whoever is sent to it is whom the test says. What it says is written as it is digested (Exclusive XML
//! Canonicalization), so that signing it needs no more than a key.

use std::sync::Arc;

use aws_lc_rs::{
    rand::SystemRandom,
    rsa::KeyPair as RsaKeyPair,
    signature::{KeyPair as _, RSA_PKCS1_SHA256},
};
use base64::{Engine as _, prelude::BASE64_STANDARD as B64};
use kernel::{Clock, Timestamp};
use oauth::Parameters;
use rcgen::{CertificateParams, KeyPair, PKCS_RSA_SHA256, RsaKeySize};
use testkit::MockClock;

use crate::tests::hosted::browser::{attribute, between};

pub(super) const ENTITY: &str = "https://corp.example/metadata";
const SSO: &str = "https://corp.example/sso";
const SLO: &str = "https://corp.example/slo";

const ASSERTION: &str = "urn:oasis:names:tc:SAML:2.0:assertion";
const PROTOCOL: &str = "urn:oasis:names:tc:SAML:2.0:protocol";
const DSIG: &str = "http://www.w3.org/2000/09/xmldsig#";
const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
const RSA_SHA256: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";

pub(super) struct SamlIdp {
    clock: Arc<MockClock>,
    key: RsaKeyPair,
    /// Base64.
    certificate: String,
}

/// What it was asked, by the address that a browser was sent to.
pub(super) struct Asked {
    pub query: Parameters,
    pub id: String,
    pub consumer: String,
    pub issuer: String,
}

impl Asked {
    pub fn relay_state(&self) -> &str {
        self.query.get("RelayState").unwrap()
    }
}

/// What it says of whom.
pub(super) struct Said<'a> {
    pub name_id: &'a str,
    pub email: &'a str,
    pub in_response_to: &'a str,
    pub consumer: &'a str,
    pub audience: &'a str,
    pub at: Timestamp,
    pub is_signed: bool,
}

impl SamlIdp {
    pub fn new(clock: Arc<MockClock>) -> Self {
        let pair = KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048).unwrap();
        let certificate = CertificateParams::default().self_signed(&pair).unwrap();
        Self {
            clock,
            key: RsaKeyPair::from_pkcs8(&pair.serialize_der()).unwrap(),
            certificate: B64.encode(certificate.der()),
        }
    }

    pub fn metadata(&self) -> String {
        format!(
            r#"<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="{DSIG}" entityID="{ENTITY}"><md:IDPSSODescriptor protocolSupportEnumeration="{PROTOCOL}"><md:KeyDescriptor use="signing"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>{}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor><md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="{SSO}"/><md:SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="{SLO}"/></md:IDPSSODescriptor></md:EntityDescriptor>"#,
            self.certificate
        )
    }

    #[track_caller]
    pub fn asked(location: &str) -> Asked {
        let (query, request) = sent(location, SSO);
        let head = request.split('>').next().unwrap();
        assert_eq!(attribute(head, "Destination").unwrap(), SSO);
        Asked {
            id: attribute(head, "ID").unwrap(),
            consumer: attribute(head, "AssertionConsumerServiceURL").unwrap(),
            issuer: between(&request, &format!("xmlns:saml=\"{ASSERTION}\">"), "</saml:Issuer>")
                .unwrap()
                .to_owned(),
            query,
        }
    }

    /// Who is to be signed out, by the address that a browser was sent to: what it was asked, and the message.
    #[track_caller]
    pub fn asked_to_end(location: &str) -> (Parameters, String) {
        let (query, request) = sent(location, SLO);
        assert_eq!(B64.decode(query.get("Signature").unwrap()).unwrap().len(), 256);
        (query, request)
    }

    /// `SAMLResponse`: a session has ended.
    pub fn ended(&self, in_response_to: &str, slo: &str, is_signed: bool) -> String {
        let at = self.clock.wall().iso8601();
        let message = format!(
            r#"<samlp:LogoutResponse xmlns:samlp="{PROTOCOL}" Destination="{slo}" ID="_l" InResponseTo="{in_response_to}" IssueInstant="{at}" Version="2.0"><saml:Issuer xmlns:saml="{ASSERTION}">{ENTITY}</saml:Issuer><samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"></samlp:StatusCode></samlp:Status></samlp:LogoutResponse>"#
        );
        B64.encode(if is_signed { self.signed(&message) } else { message })
    }

    /// Ana, who was asked for just now.
    pub fn said<'a>(&self, asked: &'a Asked) -> Said<'a> {
        Said {
            name_id: "ana.example",
            email: "ana@corp.example",
            in_response_to: &asked.id,
            consumer: &asked.consumer,
            audience: &asked.issuer,
            at: self.clock.wall(),
            is_signed: true,
        }
    }

    /// `SAMLResponse`.
    pub fn response(&self, said: &Said<'_>) -> String {
        let (in_response_to, consumer, at) = (said.in_response_to, said.consumer, said.at.iso8601());
        let assertion = unasked(&assertion(said));
        let assertion = if said.is_signed {
            self.signed(&assertion)
        } else {
            assertion
        };
        B64.encode(unasked(&format!(
            r#"<samlp:Response xmlns:samlp="{PROTOCOL}" Destination="{consumer}" ID="_r" InResponseTo="{in_response_to}" IssueInstant="{at}" Version="2.0"><samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>{assertion}</samlp:Response>"#
        )))
    }

    fn signed(&self, assertion: &str) -> String {
        let id = attribute(assertion, "ID").unwrap();
        let digest = B64.encode(vault::sha256(assertion.as_bytes()));
        let info = format!(
            r##"<ds:SignedInfo xmlns:ds="{DSIG}"><ds:CanonicalizationMethod Algorithm="{EXCLUSIVE}"></ds:CanonicalizationMethod><ds:SignatureMethod Algorithm="{RSA_SHA256}"></ds:SignatureMethod><ds:Reference URI="#{id}"><ds:Transforms><ds:Transform Algorithm="{DSIG}enveloped-signature"></ds:Transform><ds:Transform Algorithm="{EXCLUSIVE}"></ds:Transform></ds:Transforms><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"></ds:DigestMethod><ds:DigestValue>{digest}</ds:DigestValue></ds:Reference></ds:SignedInfo>"##
        );
        let mut signature = vec![0; self.key.public_key().modulus_len()];
        let random = SystemRandom::new();
        self.key
            .sign(&RSA_PKCS1_SHA256, &random, info.as_bytes(), &mut signature)
            .unwrap();
        let signature = format!(
            r#"<ds:Signature xmlns:ds="{DSIG}">{info}<ds:SignatureValue>{}</ds:SignatureValue></ds:Signature>"#,
            B64.encode(signature)
        );
        let issuer = "</saml:Issuer>";
        assertion.replacen(issuer, &format!("{issuer}{signature}"), 1)
    }
}

/// What was sent to one of its addresses.
#[track_caller]
fn sent(location: &str, address: &str) -> (Parameters, String) {
    let query = location.strip_prefix(&format!("{address}?"));
    let query = Parameters::parse(query.unwrap_or_else(|| panic!("to somewhere else: {location}"))).unwrap();
    let deflated = B64.decode(query.get("SAMLRequest").unwrap()).unwrap();
    let request = miniz_oxide::inflate::decompress_to_vec(&deflated).unwrap();
    (query, String::from_utf8(request).unwrap())
}

/// What answers nothing does not say what.
fn unasked(xml: &str) -> String {
    xml.replace(" InResponseTo=\"\"", "")
}

fn assertion(said: &Said<'_>) -> String {
    let Said {
        name_id,
        email,
        in_response_to,
        consumer,
        audience,
        ..
    } = said;
    let at = said.at.iso8601();
    let until = said.at.plus(std::time::Duration::from_secs(300)).iso8601();
    let tag = format!("{}{}", in_response_to.trim_start_matches('_'), said.at.secs());
    format!(
        r#"<saml:Assertion xmlns:saml="{ASSERTION}" ID="_a{tag}" IssueInstant="{at}" Version="2.0"><saml:Issuer>{ENTITY}</saml:Issuer><saml:Subject><saml:NameID>{name_id}</saml:NameID><saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData InResponseTo="{in_response_to}" NotOnOrAfter="{until}" Recipient="{consumer}"></saml:SubjectConfirmationData></saml:SubjectConfirmation></saml:Subject><saml:Conditions NotBefore="{at}" NotOnOrAfter="{until}"><saml:AudienceRestriction><saml:Audience>{audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions><saml:AuthnStatement AuthnInstant="{at}" SessionIndex="_s{tag}"><saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement><saml:AttributeStatement><saml:Attribute Name="mail"><saml:AttributeValue>{email}</saml:AttributeValue></saml:Attribute></saml:AttributeStatement></saml:Assertion>"#
    )
}
