//! What holds of whatever is sent: readers answer or refuse, and nothing that was refused comes out at the other end.

use proptest::{collection::vec, prelude::*};

use crate::{Parameters, Redirect, Response, authorize::admission::without_port};

fn pairs() -> impl Strategy<Value = Vec<(String, String)>> {
    vec((".{0,12}", ".{0,40}"), 0..8)
}

/// Pieces of which forms are made, and their like.
fn form() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("client_id=".to_owned()),
        Just("&".to_owned()),
        Just("=".to_owned()),
        Just("%".to_owned()),
        Just("%f".to_owned()),
        "%[0-9a-fA-F]{2}",
        Just("+".to_owned()),
        ".{0,6}",
    ];
    vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_encoded_is_read_back(pairs in pairs()) {
        let given = Parameters::of(pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        let text = given.encoded();
        prop_assert!(text.bytes().all(|b| b.is_ascii_graphic()), "{text}");
        // Of a pair that says nothing at all only its `=` is there.
        prop_assert_eq!(Parameters::parse(&text), Ok(given));
    }

    #[test]
    fn forms_are_read_or_refused(text in form()) {
        let Ok(read) = Parameters::parse(&text) else { return Ok(()) };
        // What is read is no longer than what came, and each is as it was said first.
        let length: usize = read.iter().map(|(name, value)| name.len() + value.len()).sum();
        prop_assert!(length <= text.len());
        let names: Vec<&str> = read.iter().map(|(name, _)| name).collect();
        for (name, value) in read.iter() {
            let times = names.iter().filter(|known| **known == name).count();
            prop_assert_eq!(read.repeats(name), times > 1);
            prop_assert!(read.repeats(name) || read.get(name) == Some(value));
        }
        let again = Parameters::parse(&read.encoded());
        prop_assert_eq!(again, Ok(read));
    }

    #[test]
    fn an_answer_leads_where_it_was_to(
        uri in "(https://[a-z]{1,9}\\.example|myapp:)/[a-z]{0,9}(\\?[a-z]{1,5}=[a-z]{0,5})?",
        members in pairs(),
        is_query in any::<bool>(),
    ) {
        let response = if is_query { Response::Query } else { Response::Fragment };
        let location = Redirect { uri: uri.clone(), response, members: members.clone() }.location();
        let rest = location.strip_prefix(&uri).ok_or_else(|| TestCaseError::fail(location.clone()))?;
        prop_assert!(rest.bytes().all(|b| b.is_ascii_graphic()), "{rest}");
        let (mark, said) = rest.split_at(1);
        let marks: &[&str] = if is_query { &["?", "&"] } else { &["#"] };
        prop_assert!(marks.contains(&mark), "{mark}");
        let read = Parameters::parse(said).unwrap();
        let read: Vec<_> = read.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        prop_assert_eq!(read, members);
    }

    /// An address of this machine at another port is the same but for the port; of any other nothing is cut.
    #[test]
    fn ports_are_of_this_machine(
        host in prop_oneof![
            Just("http://127.0.0.1"), Just("http://localhost"), Just("http://[::1]"), Just("https://localhost"), Just("http://localhost.evil"),
            Just("http://evil"), Just("http://localhost@evil"),
        ],
        port in prop_oneof!["", ":[0-9]{1,6}", ":.{0,8}"],
        path in prop_oneof!["", "/[a-z]{0,5}", "\\?x", ".{0,8}"],
    ) {
        let uri = format!("{host}{port}{path}");
        if let Some((found, rest)) = without_port(&uri) {
            prop_assert!(["http://127.0.0.1", "http://localhost", "http://[::1]"].contains(&found));
            prop_assert!(rest.is_empty() || rest.starts_with(['/', '?']), "{uri}");
            let port = uri.strip_prefix(found).and_then(|cut| cut.strip_suffix(rest)).unwrap();
            prop_assert!(port.is_empty() || port[1..].parse::<u16>().is_ok(), "{uri}");
        }
    }
}
