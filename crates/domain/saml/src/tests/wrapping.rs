//! XML signature wrapping, the eight classic variants, and what else puts an unsigned assertion beside a signed one.
//! Reference: oauth-and-federation 17.5.

use crate::testing::*;

/// An assertion for somebody else.
fn evil() -> String {
    assertion().replace("Ana.Example", "admin").replace("_a1", "_evil")
}

/// The signed assertion, its signature, and the assertion without it.
fn parts(xml: &str) -> (String, String, String) {
    let signed = cut(xml, "<saml:Assertion", "</saml:Assertion>").to_owned();
    let signature = cut(&signed, "<ds:Signature ", "</ds:Signature>").to_owned();
    let bare = signed.replace(&signature, "");
    (signed, signature, bare)
}

fn is_refused(xml: &str) {
    assert!(xml.contains("admin"), "the attack is in it");
    judged(xml).expect_err("a wrapped assertion");
}

#[test]
fn a_response_around_the_signed_one_one() {
    let signed = sign(&response(), "_r1");
    let signature = cut(&signed, "<ds:Signature ", "</ds:Signature>").to_owned();
    let original = signed.replace(&signature, "");
    let inside = signature.replace("</ds:Signature>", &format!("{original}</ds:Signature>"));
    let evil = enveloped(&evil()).replace("_r1", "_evil_r");
    is_refused(&evil.replacen("</saml:Issuer>", &format!("</saml:Issuer>{inside}"), 1));
}

#[test]
fn a_response_behind_the_signed_one_two() {
    let signed = sign(&response(), "_r1");
    let signature = cut(&signed, "<ds:Signature ", "</ds:Signature>").to_owned();
    let original = signed.replace(&signature, "");
    let evil = enveloped(&evil()).replace("_r1", "_evil_r");
    is_refused(&evil.replacen("</saml:Issuer>", &format!("</saml:Issuer>{signature}{original}"), 1));
}

#[test]
fn an_assertion_before_the_signed_one_three() {
    let good = good();
    is_refused(&good.replace("<saml:Assertion", &format!("{}<saml:Assertion", evil())));
}

#[test]
fn an_assertion_around_the_signed_one_four() {
    let (signed, ..) = parts(&good());
    let around = evil().replace("</saml:Assertion>", &format!("{signed}</saml:Assertion>"));
    is_refused(&enveloped(&around));
}

#[test]
fn an_assertion_with_the_signature_of_the_one_behind_five() {
    let (_, signature, bare) = parts(&good());
    let evil = evil().replacen("</saml:Issuer>", &format!("</saml:Issuer>{signature}"), 1);
    is_refused(&enveloped(&format!("{evil}{bare}")));
}

#[test]
fn the_signed_one_inside_the_signature_six() {
    let (_, signature, bare) = parts(&good());
    let inside = signature.replace("</ds:Signature>", &format!("{bare}</ds:Signature>"));
    is_refused(&enveloped(&evil().replacen(
        "</saml:Issuer>",
        &format!("</saml:Issuer>{inside}"),
        1,
    )));
}

#[test]
fn the_signed_one_inside_extensions_seven() {
    let (signed, ..) = parts(&good());
    let extensions = format!("<samlp:Extensions>{signed}</samlp:Extensions>");
    is_refused(&enveloped(&evil()).replacen("<samlp:Status>", &format!("{extensions}<samlp:Status>"), 1));
    // With the same ID, too.
    let same = evil().replace("_evil", "_a1");
    is_refused(&enveloped(&same).replacen("<samlp:Status>", &format!("{extensions}<samlp:Status>"), 1));
}

#[test]
fn the_signed_one_inside_an_object_eight() {
    let (_, signature, bare) = parts(&good());
    let object = format!("<ds:Object>{bare}</ds:Object></ds:Signature>");
    let inside = signature.replace("</ds:Signature>", &object);
    is_refused(&enveloped(&evil().replacen(
        "</saml:Issuer>",
        &format!("</saml:Issuer>{inside}"),
        1,
    )));
}

#[test]
fn ids_are_unique_in_whatever_spelling() {
    let (_, signature, _) = parts(&good());
    let evil = evil().replace("_evil", "_a1");
    let evil = evil.replacen("</saml:Issuer>", &format!("</saml:Issuer>{signature}"), 1);
    let (.., bare) = parts(&good());
    is_refused(&enveloped(&format!("{evil}<x>{bare}</x>")));
    let good = good();
    for name in ["Id", "id", "AssertionID", "xml:id", "ID"] {
        let twice = good.replace("<samlp:Status>", &format!("<samlp:Status {name}=\"_a1\">"));
        assert!(judged(&twice).is_err(), "{name}");
    }
}

#[test]
fn two_assertions_are_refused_even_if_both_are_signed() {
    let second = assertion().replace("_a1", "_a2");
    let xml = enveloped(&format!("{}{second}", assertion()));
    assert_eq!(
        judged(&sign(&xml, "_r1")).unwrap_err(),
        "Responses must contain exactly one Assertion"
    );
}

#[test]
fn an_assertion_of_another_name_or_place_is_none() {
    let renamed = good().replace("saml:Assertion", "saml:assertion");
    assert_eq!(
        judged(&renamed).unwrap_err(),
        "Responses must contain exactly one Assertion"
    );
    let elsewhere = response().replace("<saml:Assertion", "<samlp:Extensions><saml:Assertion");
    let elsewhere = elsewhere.replace("</saml:Assertion>", "</saml:Assertion></samlp:Extensions>");
    assert_eq!(
        judged(&sign(&elsewhere, "_r1")).unwrap_err(),
        "Responses must contain exactly one Assertion"
    );
    let advice = format!("<saml:Advice>{}</saml:Advice><saml:AuthnStatement ", evil());
    let advised = response().replace("<saml:AuthnStatement ", &advice);
    assert_eq!(
        judged(&sign(&advised, "_a1")).unwrap_err(),
        "Responses must contain exactly one Assertion"
    );
}
