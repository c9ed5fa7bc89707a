//! Both ceremonies against an authenticator in software, and everything about them bent.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use testkit::authenticator::{Authenticator, BACKED_UP, BACKUP_ELIGIBLE, Said, USER_PRESENT};

use crate::{
    ALGORITHMS, Assertion, Attachment, Expected, Held, Malformed, Refusal, Registered, Registration, RelyingParty,
    Used, UserVerification, key,
};

const CHALLENGE: &[u8] = b"sixteen bytes !!";
const ORIGIN: &str = "https://login.example.com";

fn relying_party() -> RelyingParty {
    RelyingParty::new("example.com", Vec::new())
}

fn creation() -> Value {
    json!({
        "challenge": BASE64_URL_SAFE_NO_PAD.encode(CHALLENGE),
        "rp": {"id": "example.com"},
        "user": {"id": BASE64_URL_SAFE_NO_PAD.encode("ana")},
    })
}

fn request() -> Value {
    json!({"challenge": BASE64_URL_SAFE_NO_PAD.encode(CHALLENGE), "rpId": "example.com"})
}

fn registered(answer: &Value, user_verification: UserVerification) -> Result<Registered, Refusal> {
    Registration::read(answer)?.verify(&Expected {
        relying_party: &relying_party(),
        challenge: CHALLENGE,
        user_verification,
    })
}

fn used(answer: &Value, made: &Registered, user_verification: UserVerification) -> Result<Used, Refusal> {
    let expected = Expected {
        relying_party: &relying_party(),
        challenge: CHALLENGE,
        user_verification,
    };
    let held = Held {
        public_key: &made.public_key,
        backup_eligible: made.backup_eligible,
    };
    Assertion::read(answer)?.verify(&expected, held)
}

fn preferred(answer: &Value) -> Result<Registered, Refusal> {
    registered(answer, UserVerification::Preferred)
}

#[test]
fn a_credential_is_made_and_used() {
    for mut device in [Authenticator::es256(b"curve"), Authenticator::rs256(b"rsa")] {
        let made = device.create_bent(&creation(), ORIGIN, |said| {
            said.flags |= BACKUP_ELIGIBLE;
            said.aaguid = [7; 16];
            said.transports = vec!["new-fangled", "internal", "usb", "internal"];
        });
        let made = registered(&made, UserVerification::Required).unwrap();
        assert_eq!(made.credential_id, BASE64_URL_SAFE_NO_PAD.encode(&device.id));
        assert_eq!((made.counter, made.aaguid), (1, [7; 16]));
        assert_eq!((made.backup_eligible, made.backed_up), (true, false));
        assert_eq!(made.attachment, Some(Attachment::Platform));
        assert_eq!(made.transports, ["usb", "internal"]);

        let answer = device.sign_bent(&request(), ORIGIN, |said| said.flags |= BACKUP_ELIGIBLE | BACKED_UP);
        let read = Assertion::read(&answer).unwrap();
        assert_eq!(
            (read.credential_id(), read.user_handle()),
            (made.credential_id.as_str(), Some(&b"ana"[..]))
        );
        let expected = Used {
            counter: 2,
            user_verified: true,
            backed_up: true,
        };
        assert_eq!(used(&answer, &made, UserVerification::Required), Ok(expected));
    }
}

#[test]
fn the_users_verification_is_wanted_or_told() {
    let mut device = Authenticator::es256(b"a");
    let unverified = |said: &mut Said| said.flags = USER_PRESENT;
    let answer = device.create_bent(&creation(), ORIGIN, unverified);
    assert_eq!(
        registered(&answer, UserVerification::Required),
        Err(Refusal::UserVerification)
    );
    let made = preferred(&answer).unwrap();
    let answer = device.sign_bent(&request(), ORIGIN, unverified);
    assert_eq!(
        used(&answer, &made, UserVerification::Required),
        Err(Refusal::UserVerification)
    );
    let seen = used(&answer, &made, UserVerification::Preferred).unwrap();
    assert!(!seen.user_verified);
}

type Bend = fn(&mut Said);
type Told = fn(&Refusal) -> bool;

/// What is wrong with an answer of either kind, and what it is called.
const BENT: [(Bend, Told); 10] = [
    (
        |said| said.client_data["challenge"] = json!("AAAA"),
        |r| *r == Refusal::Challenge,
    ),
    (
        |said| said.client_data["type"] = json!("webauthn.else"),
        |r| matches!(r, Refusal::Malformed(_)),
    ),
    (
        |said| said.client_data["origin"] = json!("https://evil.net"),
        |r| *r == Refusal::Origin("https://evil.net".to_owned()),
    ),
    (
        |said| said.client_data["origin"] = json!("http://login.example.com"),
        |r| matches!(r, Refusal::Origin(_)),
    ),
    (
        |said| said.client_data["crossOrigin"] = json!(true),
        |r| matches!(r, Refusal::Origin(_)),
    ),
    (
        |said| said.relying_party = "login.example.com".to_owned(),
        |r| *r == Refusal::RelyingParty,
    ),
    (
        |said| said.flags &= !USER_PRESENT,
        |r| matches!(r, Refusal::NotSupported(_)),
    ),
    (
        |said| said.flags = BACKED_UP | USER_PRESENT,
        |r| matches!(r, Refusal::NotSupported(_)),
    ),
    // The data says that extensions follow, and none do.
    (|said| said.flags |= 0x80, |r| matches!(r, Refusal::Malformed(_))),
    (
        |said| said.client_data = json!("no object"),
        |r| matches!(r, Refusal::Malformed(_)),
    ),
];

#[test]
fn what_is_bent_is_refused() {
    let made = preferred(&Authenticator::es256(b"a").create(&creation(), ORIGIN)).unwrap();
    for (number, (bend, is_right)) in BENT.into_iter().enumerate() {
        let mut device = Authenticator::es256(b"a");
        let refusal = preferred(&device.create_bent(&creation(), ORIGIN, bend)).unwrap_err();
        assert!(is_right(&refusal), "creation {number}: {refusal:?}");
        // The extensions of a signed answer are looked at by nobody; it fails by its signature, which is another key's.
        if number != 8 {
            let refusal = used(
                &device.sign_bent(&request(), ORIGIN, bend),
                &made,
                UserVerification::Preferred,
            );
            let refusal = refusal.unwrap_err();
            assert!(is_right(&refusal), "request {number}: {refusal:?}");
        }
    }
}

#[test]
fn one_ceremony_is_not_the_other() {
    let mut device = Authenticator::es256(b"a");
    let answer = device.create_bent(&creation(), ORIGIN, |said| {
        said.client_data["type"] = json!("webauthn.get");
    });
    assert!(matches!(preferred(&answer), Err(Refusal::Malformed(_))));
    let made = preferred(&device.create(&creation(), ORIGIN)).unwrap();
    let answer = device.sign_bent(&request(), ORIGIN, |said| {
        said.client_data["type"] = json!("webauthn.create");
    });
    let refusal = used(&answer, &made, UserVerification::Preferred);
    assert!(matches!(refusal, Err(Refusal::Malformed(_))));
}

#[test]
fn only_the_key_signs_and_all_of_it() {
    let mut device = Authenticator::es256(b"a");
    let made = preferred(&device.create(&creation(), ORIGIN)).unwrap();
    let other = Authenticator::es256(b"a").sign(&request(), ORIGIN);
    assert_eq!(
        used(&other, &made, UserVerification::Preferred),
        Err(Refusal::Signature)
    );

    let good = device.sign(&request(), ORIGIN);
    let used_bent = |pointer: &str, text: String| {
        let mut bent = good.clone();
        *bent.pointer_mut(pointer).unwrap() = json!(text);
        used(&bent, &made, UserVerification::Preferred)
    };
    let flipped = |pointer: &str, at: usize| {
        let mut bytes = BASE64_URL_SAFE_NO_PAD
            .decode(good.pointer(pointer).unwrap().as_str().unwrap())
            .unwrap();
        bytes[at] ^= 1;
        BASE64_URL_SAFE_NO_PAD.encode(bytes)
    };
    // The counter, which is signed; then the signature.
    for (pointer, at) in [("/response/authenticatorData", 36), ("/response/signature", 20)] {
        let refusal = used_bent(pointer, flipped(pointer, at));
        assert_eq!(refusal, Err(Refusal::Signature), "{pointer}");
    }
    // Client data with other white space says the same and was not signed.
    let client_data = json!({
        "type": "webauthn.get", "challenge": BASE64_URL_SAFE_NO_PAD.encode(CHALLENGE), "origin": ORIGIN, "more": 1,
    });
    let text = BASE64_URL_SAFE_NO_PAD.encode(client_data.to_string());
    assert_eq!(used_bent("/response/clientDataJSON", text), Err(Refusal::Signature));
    assert!(used(&good, &made, UserVerification::Preferred).is_ok());
}

#[test]
fn eligibility_for_backup_does_not_change() {
    let mut device = Authenticator::es256(b"a");
    let made = preferred(&device.create(&creation(), ORIGIN)).unwrap();
    let answer = device.sign_bent(&request(), ORIGIN, |said| said.flags |= BACKUP_ELIGIBLE);
    let refusal = used(&answer, &made, UserVerification::Preferred);
    assert!(matches!(refusal, Err(Refusal::NotSupported(_))));
}

#[test]
fn nobodys_key_is_one() {
    assert_eq!(key::algorithm(Held::NOBODYS_KEY), Ok(ALGORITHMS[0]));
}

#[test]
fn keys_that_could_verify_nothing_are_refused() {
    let bends: [Bend; 6] = [
        // EdDSA; the algorithm of another kind of key; another curve.
        |said| said.public_key[4] = 0x27,
        |said| said.public_key[2] = 0x03,
        |said| said.public_key[6] = 0x02,
        // A point beside the curve.
        |said| *said.public_key.last_mut().unwrap() ^= 1,
        |said| said.public_key = vec![0xa0],
        |said| said.public_key = vec![0x40],
    ];
    for (number, bend) in bends.into_iter().enumerate() {
        let answer = Authenticator::es256(b"a").create_bent(&creation(), ORIGIN, bend);
        let refusal = preferred(&answer).unwrap_err();
        let told = matches!(refusal, Refusal::NotSupported(_) | Refusal::Malformed(_));
        assert!(told, "{number}: {refusal:?}");
    }
    let even =
        Authenticator::rs256(b"a").create_bent(&creation(), ORIGIN, |said| *said.public_key.last_mut().unwrap() = 2);
    assert!(matches!(preferred(&even), Err(Refusal::NotSupported(_))));
}

#[test]
fn what_is_no_answer_is_malformed() {
    let good = Authenticator::es256(b"a").create(&creation(), ORIGIN);
    let (remove, other) = (Value::Null, json!("AAAA"));
    for (pointer, value) in [
        ("/id", &other),
        ("/rawId", &other),
        ("/id", &remove),
        ("/type", &other),
        ("/response", &remove),
        ("/response/clientDataJSON", &remove),
        ("/response/clientDataJSON", &json!("=")),
        ("/response/attestationObject", &json!(7)),
        ("/response/transports", &json!("usb")),
    ] {
        let mut bent = good.clone();
        *bent.pointer_mut(pointer).unwrap() = value.clone();
        assert_eq!(Registration::read(&bent).err(), Some(Malformed), "{pointer}");
    }
    let mut bare = good.clone();
    let response = bare["response"].as_object_mut().unwrap();
    response.retain(|name, _| name == "clientDataJSON" || name == "attestationObject");
    assert_eq!(Registration::read(&bare).err(), Some(Malformed));
    for value in [json!({}), json!([]), Value::Null, json!("text")] {
        assert_eq!(Registration::read(&value).err(), Some(Malformed));
        assert_eq!(Assertion::read(&value).err(), Some(Malformed));
    }

    // Every prefix of an attestation ends in a refusal.
    let whole = BASE64_URL_SAFE_NO_PAD
        .decode(good["response"]["attestationObject"].as_str().unwrap())
        .unwrap();
    for length in 0..whole.len() {
        let mut cut = good.clone();
        cut["response"]["attestationObject"] = json!(BASE64_URL_SAFE_NO_PAD.encode(&whole[..length]));
        assert!(preferred(&cut).is_err(), "{length}");
    }
}
