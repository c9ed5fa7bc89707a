//! Whatever is sent, nothing panics, and nothing that was changed is taken for what it was not.

use proptest::prelude::*;

use crate::{Expected, ExpectedLogout, IdentityProvider, logout_request, logout_response, testing::*, verified};

/// Pieces that documents are made of, in any order.
fn pieces() -> impl Strategy<Value = String> {
    let good = good();
    let tags: Vec<String> = good.split_inclusive('>').map(str::to_owned).collect();
    let odd = [
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "<?x?>",
        "&#x0;",
        "&lt;",
        "\u{0}",
        "<a xmlns:a=''>",
        "<:a/>",
        "<a:/>",
        "xmlns=\"\"",
    ];
    let odd = odd.iter().map(|piece| (*piece).to_owned());
    let all: Vec<String> = tags.into_iter().chain(odd).collect();
    prop::collection::vec(prop::sample::select(all), 0..60).prop_map(|pieces| pieces.concat())
}

fn all_doors(message: &str) -> bool {
    let (sp, idp) = (sp(), idp());
    let expected = expected(&sp, &idp);
    let logout = ExpectedLogout {
        sp: &sp,
        idp: &idp,
        now: NOW,
        allow_sha1: true,
    };
    let encrypted = Expected {
        decryption: Some(&SP_KEY),
        allow_sha1: true,
        ..expected
    };
    let _ = IdentityProvider::configured(message, NOW);
    let taken = [
        verified(message, &expected).is_ok(),
        verified(message, &encrypted).is_ok(),
        logout_request(message, &logout).is_ok(),
        logout_response(message, REQUEST, &logout).is_ok(),
    ];
    taken.contains(&true)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_bytes(bytes: Vec<u8>) {
        let base64 = base64::Engine::encode(&base64::prelude::BASE64_STANDARD, &bytes);
        prop_assert!(!all_doors(&base64));
        prop_assert!(!all_doors(&String::from_utf8_lossy(&bytes)));
    }

    #[test]
    fn any_pieces(xml in pieces()) {
        prop_assert!(!all_doors(&posted(&xml)) || xml.contains("Ana.Example"));
    }

    #[test]
    fn any_byte_changed(at in any::<prop::sample::Index>(), to in any::<u8>()) {
        let good = good();
        let mut bytes = good.clone().into_bytes();
        let at = at.index(bytes.len());
        bytes[at] = to;
        let message = base64::Engine::encode(&base64::prelude::BASE64_STANDARD, &bytes);
        let (sp, idp) = (sp(), idp());
        if let Ok(assertion) = verified(&message, &expected(&sp, &idp)) {
            prop_assert_eq!(assertion, judged(&good).unwrap());
        }
    }
}
