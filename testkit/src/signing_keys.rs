//! Key pairs that are known to everybody, so that tests needn't wait for new ones.

/// Eight RSA-2048 keys in PKCS#8 DER. See `data/README.md`.
pub const fn signing_keys() -> [&'static [u8]; 8] {
    [
        include_bytes!("../data/signing-key-1.der"),
        include_bytes!("../data/signing-key-2.der"),
        include_bytes!("../data/signing-key-3.der"),
        include_bytes!("../data/signing-key-4.der"),
        include_bytes!("../data/signing-key-5.der"),
        include_bytes!("../data/signing-key-6.der"),
        include_bytes!("../data/signing-key-7.der"),
        include_bytes!("../data/signing-key-8.der"),
    ]
}
