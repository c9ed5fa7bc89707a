//! AWS's published signing cases (`cases.json` says where they come from), each in header and presigned form.

use serde_json::Value;

use super::{Request, at};
use crate::{
    Authorization, Canon, Form, Payload, Rules, Secret, SigningKey, canonical, canonical::Reading, string_to_sign,
};

struct Case {
    name: String,
    canon: Canon,
    secret: String,
    request: Request,
    canonical: String,
    string_to_sign: String,
    signature: String,
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

fn cases() -> Vec<Case> {
    let all: Value = serde_json::from_str(include_str!("cases.json")).unwrap();
    let mut out = Vec::new();
    for case in all["cases"].as_array().unwrap() {
        for form in ["header", "query"] {
            let data = &case[form];
            let headers: Vec<(String, String)> = serde_json::from_value(data["headers"].clone()).unwrap();
            let headers: Vec<(&str, &str)> = headers.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
            out.push(Case {
                name: format!("{} ({form})", text(&case["name"])),
                canon: if case["canon"] == "standard" {
                    Canon::Standard
                } else {
                    Canon::S3
                },
                secret: text(&case["secret"]),
                request: Request::new(
                    &text(&data["method"]),
                    &text(&data["target"]),
                    &headers,
                    text(&data["body"]).as_bytes(),
                ),
                canonical: text(&data["canonical"]),
                string_to_sign: text(&data["string_to_sign"]),
                signature: text(&data["signature"]),
            });
        }
    }
    assert_eq!(out.len(), 76);
    out
}

fn rules() -> Rules<'static> {
    Rules::service("service", at("20150830T123600Z"))
}

impl Case {
    /// The cases that aren't normalised are of no service's kind: S3's paths without S3's headers. Their texts are
    /// compared, but no endpoint verifies such a request.
    fn is_verifiable(&self) -> bool {
        self.canon == Canon::Standard
    }
}

#[test]
fn canonical_requests_strings_to_sign_and_signatures_are_aws_s() {
    for case in cases() {
        let found = case.request.find().unwrap();
        let (parts, content) = (case.request.parts(), crate::ContentHash::of(&case.request.body).text());
        let readings = [
            vec![Reading::usual(case.canon)],
            Reading::others(case.canon, &parts, found.form()),
        ]
        .concat();
        let texts: Vec<String> = readings
            .into_iter()
            .map(|reading| found.canonical_request(&parts, case.canon, &content, reading).unwrap())
            .collect();
        assert!(
            texts.contains(&case.canonical),
            "{}: {texts:#?}\nlacks\n{}",
            case.name,
            case.canonical
        );
        assert_eq!(
            string_to_sign(found.stamp, &found.scope, &case.canonical),
            case.string_to_sign,
            "{}",
            case.name
        );
        let key = SigningKey::derive(&Secret::new(case.secret.as_str()), &found.scope);
        assert_eq!(key.sign(&case.string_to_sign), case.signature, "{}", case.name);
        assert_eq!(found.signature(), case.signature, "{}", case.name);
    }
}

#[test]
fn verification_accepts_every_case_and_no_other_secret() {
    for case in cases().into_iter().filter(Case::is_verifiable) {
        let Case {
            name, request, secret, ..
        } = case;
        assert!(
            request.verify(&secret, &rules()).is_ok(),
            "{name}: {:?}",
            request.verify(&secret, &rules())
        );
        let other = request.verify("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEZ", &rules());
        assert!(matches!(other, Err(crate::Error::Mismatch(_))), "{name}: {other:?}");
    }
}

/// Every text that is `text` with one bit of one letter or digit changed. Punctuation is left alone because a changed one
/// may be the same request: `/./` and `///`.
fn with_a_bit_flipped(text: &str) -> Vec<String> {
    let flip = |nth: usize, bit: u8| {
        let mut bytes = text.as_bytes().to_vec();
        bytes[nth] ^= bit;
        String::from_utf8(bytes).unwrap()
    };
    let letters = text.bytes().enumerate().filter(|(_, b)| b.is_ascii_alphanumeric());
    letters
        .flat_map(|(nth, _)| [1, 2, 4].map(|bit| flip(nth, bit)))
        .collect()
}

#[test]
fn verification_refuses_every_case_with_one_bit_changed_anywhere() {
    let mut tried = 0;
    for case in cases().into_iter().filter(Case::is_verifiable) {
        let original = case.request;
        let signed = original.find().unwrap();
        let mut changed = Vec::new();
        for method in with_a_bit_flipped(&original.method) {
            changed.push(Request {
                method,
                ..original.clone()
            });
        }
        let normalises_away = case.canonical.lines().nth(1) == Some("/");
        for path in with_a_bit_flipped(&original.path)
            .into_iter()
            .filter(|_| !normalises_away)
        {
            changed.push(Request {
                path,
                ..original.clone()
            });
        }
        let token_unsigned = case.name.starts_with("post-sts-header-after");
        for query in with_a_bit_flipped(&original.query)
            .into_iter()
            .filter(|_| !token_unsigned)
        {
            changed.push(Request {
                query,
                ..original.clone()
            });
        }
        for (name, value) in &original.headers {
            if !signed.signs(name.as_str()) && name != "authorization" {
                continue;
            }
            for value in with_a_bit_flipped(std::str::from_utf8(value.as_bytes()).unwrap()) {
                let mut request = original.clone();
                request.set(name.as_str(), &value);
                changed.push(request);
            }
        }
        for nth in 0..original.body.len() {
            let mut request = original.clone();
            request.body[nth] ^= 1;
            changed.push(request);
        }
        for request in changed {
            tried += 1;
            // In the header form the signature doesn't cover the key's name: another name has another secret.
            let found = Authorization::find(&request.parts()).ok().flatten();
            let other_key = found.is_some_and(|found| found.access_key != signed.access_key);
            let refused = other_key || request.verify(&case.secret, &rules()).is_err();
            assert!(refused, "{}: accepted {request:#?}", case.name);
        }
    }
    assert!(tried > 40_000, "{tried}");
}

/// Two further cases of the suite, of which only the canonical path is whole.
#[test]
fn escaped_paths_are_escaped_again() {
    for (path, expected) in [
        (
            "/test/@connections/JBDvjfGEIAMCERw%3D",
            "/test/%40connections/JBDvjfGEIAMCERw%253D",
        ),
        (
            "/2015-03-31/functions/arn%3Aaws%3Alambda%3Aus-west-2%3A892717189312%3Afunction%3Amy-rusty-fun/invocations",
            "/2015-03-31/functions/arn%253Aaws%253Alambda%253Aus-west-2%253A892717189312%253Afunction%253Amy-rusty-fun\
             /invocations",
        ),
    ] {
        let request = Request::new("POST", path, &[("host", "example.amazonaws.com")], b"");
        let usual = Reading::usual(Canon::Standard);
        let signed = (Form::Header, "host");
        let canonical = canonical::request(&request.parts(), Canon::Standard, signed, "", usual).unwrap();
        assert_eq!(canonical.lines().nth(1), Some(expected));
    }
}

#[test]
fn a_body_not_read_yet_is_checked_later() {
    for case in cases()
        .into_iter()
        .filter(|case| case.name.starts_with("post-x-www-form-urlencoded (header)"))
    {
        let found = case.request.find().unwrap();
        let secret = Secret::new(case.secret);
        let verified = found
            .verify(&case.request.parts(), &secret, Payload::Unread, &rules())
            .unwrap();
        assert_eq!(verified.body, crate::BodyCheck::Sha256(crate::sha256(b"Param1=value1")));
    }
}
