//! A private key of P-256 that somebody gave us, to sign what they verify: ES256 (RFC 7518 section 3.4).

use aws_lc_rs::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair},
};
use base64::{
    Engine,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use serde::Serialize;
use zeroize::Zeroizing;

use super::{KeyError, Unusable};

/// It has no Debug.
pub struct Es256Key(EcdsaKeyPair);

#[derive(Serialize)]
struct Header<'a> {
    alg: &'static str,
    kid: &'a str,
}

impl Es256Key {
    /// From PKCS#8 as PEM. The lines around it may be missing, and line breaks be spelt `\n`: it has come through forms and
    /// configurations.
    ///
    /// Errors: it is none, or of another curve.
    pub fn read(text: &str) -> Result<Self, Unusable> {
        let text = Zeroizing::new(text.replace("\\n", "\n"));
        let lines = text.lines().map(str::trim).filter(|line| !line.starts_with("-----"));
        let base64 = Zeroizing::new(lines.flat_map(str::split_whitespace).collect::<String>());
        let der = BASE64_STANDARD
            .decode(base64.as_bytes())
            .map_err(|_| Unusable::Unknown)?;
        let der = Zeroizing::new(der);
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &der);
        pair.map(Self).map_err(|_| Unusable::Unknown)
    }

    /// The compact JWS of a payload, under the name that the verifier knows the key by. Its chance is the library's own.
    pub fn sign(&self, kid: &str, payload: &[u8]) -> Result<String, KeyError> {
        let header = serde_json::to_vec(&Header { alg: "ES256", kid }).map_err(|_| KeyError::Failed)?;
        let encoded = |bytes: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(bytes);
        let text = format!("{}.{}", encoded(&header), encoded(payload));
        let signature = self.0.sign(&SystemRandom::new(), text.as_bytes());
        let signature = signature.map_err(|_| KeyError::Failed)?;
        Ok(format!("{text}.{}", encoded(signature.as_ref())))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::jws::{PublicKey, Signed};

    /// Of `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256`, and its public coordinates.
    const PEM: &str = "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgpZ64g02rG7eN021g1DabNmjVmWgaONfSsW/nioTPsCehRANCAAQsS5NPHVKUvH4aHaBZJz63lWSNeW/p4I8q039sQnGTt110TxcenKqTGFOTDF9Qk0vsKKjc6odzjSRyNNG7+90A";
    const X: &str = "LEuTTx1SlLx-Gh2gWSc-t5VkjXlv6eCPKtN_bEJxk7c";
    const Y: &str = "XXRPFx6cqpMYU5MMX1CTS-woqNzqh3ONJHI00bv73QA";
    /// The same without its public half, and one of P-384.
    const BARE: &str = "MEECAQAwEwYHKoZIzj0CAQYIKoZIzj0DAQcEJzAlAgEBBCClnriDTasbt43TbWDUNps2aNWZaBo419Kxb+eKhM+wJw==";
    const LARGER: &str = "MIG2AgEAMBAGByqGSM49AgEGBSuBBAAiBIGeMIGbAgEBBDA6XO72d2kzfyPARPYvr5NqzKVKcAUHFCQC1nNMuWcktLUgXYiFg+e8BAGiBg0JIrWhZANiAARqstGD30p1neCYkiM7EHKjWN4LswcnvgAT+baamwzGOi2XooOHblF/CQvRyfCSzZ5u8PwP+QB/oECIjzIuEgeIuH/32vI57eAXdmo3Hk1whxwi03nWWGudd+x1iJPK5FA=";

    #[test]
    fn a_key_is_read_as_people_paste_it_and_its_signature_is_the_public_keys() {
        let jwk = json!({"kty": "EC", "crv": "P-256", "x": X, "y": Y});
        let public = PublicKey::read(jwk.as_object().unwrap()).unwrap();
        let framed = format!("-----BEGIN PRIVATE KEY-----\n{PEM}\n-----END PRIVATE KEY-----\n");
        let (head, tail) = PEM.split_at(64);
        for text in [
            PEM.to_owned(),
            framed.clone(),
            framed.replace('\n', "\r\n"),
            framed.replace('\n', "\\n"),
            format!("  {head}\n  {tail}\n"),
            BARE.to_owned(),
        ] {
            let token = Es256Key::read(&text).unwrap().sign("K1", b"{\"iss\":\"T1\"}").unwrap();
            let signed = Signed::parse(&token).unwrap();
            assert_eq!(signed.kid(), Some("K1"));
            assert_eq!(signed.verify(&public).unwrap()["iss"], "T1");
        }
    }

    #[test]
    fn what_is_no_key_of_the_curve_is_none() {
        for text in ["", "-----BEGIN PRIVATE KEY-----", "AAAA", "no base64!", LARGER] {
            assert_eq!(Es256Key::read(text).err(), Some(Unusable::Unknown), "{text}");
        }
    }
}
