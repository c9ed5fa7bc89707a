mod vectors;

use base64::{Engine, prelude::BASE64_STANDARD};
use crypto_bigint::{
    U3072,
    modular::{FixedMontyForm, FixedMontyParams},
};
use kernel::SystemRng;
use proptest::prelude::*;

use self::vectors::{K, TIMESTAMP, VECTORS, Vector};
use super::{
    bn::{Bytes, Modulus},
    group::{Exponent, GROUP},
    numbers::{pad, parse_hex, right_aligned, to_hex},
    prime::N,
    *,
};
use crate::{
    hash,
    testing::{ScriptedRng, SeededRng},
};

const ANA: Identity<'_> = Identity {
    pool_name: "abcDEF123",
    user_id: "0e2f41d4-0000-4000-8000-000000000001",
};

impl Vector {
    fn identity(&self) -> Identity<'static> {
        Identity {
            pool_name: self.pool,
            user_id: self.user,
        }
    }
}

fn exponent(hex: &str) -> Exponent {
    Exponent::new(hex::decode(hex).unwrap().try_into().unwrap())
}

fn sha256_hex(bytes: &[u8]) -> String {
    hex::encode(hash::sha256(&[bytes]))
}

#[test]
fn every_number_is_the_independently_computed_one() {
    for vector in VECTORS {
        let (identity, name) = (vector.identity(), vector.name);
        let salt = hex::decode(vector.salt).unwrap();
        let x = verifier::x(identity, vector.password, &salt);
        assert_eq!(hex::encode(x.as_slice()), vector.x, "{name}");

        let verifier = Verifier::new(identity, vector.password, &salt);
        assert_eq!(sha256_hex(verifier.as_bytes()), vector.v_sha256, "{name}");
        let client = Client::of_secret(exponent(vector.a));
        let server = ServerEphemeral::of_secret(exponent(vector.b), &verifier);
        let a = ClientPublic::parse(&client.public_hex()).unwrap();
        assert_eq!(sha256_hex(a.as_bytes()), vector.a_public_sha256, "{name}");
        assert_eq!(sha256_hex(server.public()), vector.b_public_sha256, "{name}");

        let ours = session_key(&a, &server, &verifier).unwrap();
        assert_eq!(hex::encode(ours.as_bytes()), vector.key, "{name}");
        let theirs = client
            .session_key(identity, vector.password, &salt, server.public())
            .unwrap();
        assert_eq!(hex::encode(theirs.as_bytes()), vector.key, "{name}");

        let block = hex::decode(vector.secret_block).unwrap();
        assert_eq!(
            BASE64_STANDARD.encode(ours.claim(identity, &block, TIMESTAMP)),
            vector.signature,
            "{name}"
        );
        assert!(
            ours.check_claim(identity, &block, TIMESTAMP, vector.signature),
            "{name}"
        );
    }
}

#[test]
fn the_groups_constants_are_the_published_ones() {
    assert_eq!(&hex::encode(N)[..24], "ffffffffffffffffc90fdaa2");
    assert_eq!(&hex::encode(N)[744..], "a93ad2caffffffffffffffff");
    assert_eq!(
        hex::encode(GROUP.times_k(&Modulus::load(&right_aligned(&[1]))).to_bytes()),
        format!("{K:0>768}")
    );
}

/// Through the texts of the wire, as a client and a server exchange them.
fn sign_in(seed: u64, typed: &str, salt: &[u8]) -> bool {
    let rng = SeededRng::new(seed);
    let verifier = Verifier::from_bytes(Verifier::new(ANA, "Passw0rd!", salt).as_bytes()).unwrap();
    let client = Client::new(&rng);
    let a = ClientPublic::parse(&client.public_hex()).unwrap();
    let drawn = ServerEphemeral::new(&verifier, &rng);
    let server = ServerEphemeral::from_parts(*drawn.secret(), *drawn.public()).unwrap();
    let block = b"opaque \x00\xff state";
    let (salt, srp_b, secret_block) = (salt_hex(salt), server.public_hex(), BASE64_STANDARD.encode(block));
    let challenge = Challenge {
        salt: &salt,
        srp_b: &srp_b,
        secret_block: &secret_block,
    };
    let signature = client.answer(ANA, typed, challenge, TIMESTAMP).unwrap();
    let key = session_key(&ClientPublic::from_bytes(*a.as_bytes()).unwrap(), &server, &verifier).unwrap();
    key.check_claim(ANA, block, TIMESTAMP, &signature)
}

#[test]
fn client_and_server_agree_whatever_the_numbers_look_like() {
    for seed in 0..100 {
        let salt = draw_salt(&SeededRng::new(seed));
        assert!(sign_in(seed, "Passw0rd!", &salt), "seed {seed}");
    }
    assert!(!sign_in(1, "Passw0rd?", &draw_salt(&SeededRng::new(1))));
    for salt in [&[0, 0, 0, 7][..], &[0; 16], &[0x80], &[0, 0x80, 1], &[0xff; 16]] {
        assert!(sign_in(9, "Passw0rd!", salt), "{salt:?}");
    }
}

#[test]
fn a_claim_covers_names_block_and_time() {
    let vector = &VECTORS[0];
    let verifier = Verifier::new(vector.identity(), vector.password, &hex::decode(vector.salt).unwrap());
    let a = ClientPublic::parse(&Client::of_secret(exponent(vector.a)).public_hex()).unwrap();
    let server = ServerEphemeral::of_secret(exponent(vector.b), &verifier);
    let key = session_key(&a, &server, &verifier).unwrap();
    let block = hex::decode(vector.secret_block).unwrap();
    let (id, good) = (vector.identity(), vector.signature);

    assert!(key.check_claim(id, &block, TIMESTAMP, good));
    assert!(!key.check_claim(
        Identity {
            pool_name: "other0000",
            ..id
        },
        &block,
        TIMESTAMP,
        good
    ));
    assert!(!key.check_claim(Identity { user_id: "ben", ..id }, &block, TIMESTAMP, good));
    assert!(!key.check_claim(id, &block[1..], TIMESTAMP, good));
    assert!(!key.check_claim(id, &block, "Tue Sep 5 08:09:11 UTC 2017", good));
    for bad in ["", "AAAA", &good[..43], &good.replace('=', ""), "not base64!"] {
        assert!(!key.check_claim(id, &block, TIMESTAMP, bad), "{bad}");
    }
    // Another A, another B, another verifier: another key.
    let other = Verifier::new(id, "other", b"salt");
    let other_server = ServerEphemeral::new(&verifier, &SystemRng);
    let other_a = ClientPublic::parse(&Client::new(&SystemRng).public_hex()).unwrap();
    for key in [
        session_key(&a, &server, &other),
        session_key(&a, &other_server, &verifier),
        session_key(&other_a, &server, &verifier),
    ] {
        assert!(!key.unwrap().check_claim(id, &block, TIMESTAMP, good));
    }
}

#[test]
fn forbidden_numbers_are_refused() {
    let n = hex::encode(N);
    let ones = "f".repeat(768);
    let cases = [
        ("", Err(Invalid::NotHex)),
        ("0x12", Err(Invalid::NotHex)),
        ("12 ", Err(Invalid::NotHex)),
        ("-1", Err(Invalid::NotHex)),
        ("+1", Err(Invalid::NotHex)),
        ("\u{661}", Err(Invalid::NotHex)),
        ("0", Err(Invalid::Zero)),
        (&"0".repeat(768), Err(Invalid::Zero)),
        (&n, Err(Invalid::Zero)),
        (&n.to_uppercase(), Err(Invalid::Zero)),
        (&format!("00{n}"), Err(Invalid::Zero)),
        (&format!("1{ones}"), Err(Invalid::TooLong)),
        (&"1".repeat(1025), Err(Invalid::TooLong)),
        (&"0".repeat(1025), Err(Invalid::TooLong)),
    ];
    for (text, expected) in cases {
        assert_eq!(ClientPublic::parse(text).map(|_| ()), expected, "{text}");
    }
    // Odd length, either case, leading zeros, and what lies between N and 2^3072 is taken as it is.
    let a = |text: &str| ClientPublic::parse(text).unwrap();
    assert_eq!(a("abc"), a("0ABC"));
    assert_eq!(a("abc"), a(&format!("{:0>1024}", "abc")));
    assert_eq!(a(&ones).as_bytes(), &[0xff; LEN]);

    assert!(Verifier::from_bytes(&[]).is_none());
    assert!(Verifier::from_bytes(&[0; LEN]).is_none());
    assert!(Verifier::from_bytes(&N).is_none());
    assert!(Verifier::from_bytes(&[1; LEN + 1]).is_none());
    assert_eq!(
        Verifier::from_bytes(&[0, 0x81, 2]).unwrap().as_bytes()[LEN - 2..],
        [0x81, 2]
    );
    assert!(ServerEphemeral::from_parts([1; 32], [0; LEN]).is_none());
    assert!(ServerEphemeral::from_parts([1; 32], N).is_none());
}

#[test]
fn a_password_is_checked_against_the_verifier() {
    let salt = draw_salt(&SeededRng::new(3));
    let verifier = Verifier::new(ANA, "Passw0rd!", &salt);
    assert!(check_password(ANA, "Passw0rd!", &salt, &verifier));
    assert!(!check_password(ANA, "passw0rd!", &salt, &verifier));
    assert!(!check_password(ANA, "", &salt, &verifier));
    assert!(!check_password(
        Identity { user_id: "ben", ..ANA },
        "Passw0rd!",
        &salt,
        &verifier
    ));
    assert!(!check_password(ANA, "Passw0rd!", &salt[1..], &verifier));
}

#[test]
fn salts_are_drawn_again_until_they_do_not_begin_with_zero() {
    let mut script = vec![0; 33];
    script.push(9);
    let salt = draw_salt(&ScriptedRng::new(&[script, vec![1; 20]].concat()));
    assert_ne!(salt[0], 0);
    assert_eq!(draw_salt(&ScriptedRng::new(&[[0; 16], [5; 16]].concat())), [5; 16]);
    assert_eq!(salt_hex(&[5; 16]).len(), 32);
}

#[test]
fn nothing_secret_is_printed() {
    let verifier = Verifier::new(ANA, "Passw0rd!", b"salt");
    let server = ServerEphemeral::new(&verifier, &SystemRng);
    let a = ClientPublic::parse("abc").unwrap();
    let key = session_key(&a, &server, &verifier).unwrap();
    assert_eq!(
        format!("{verifier:?} {server:?} {key:?}"),
        "Verifier(..) ServerEphemeral(..) SessionKey(..)"
    );
}

#[test]
fn padding_is_the_shortest_positive_form() {
    for (bytes, padded) in [
        (&[][..], &[0][..]),
        (&[0], &[0]),
        (&[0, 0, 1], &[1]),
        (&[0x7f, 0], &[0x7f, 0]),
        (&[0x80], &[0, 0x80]),
        (&[0, 0x80], &[0, 0x80]),
        (&[0, 0, 0xff, 1], &[0, 0xff, 1]),
    ] {
        assert_eq!(pad(bytes), padded, "{bytes:?}");
    }
}

/// The same powers by another library.
mod cross_check {
    use super::*;

    fn params() -> FixedMontyParams<{ U3072::LIMBS }> {
        FixedMontyParams::new_vartime(crypto_bigint::Odd::new(U3072::from_be_slice(&N)).unwrap())
    }

    fn pow(base: &Bytes, exponent: &[u8]) -> Vec<u8> {
        let base = FixedMontyForm::new(&U3072::from_be_slice(base), &params());
        let exponent = U3072::from_be_slice(&right_aligned(exponent));
        base.pow(&exponent).retrieve().to_be_bytes().as_ref().to_vec()
    }

    fn below_n(seed: [u8; 32]) -> Bytes {
        let mut bytes = [0; LEN];
        for (n, chunk) in bytes.chunks_mut(32).enumerate() {
            chunk.copy_from_slice(&hash::sha256(&[&seed, &[u8::try_from(n).unwrap()]]));
        }
        GROUP.modulus.reduce(&bytes).to_bytes()
    }

    fn agree(base: &Bytes, exponent: [u8; 32]) {
        let two = right_aligned(&[2]);
        let exponent = Exponent::new(exponent);
        let ours = GROUP.modulus.pow(&Modulus::load(base), exponent.as_slice()).to_bytes();
        assert_eq!(ours.as_slice(), pow(base, exponent.as_slice()));
        assert_eq!(
            GROUP.power_of_g(&exponent).to_bytes().as_slice(),
            pow(&two, exponent.as_slice())
        );
    }

    #[test]
    fn powers_at_the_edges() {
        let mut below = N;
        below[LEN - 1] -= 1;
        for base in [right_aligned(&[0]), right_aligned(&[1]), right_aligned(&[2]), below] {
            for exponent in [
                [0; 32],
                [0xff; 32],
                right_most(1),
                right_most(15),
                right_most(16),
                first_bit(),
            ] {
                agree(&base, exponent);
            }
        }
    }

    fn right_most(byte: u8) -> [u8; 32] {
        let mut bytes = [0; 32];
        bytes[31] = byte;
        bytes
    }

    fn first_bit() -> [u8; 32] {
        let mut bytes = [0; 32];
        bytes[0] = 0x80;
        bytes
    }

    #[test]
    fn sums_differences_and_products() {
        let (a, b) = (below_n([1; 32]), below_n([2; 32]));
        let params = params();
        let form = |bytes: &Bytes| FixedMontyForm::new(&U3072::from_be_slice(bytes), &params);
        let (x, y) = (Modulus::load(&a), Modulus::load(&b));
        let modulus = &GROUP.modulus;
        for (ours, theirs) in [
            (modulus.add(&x, &y), form(&a) + form(&b)),
            (modulus.sub(&x, &y), form(&a) - form(&b)),
            (modulus.sub(&y, &x), form(&b) - form(&a)),
            (modulus.mul(&x, &y), form(&a) * form(&b)),
        ] {
            assert_eq!(ours.to_bytes().as_slice(), theirs.retrieve().to_be_bytes().as_ref());
        }
        assert_eq!(modulus.reduce(&N).to_bytes(), [0; LEN]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(8))]

        #[test]
        fn random_powers(seed in any::<[u8; 32]>(), exponent in any::<[u8; 32]>()) {
            agree(&below_n(seed), exponent);
        }
    }
}

proptest! {
    #[test]
    fn hex_goes_there_and_back(bytes in proptest::collection::vec(any::<u8>(), 0..LEN)) {
        let number = right_aligned(&bytes);
        prop_assert_eq!(parse_hex(&to_hex(&number)), Ok(number));
    }

    #[test]
    fn parsing_never_panics(text in ".*", hex in "[0-9a-fA-F]{0,1100}") {
        let _ = ClientPublic::parse(&text);
        let _ = ClientPublic::parse(&hex);
        let _ = Verifier::from_bytes(text.as_bytes());
    }
}
