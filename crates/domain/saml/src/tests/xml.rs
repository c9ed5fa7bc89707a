//! XML that nobody needs and attackers like. Reference: oauth-and-federation 17.5.

use crate::{testing::*, verified};

const UNREADABLE: &str = "SAML message is not readable";

fn is_unreadable(xml: &str, why: &str) {
    assert_eq!(judged(xml).unwrap_err(), UNREADABLE);
    assert_eq!(because(xml), why);
}

#[test]
fn dtds_and_entities() {
    let forbidden = "it has a DTD or a processing instruction";
    let dtd = "<!DOCTYPE samlp:Response [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">]>";
    is_unreadable(&format!("{dtd}{}", good().replace("Ana.Example", "&b;")), forbidden);
    let external = "<!DOCTYPE r SYSTEM \"http://evil.example.com/x.dtd\">";
    is_unreadable(&format!("{external}{}", good()), forbidden);
    let xxe = "<?xml version=\"1.0\"?><!DOCTYPE r [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>";
    is_unreadable(&format!("{xxe}{}", good().replace("Ana.Example", "&x;")), forbidden);
    is_unreadable(
        &good().replace("Ana.Example", "&x;"),
        "an entity that is not one of the five",
    );
    is_unreadable(&good().replace("Ana.Example", "<!doctype x>"), forbidden);
    is_unreadable(
        &good().replace("\"_s1\"", "\"&x;\""),
        "an entity that is not one of the five",
    );
}

#[test]
fn processing_instructions_and_other_encodings() {
    let forbidden = "it has a DTD or a processing instruction";
    is_unreadable(
        &format!("<?xml-stylesheet href=\"http://evil.example.com\"?>{}", good()),
        forbidden,
    );
    is_unreadable(&good().replace("Ana.Example", "Ana<?x?>.Example"), forbidden);
    is_unreadable(
        &format!("<?xml version=\"1.0\" encoding=\"UTF-7\"?>{}", good()),
        forbidden,
    );
    is_unreadable(&format!("<?xml version=\"1.1\"?>{}", good()), forbidden);
    assert!(
        judged(&format!(
            "\u{FEFF}<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}\n",
            good()
        ))
        .is_ok()
    );
}

#[test]
fn an_inclusion_is_an_element_like_others() {
    let include =
        "<xi:include xmlns:xi=\"http://www.w3.org/2001/XInclude\" href=\"file:///etc/passwd\" parse=\"text\"/>";
    let xml = sign(&response().replace("ana@example.com", &format!("ana{include}")), "_a1");
    assert_eq!(judged(&xml).unwrap().attributes["email"], ["ana"]);
    let schema = "<saml:Attribute xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:schemaLocation=\"urn:x http://evil.example.com/x.xsd\" Name=\"email\">";
    let xml = response().replace("<saml:Attribute Name=\"email\">", schema);
    assert_eq!(
        judged(&sign(&xml, "_a1")).unwrap().attributes["email"],
        ["ana@example.com"]
    );
}

#[test]
fn deep_wide_and_huge_documents() {
    let limits = "it is larger or deeper than documents are";
    let deep = format!("{}{}", "<x>".repeat(5_000), "</x>".repeat(5_000));
    is_unreadable(
        &good().replace("<samlp:Status>", &format!("{deep}<samlp:Status>")),
        limits,
    );
    is_unreadable(
        &good().replace("<samlp:Status>", &format!("{}<samlp:Status>", "<x/>".repeat(5_000))),
        limits,
    );
    let many: Vec<String> = (0..65).map(|n| format!(" a{n}=\"\"")).collect();
    let many = many.concat();
    is_unreadable(
        &good().replace("<samlp:Status>", &format!("<x{many}/><samlp:Status>")),
        limits,
    );
    // A long namespace would be written anew at each of its elements.
    let long = format!("<x xmlns:p=\"urn:{}\"/><samlp:Status>", "x".repeat(300));
    is_unreadable(&good().replace("<samlp:Status>", &long), limits);
    let bound: Vec<String> = (0..40).map(|n| format!(" xmlns:p{n}=\"urn:{n}\"")).collect();
    let bound = format!("<x{0}><x{0}/></x><samlp:Status>", bound.concat());
    is_unreadable(&good().replace("<samlp:Status>", &bound), limits);
    let huge = good().replace(
        "<samlp:Status>",
        &format!("<!--{}--><samlp:Status>", "x".repeat(75_000)),
    );
    is_unreadable(&huge, "it is longer than 100 000 characters");
}

#[test]
fn what_is_no_xml_and_no_base64() {
    let (sp, idp) = (sp(), idp());
    let judged = |body: &str| verified(body, &expected(&sp, &idp)).unwrap_err().because().to_owned();
    assert_eq!(judged("%"), "it is no base64");
    assert_eq!(judged("/w=="), "it is not UTF-8");
    assert_eq!(judged(""), "it is not well-formed");
    for broken in [
        "<a>",
        "<a></b>",
        "<a/><b/>",
        "a<a/>",
        "<p:a/>",
        "<a b='1' b='2'/>",
        "<a>\u{1}</a>",
        "<a>&#0;</a>",
        "<a xmlns:p='u' xmlns:q='u' p:x='' q:x=''/>",
        "<a xmlns:p=''/>",
        "<a xmlns:xml='u'/>",
    ] {
        assert_eq!(judged(&posted(broken)), "it is not well-formed", "{broken}");
    }
    // Line ends within base64 and missing padding are as forms bring them.
    let folded: String =
        posted(&good())
            .trim_end_matches('=')
            .chars()
            .enumerate()
            .fold(String::new(), |mut out, (at, c)| {
                if at % 76 == 75 {
                    out.push_str("\r\n");
                }
                out.push(c);
                out
            });
    assert!(verified(&folded, &expected(&sp, &idp)).is_ok());
}
