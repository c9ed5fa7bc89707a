//! What identity providers send.

use kernel::Timestamp;

use crate::{Assertion, testing::*};

#[test]
fn a_signed_assertion_vouches_for_somebody() {
    let assertion = judged(&good()).unwrap();
    let attributes = [("email", vec!["ana@example.com"]), ("groups", vec!["a", "b"])];
    let owned = |(name, values): (&str, Vec<&str>)| (name.to_owned(), values.into_iter().map(str::to_owned).collect());
    assert_eq!(
        assertion,
        Assertion {
            name_id: "Ana.Example".to_owned(),
            format: Some("urn:oasis:names:tc:SAML:2.0:nameid-format:persistent".to_owned()),
            session_index: Some("_s1".to_owned()),
            attributes: attributes.into_iter().map(owned).collect(),
            id: "_a1".to_owned(),
            // NotOnOrAfter and the skew: 12:08.
            until: Timestamp::from_secs(NOW.secs() + 8 * 60),
            issuer: IDP.to_owned(),
            level: Some("urn:oasis:names:tc:SAML:2.0:ac:classes:Password".to_owned()),
        }
    );
}

#[test]
fn a_signed_response_does_too_and_both_signatures() {
    let alone = judged(&sign(&response(), "_r1")).unwrap();
    let both = judged(&sign(&good(), "_r1")).unwrap();
    assert_eq!(alone, both);
    assert_eq!(alone, judged(&good()).unwrap());
}

#[test]
fn other_digests_and_prefix_lists_are_taken() {
    let listed = format!(
        r#"<ds:Transform Algorithm="{}"/><ds:Transform Algorithm="{}"><ec:InclusiveNamespaces xmlns:ec="{1}" PrefixList="xs"/></ds:Transform>"#,
        crate::names::ENVELOPED,
        crate::names::EXCLUSIVE
    );
    let signing = Signing {
        method: "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512".to_owned(),
        digest: "http://www.w3.org/2001/04/xmlenc#sha512".to_owned(),
        transforms: listed,
        ..Signing::default()
    };
    let with_xs = response().replace(
        "<saml:Assertion ",
        "<saml:Assertion xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" ",
    );
    assert_eq!(
        judged(&signing.sign(&with_xs, "_a1", &IDP_KEY)).unwrap().name_id,
        "Ana.Example"
    );
}

#[test]
fn what_is_signed_is_read_whole_across_comments_and_cdata() {
    let commented = response().replace("Ana.Example", "admin@x<!-- a -->.evil<![CDATA[&]]>&amp;");
    assert_eq!(judged(&sign(&commented, "_a1")).unwrap().name_id, "admin@x.evil&&");
    // Canonical XML has no comments: one that comes later doesn't break the signature, nor does it cut the name.
    let later = sign(&response(), "_a1").replace("Ana.Example", "Ana<!---->.Example");
    assert_eq!(judged(&later).unwrap().name_id, "Ana.Example");
    let value = response().replace("ana@example.com", "ana@example.com<!-- -->.evil");
    assert_eq!(
        judged(&sign(&value, "_a1")).unwrap().attributes["email"],
        ["ana@example.com.evil"]
    );
}

#[test]
fn a_name_keeps_its_letters_and_may_have_no_format() {
    let xml = response().replace(" Format=\"urn:oasis:names:tc:SAML:2.0:nameid-format:persistent\"", "");
    let assertion = judged(&sign(&xml.replace("Ana.Example", "ÄNA"), "_a1")).unwrap();
    assert_eq!((assertion.name_id.as_str(), assertion.format), ("ÄNA", None));
}

#[test]
fn the_first_of_several_statements_is_the_session() {
    let more =
        r#"<saml:AuthnStatement AuthnInstant="2026-03-01T12:00:00Z" SessionIndex="_s2"/><saml:AttributeStatement>"#;
    let xml = response().replace("<saml:AttributeStatement>", more);
    assert_eq!(
        judged(&sign(&xml, "_a1")).unwrap().session_index.as_deref(),
        Some("_s1")
    );
}

#[test]
fn attributes_of_one_name_are_one() {
    let more = r#"<saml:Attribute Name="groups"><saml:AttributeValue>c</saml:AttributeValue></saml:Attribute></saml:AttributeStatement>"#;
    let xml = response().replace("</saml:AttributeStatement>", more);
    assert_eq!(
        judged(&sign(&xml, "_a1")).unwrap().attributes["groups"],
        ["a", "b", "c"]
    );
}

#[test]
fn attributes_have_limits() {
    let with = |value: &str| judged(&sign(&response().replace("ana@example.com", value), "_a1"));
    assert!(with(&"é".repeat(2048)).is_ok());
    assert_eq!(
        with(&"é".repeat(2049)).unwrap_err(),
        "The value of the attribute email must have a length less than or equal to 2048 characters"
    );
    assert_eq!(
        with("Ana 😀").unwrap_err(),
        "Invalid user attributes: email: The attribute email has characters that are not supported"
    );
}
