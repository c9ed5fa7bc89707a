//! One request, spelled in several ways: what is the same and what is not.

use super::{
    Request, SECRET, noon,
    refusals::{s3_rules, sts_rules},
    signer,
};
use crate::{Error, Rules};

#[test]
fn other_spellings_of_the_same_request_are_accepted() {
    let sent = "/bucket/us-east-1%3A1111/it%27s%20%28a%29%2Bb";
    let mut s3 = Request::new(
        "GET",
        &format!("{sent}?list-type=2&prefix=a%20b%2F"),
        &[("host", "localhost")],
        b"",
    );
    s3.sign(&signer("s3", None), noon());
    s3.path = "/bucket/us-east-1:1111/it's%20(a)%2bb".to_owned();
    s3.query = "prefix=a+b/&list-type=2".to_owned();
    assert!(s3.verify(SECRET, &s3_rules()).is_ok());
    s3.query = "prefix=a%2Bb/&list-type=2".to_owned();
    assert!(matches!(s3.verify(SECRET, &s3_rules()), Err(Error::Mismatch(_))));

    let mut api = Request::new("GET", "/prod/it%27s%3A1?b&a=1", &[("host", "localhost")], b"");
    api.sign(&signer("execute-api", None), noon());
    let rules = Rules::service("execute-api", noon());
    for path in [
        "/prod/it%27s%3A1",
        "/prod/./it%27s%3A1",
        "//prod/x/../it%27s%3A1",
        "/prod/it's:1",
    ] {
        let other = Request {
            path: path.to_owned(),
            ..api.clone()
        };
        assert!(other.verify(SECRET, &rules).is_ok(), "{path}");
    }
    let slash = Request {
        path: "/prod/it%27s%3A1%2F".to_owned(),
        ..api.clone()
    };
    assert!(matches!(slash.verify(SECRET, &rules), Err(Error::Mismatch(_))));
}

/// A plus in a query means a blank to whoever acts on it, and so it does to the signature: what was signed as a plus can't be
/// made one, nor the other way round.
#[test]
fn a_plus_is_not_exchanged_for_a_blank() {
    for (service, rules) in [("s3", s3_rules()), ("sts", sts_rules())] {
        for (signed, sent, same) in [
            ("a=x%2By", "a=x+y", false),
            ("a=x%20y", "a=x%2By", false),
            ("a=x%20y", "a=x+y", true),
            ("a=x%2By", "a=x%2by", true),
        ] {
            let mut request = Request::new("GET", &format!("/?{signed}"), &[("host", "localhost")], b"");
            request.sign(&signer(service, None), noon());
            request.query = sent.to_owned();
            let outcome = request.verify(SECRET, &rules);
            assert_eq!(outcome.is_ok(), same, "{service} {signed} {sent}");
        }
    }
}
