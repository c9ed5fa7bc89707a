//! Identity providers' metadata, their certificates and our own. Reference: oauth-and-federation 11.1, 17.5.

use std::time::Duration;

use base64::{Engine, prelude::BASE64_STANDARD};
use kernel::SystemRng;

use crate::{
    CERTIFICATE_LIFE, Expected, IdentityProvider, Key, NotMetadata, SingleLogout, Unfit, testing::*, tests::fixture,
    verified,
};

fn described(certificates: &[&str]) -> String {
    let keys: Vec<String> = certificates
        .iter()
        .map(|text| format!("<md:KeyDescriptor use=\"signing\"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>{text}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"))
        .collect();
    let keys = keys.concat();
    format!(
        r#"<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" entityID="{IDP}" validUntil="2026-06-01T00:00:00Z"><md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">{keys}<md:SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://idp.example.org/slo/post"/><md:SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://idp.example.org/slo?tenant=1" ResponseLocation="https://idp.example.org/slo/done"/><md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://idp.example.org/sso/post"/><md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://idp.example.org/sso"/></md:IDPSSODescriptor></md:EntityDescriptor>"#
    )
}

fn text(key: &Key) -> String {
    BASE64_STANDARD.encode(&key.certificate)
}

fn usual() -> String {
    described(&[&text(&IDP_KEY)])
}

#[test]
fn metadata_describes_an_identity_provider() {
    assert_eq!(IdentityProvider::configured(&usual(), NOW), Ok(idp()));
    let folded = format!("\n  {}\n{}\n", &text(&IDP_KEY)[..64], &text(&IDP_KEY)[64..]);
    assert_eq!(IdentityProvider::read(&described(&[&folded])), Ok(idp()));
    // Without a use a key is for both.
    let no_use = usual().replace(" use=\"signing\"", "");
    assert_eq!(IdentityProvider::read(&no_use), Ok(idp()));
    let in_a_list = format!(
        r#"<md:EntitiesDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata">{}</md:EntitiesDescriptor>"#,
        usual()
    );
    assert_eq!(IdentityProvider::configured(&in_a_list, NOW), Ok(idp()));
    let no_response = usual().replace(" ResponseLocation=\"https://idp.example.org/slo/done\"", "");
    let slo = SingleLogout {
        requests: "https://idp.example.org/slo?tenant=1".to_owned(),
        responses: "https://idp.example.org/slo?tenant=1".to_owned(),
    };
    assert_eq!(IdentityProvider::read(&no_response).unwrap().slo, Some(slo));
}

#[test]
fn metadata_that_is_not_taken() {
    let sso = "HTTP-Redirect\" Location=\"https://idp.example.org/sso\"";
    let list = |of: &str| {
        format!(
            r#"<md:EntitiesDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata">{of}</md:EntitiesDescriptor>"#
        )
    };
    let twice = usual().replace(
        " entityID=\"https://idp.example.org/metadata\"",
        " entityID=\"https://b.example.org\"",
    );
    let provider = cut(&usual(), "<md:IDPSSODescriptor", "</md:IDPSSODescriptor>").to_owned();
    let cases = [
        (" ".repeat(131_073), NotMetadata::TooLarge),
        ("<md".to_owned(), NotMetadata::NotXml),
        (format!("<!DOCTYPE x>{}", usual()), NotMetadata::NotXml),
        ("<html/>".to_owned(), NotMetadata::NoProvider),
        (list(""), NotMetadata::NoProvider),
        (
            usual().replace("md:IDPSSODescriptor", "md:SPSSODescriptor"),
            NotMetadata::NoProvider,
        ),
        (
            usual().replace("SAML:2.0:protocol", "SAML:1.1:protocol"),
            NotMetadata::NoProvider,
        ),
        (
            usual().replace(&format!(" entityID=\"{IDP}\""), ""),
            NotMetadata::NoProvider,
        ),
        (list(&format!("{}{twice}", usual())), NotMetadata::SeveralProviders),
        (
            usual().replace(&provider, &provider.repeat(2)),
            NotMetadata::SeveralProviders,
        ),
        (
            usual().replace(sso, "SOAP\" Location=\"https://idp.example.org/sso\""),
            NotMetadata::NoAddress,
        ),
        (
            usual().replace(sso, "HTTP-Redirect\" Location=\"javascript:alert(1)\""),
            NotMetadata::Address,
        ),
        (usual().replace(sso, "HTTP-Redirect\""), NotMetadata::Address),
        (described(&[]), NotMetadata::NoCertificate),
        (
            usual().replace("use=\"signing\"", "use=\"encryption\""),
            NotMetadata::NoCertificate,
        ),
        (described(&["AAAA"]), NotMetadata::Certificate(Unfit::Unreadable)),
        (described(&["%"]), NotMetadata::Certificate(Unfit::Unreadable)),
        (
            described(&[&"A".repeat(4_097)]),
            NotMetadata::Certificate(Unfit::TooLong),
        ),
        (described(&[fixture::WEAK]), NotMetadata::Certificate(Unfit::WeakKey)),
        (
            described(&[&text(&IDP_KEY), fixture::WEAK]),
            NotMetadata::Certificate(Unfit::WeakKey),
        ),
    ];
    for (document, why) in cases {
        assert_eq!(IdentityProvider::read(&document), Err(why), "{document:.200}");
    }
}

#[test]
fn what_has_expired_is_not_configured_but_goes_on() {
    let past = NOW.plus(Duration::from_secs(365 * 24 * 3600));
    assert_eq!(IdentityProvider::configured(&usual(), past), Err(NotMetadata::Expired));
    let unlimited = usual().replace(" validUntil=\"2026-06-01T00:00:00Z\"", "");
    assert!(IdentityProvider::configured(&unlimited, past).is_ok());
    let ended = NOW.plus(CERTIFICATE_LIFE + Duration::from_secs(24 * 3600));
    let expired = Err(NotMetadata::Certificate(Unfit::Expired));
    assert_eq!(IdentityProvider::configured(&unlimited, ended), expired);
    assert_eq!(IdentityProvider::read(&unlimited), Ok(idp()));
}

#[test]
fn of_two_certificates_either_signs() {
    let rotated = IdentityProvider::configured(&described(&[&text(&OTHER_KEY), &text(&IDP_KEY)]), NOW).unwrap();
    assert_eq!(rotated.certificates.len(), 2);
    let sp = sp();
    for key in [&*IDP_KEY, &*OTHER_KEY] {
        let signed = Signing::default().sign(&response(), "_a1", key);
        assert!(verified(&posted(&signed), &expected(&sp, &rotated)).is_ok());
    }
    let third = Signing::default().sign(&response(), "_a1", &SP_KEY);
    assert!(verified(&posted(&third), &expected(&sp, &rotated)).is_err());
    // Without a certificate nothing is verified, so nothing is taken.
    let none = IdentityProvider {
        certificates: Vec::new(),
        ..idp()
    };
    assert!(
        verified(
            &posted(&good()),
            &Expected {
                idp: &none,
                ..expected(&sp, &none)
            }
        )
        .is_err()
    );
}

#[test]
fn a_certificate_is_renewed_over_the_same_key() {
    let renewed = SP_KEY.renewed("sp", NOW, Duration::from_secs(1), &SystemRng).unwrap();
    assert_ne!(renewed.certificate, SP_KEY.certificate);
    let message = b"message";
    assert_eq!(renewed.sign(message).unwrap(), SP_KEY.sign(message).unwrap());
    assert_eq!(format!("{renewed:?}"), "Key { .. }");
    let again = Key::new(renewed.certificate.clone(), renewed.private().to_vec().into());
    assert_eq!(again.sign(message), renewed.sign(message));
    assert!(Key::new(Vec::new(), vec![1].into()).sign(message).is_err());
}
