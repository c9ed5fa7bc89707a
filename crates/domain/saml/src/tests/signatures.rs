//! Signatures that don't count. Reference: oauth-and-federation 11.3 (3), 17.5.

use crate::{
    names::{DSIG, ENVELOPED, EXCLUSIVE},
    testing::*,
    tests::fixture,
    verified,
};

const INVALID: &str = "SAML Response signature is invalid";

fn is_invalid(xml: &str) {
    assert_eq!(judged(xml).unwrap_err(), INVALID);
}

/// Signed as `signing` says, and refused because of `why`.
fn is_unfit(signing: &Signing, why: &str) {
    let signed = signing.sign(&response(), "_a1", &IDP_KEY);
    is_invalid(&signed);
    assert!(because(&signed).contains(why), "{}", because(&signed));
}

#[test]
fn an_unsigned_response() {
    is_invalid(&response());
    assert_eq!(because(&response()), "nothing is signed");
}

#[test]
fn a_signature_that_was_removed() {
    let good = good();
    let signature = cut(&good, "<ds:Signature ", "</ds:Signature>");
    is_invalid(&good.replace(signature, ""));
}

#[test]
fn whatever_is_changed_under_a_signature() {
    for (from, to) in [
        ("Ana.Example", "Eva.Example"),
        ("ana@example.com", "eva@example.com"),
        ("<saml:AttributeValue>a<", "<saml:AttributeValue>admin<"),
        ("2026-03-01T12:05:00Z", "2027-03-01T12:05:00Z"),
        ("SessionIndex=\"_s1\"", "SessionIndex=\"_s2\""),
    ] {
        is_invalid(&good().replace(from, to));
    }
}

#[test]
fn a_signature_over_another_document() {
    let other = sign(&response().replace("Ana.Example", "Eva.Example"), "_a1");
    let signature = cut(&other, "<ds:Signature ", "</ds:Signature>");
    is_invalid(&response().replacen(
        "</saml:Issuer><saml:Subject>",
        &format!("</saml:Issuer>{signature}<saml:Subject>"),
        1,
    ));
}

#[test]
fn a_signed_response_whose_reference_points_elsewhere() {
    // The signature of an element beside the assertion, which itself is not signed.
    let status = response().replace(
        "<samlp:Status>",
        "<samlp:Status ID=\"_st\"><saml:Issuer xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"></saml:Issuer>",
    );
    is_invalid(&sign(&status, "_st"));
    let good = good();
    is_invalid(&good.replace("URI=\"#_a1\"", "URI=\"\""));
    is_invalid(&good.replace("URI=\"#_a1\"", "URI=\"#_r1\""));
    is_invalid(&good.replace(" URI=\"#_a1\"", ""));
    is_invalid(&good.replace("URI=\"#_a1\"", "URI=\"#xpointer(id('_a1'))\""));
    is_invalid(&good.replace("URI=\"#_a1\"", "URI=\"file:///etc/passwd\""));
    is_invalid(&good.replace("URI=\"#_a1\"", "URI=\"cid:_a1\""));
}

#[test]
fn a_key_that_the_document_brings_itself() {
    let certificate = base64::Engine::encode(&base64::prelude::BASE64_STANDARD, &OTHER_KEY.certificate);
    let key_info = format!(
        "<ds:KeyInfo><ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>"
    );
    let signing = Signing {
        key_info,
        ..Signing::default()
    };
    is_invalid(&signing.sign(&response(), "_a1", &OTHER_KEY));
    // What it says of its key is nothing to us either way.
    assert!(judged(&signing.sign(&response(), "_a1", &IDP_KEY)).is_ok());
}

#[test]
fn hmac_with_the_public_key() {
    let hmac = Signing {
        method: "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256".to_owned(),
        ..Signing::default()
    };
    let signed = hmac.sign_with(&response(), "_a1", hmac_with_public_key());
    is_invalid(&signed);
    assert!(because(&signed).contains("algorithm"));
}

#[test]
fn sha1_unless_it_is_allowed() {
    let (sp, idp) = (sp(), fixture::idp());
    let mut expected = fixture::expected(&sp, &idp);
    let response = posted(fixture::SHA1);
    assert_eq!(verified(&response, &expected).unwrap_err().reason(), INVALID);
    expected.allow_sha1 = true;
    assert_eq!(verified(&response, &expected).unwrap().name_id, "Ana.Example");
}

#[test]
fn a_digest_with_sha1() {
    let digest = "http://www.w3.org/2000/09/xmldsig#sha1".to_owned();
    is_unfit(
        &Signing {
            digest,
            ..Signing::default()
        },
        "algorithm",
    );
}

#[test]
fn other_canonicalizations() {
    for named in [
        "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
        "http://www.w3.org/2001/10/xml-exc-c14n#WithComments",
    ] {
        let canonicalization = named.to_owned();
        is_unfit(
            &Signing {
                canonicalization,
                ..Signing::default()
            },
            "algorithm",
        );
        let transforms = format!(r#"<ds:Transform Algorithm="{ENVELOPED}"/><ds:Transform Algorithm="{named}"/>"#);
        is_unfit(
            &Signing {
                transforms,
                ..Signing::default()
            },
            "algorithm",
        );
    }
}

#[test]
fn transforms_by_xslt_and_xpath_and_too_few() {
    let usual = Signing::default().transforms;
    let xpath = r#"<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116"><ds:XPath>not(ancestor-or-self::ds:Signature)</ds:XPath></ds:Transform>"#;
    let with = |transforms: String| Signing {
        transforms,
        ..Signing::default()
    };
    is_unfit(&with(format!("{xpath}{usual}")), "algorithm");
    is_unfit(
        &with(format!(r#"{xpath}<ds:Transform Algorithm="{EXCLUSIVE}"/>"#)),
        "parts",
    );
    is_unfit(
        &with(format!(r#"<ds:Transform Algorithm="{ENVELOPED}"/>"#)),
        "algorithm",
    );
    let xslt = r#"<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xslt-19991116"><xsl:stylesheet xmlns:xsl="http://www.w3.org/1999/XSL/Transform" version="1.0"/></ds:Transform>"#;
    for transforms in [format!("{xslt}{usual}"), xslt.to_owned(), format!("{usual}{usual}")] {
        is_invalid(&good().replace(&usual, &transforms));
    }
}

#[test]
fn extra_references_and_objects() {
    let more = format!(
        r##"<ds:Reference URI="#_r1"><ds:Transforms>{}</ds:Transforms><ds:DigestMethod Algorithm="{SHA256}"/><ds:DigestValue></ds:DigestValue></ds:Reference>"##,
        Signing::default().transforms
    );
    is_unfit(
        &Signing {
            more_references: more,
            ..Signing::default()
        },
        "parts",
    );
    let object = "<ds:Object>x</ds:Object>".to_owned();
    is_unfit(
        &Signing {
            object,
            ..Signing::default()
        },
        "parts",
    );
}

#[test]
fn values_that_are_read_in_two_ways() {
    let good = good();
    let digest = cut(&good, "<ds:DigestValue>", "</ds:DigestValue>");
    is_invalid(&good.replace(digest, &digest.replace("<ds:DigestValue>", "<ds:DigestValue><!-- -->")));
    let twice = cut(&good, "<ds:SignedInfo>", "</ds:SignedInfo>");
    is_invalid(&good.replace(twice, &format!("{twice}{twice}")));
    let value = cut(&good, "<ds:SignatureValue>", "</ds:SignatureValue>");
    is_invalid(&good.replace(value, &format!("{value}{value}")));
}

#[test]
fn a_second_signature_that_does_not_hold() {
    let foreign = Signing::default().sign(&good(), "_r1", &OTHER_KEY);
    is_invalid(&foreign);
    let good = good();
    let signature = cut(&good, "<ds:Signature ", "</ds:Signature>");
    is_invalid(&good.replace(signature, &format!("{signature}{signature}")));
}

#[test]
fn a_signature_of_another_namespace_is_none() {
    is_invalid(&good().replace(DSIG, "http://www.w3.org/2000/09/xmldsig"));
}
