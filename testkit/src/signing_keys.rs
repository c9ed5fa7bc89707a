//! Key pairs that are known to everybody, so that tests needn't wait for new ones.

use vault::jws::SigningKey;

/// Eight RSA-2048 keys. See `data/README.md`.
#[expect(clippy::expect_used, reason = "called by tests alone: that is how they fail")]
pub fn signing_keys() -> [SigningKey; 8] {
    let keys: [&[u8]; 8] = [
        include_bytes!("../data/signing-key-1.der"),
        include_bytes!("../data/signing-key-2.der"),
        include_bytes!("../data/signing-key-3.der"),
        include_bytes!("../data/signing-key-4.der"),
        include_bytes!("../data/signing-key-5.der"),
        include_bytes!("../data/signing-key-6.der"),
        include_bytes!("../data/signing-key-7.der"),
        include_bytes!("../data/signing-key-8.der"),
    ];
    keys.map(|der| SigningKey::from_pkcs8(der).expect("a key pair in PKCS#8"))
}
