//! Key pairs and public keys.

use std::fmt;

use aws_lc_rs::{
    encoding::{AsDer, Pkcs8V1Der},
    rand::SystemRandom,
    rsa::{KeyPair as RsaKeyPair, KeySize, PublicKeyComponents},
    signature::{
        KeyPair, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA512, RSA_PKCS1_SHA256,
        RSA_PKCS1_SHA512, RsaEncoding, RsaParameters,
    },
};
use base64::{
    Engine,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use kernel::ApiError;
use serde::{Deserialize, Serialize};

use super::proven::Proven;
use crate::{Secret, hash};

/// What a key signs with. A key has one, and no token chooses another.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum Algorithm {
    #[serde(rename = "RS256")]
    Rs256,
    #[serde(rename = "RS512")]
    Rs512,
}

/// A key can't be read, made or used.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum KeyError {
    #[error("not an RSA key of at least 2048 bits")]
    Rejected,
    #[error("the cryptographic library failed")]
    Failed,
}

/// A public key as JWKS documents carry it, members in Cognito's order. Reference: user-pools 8.1.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Jwk {
    pub alg: Algorithm,
    pub e: String,
    pub kid: String,
    pub kty: String,
    pub n: String,
    #[serde(rename = "use")]
    pub usage: String,
}

/// A private key, ready to sign.
pub struct SigningKey {
    pair: RsaKeyPair,
    algorithm: Algorithm,
    kid: String,
    /// The encoded header and its dot: the same for every token.
    head: String,
}

/// A public key, ready to verify tokens of one algorithm.
pub struct VerifyingKey {
    key: ParsedPublicKey,
    algorithm: Algorithm,
    proven: Proven,
}

impl Algorithm {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Rs512 => "RS512",
        }
    }

    pub(super) fn named(name: &str) -> Option<Self> {
        [Self::Rs256, Self::Rs512]
            .into_iter()
            .find(|algorithm| algorithm.name() == name)
    }

    fn encoding(self) -> &'static dyn RsaEncoding {
        match self {
            Self::Rs256 => &RSA_PKCS1_SHA256,
            Self::Rs512 => &RSA_PKCS1_SHA512,
        }
    }

    fn parameters(self) -> &'static RsaParameters {
        match self {
            Self::Rs256 => &RSA_PKCS1_2048_8192_SHA256,
            Self::Rs512 => &RSA_PKCS1_2048_8192_SHA512,
        }
    }
}

impl SigningKey {
    /// A new RSA-2048 key for RS256. It takes about 0.1 s and draws from the library's own generator, the one place where
    /// chance is no argument; whoever needs a known key parses it.
    pub fn generate() -> Result<Self, KeyError> {
        Self::of_pair(RsaKeyPair::generate(KeySize::Rsa2048).map_err(|_| KeyError::Failed)?)
    }

    /// From the PKCS#8 form that [`SigningKey::to_pkcs8`] gave.
    pub fn from_pkcs8(der: &[u8]) -> Result<Self, KeyError> {
        Self::of_pair(RsaKeyPair::from_pkcs8(der).map_err(|_| KeyError::Rejected)?)
    }

    /// Cognito's form: RS256, a header of exactly `kid` and `alg`, the kid 44 characters of standard base64.
    fn of_pair(pair: RsaKeyPair) -> Result<Self, KeyError> {
        if pair.public_modulus_len() < 256 {
            return Err(KeyError::Rejected);
        }
        let kid = BASE64_STANDARD.encode(hash::sha256(&[pair.public_key().as_ref()]));
        let head = head(&kid, None, Algorithm::Rs256);
        Ok(Self {
            pair,
            algorithm: Algorithm::Rs256,
            kid,
            head,
        })
    }

    /// The same key with another kid and algorithm, and a `typ` in the header between them, as the identity pools' OpenID
    /// token has it. Reference: identity-pools-iam 1.13.
    #[must_use]
    pub fn with_header(self, kid: &str, typ: &str, algorithm: Algorithm) -> Self {
        Self {
            pair: self.pair,
            algorithm,
            kid: kid.to_owned(),
            head: head(kid, Some(typ), algorithm),
        }
    }

    /// The private key in PKCS#8 DER, to be sealed as [`crate::Purpose::PrivateKey`].
    pub fn to_pkcs8(&self) -> Result<Secret, KeyError> {
        let der: Pkcs8V1Der<'_> = self.pair.as_der().map_err(|_| KeyError::Failed)?;
        Ok(Secret::new(der.as_ref().to_vec()))
    }

    pub fn kid(&self) -> &str {
        &self.kid
    }

    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    pub fn jwk(&self) -> Jwk {
        let public = self.pair.public_key();
        Jwk {
            alg: self.algorithm,
            e: BASE64_URL_SAFE_NO_PAD.encode(public.exponent().big_endian_without_leading_zero()),
            kid: self.kid.clone(),
            kty: "RSA".to_owned(),
            n: BASE64_URL_SAFE_NO_PAD.encode(public.modulus().big_endian_without_leading_zero()),
            usage: "sig".to_owned(),
        }
    }

    pub fn verifying_key(&self) -> Result<VerifyingKey, KeyError> {
        let key = ParsedPublicKey::new(self.algorithm.parameters(), self.pair.public_key().as_ref())
            .map_err(|_| KeyError::Rejected)?;
        Ok(VerifyingKey::of(key, self.algorithm))
    }

    /// The compact JWS of a payload, which for a JWT is the JSON text of its claims.
    pub fn sign(&self, payload: &[u8]) -> Result<String, KeyError> {
        self.signed(&self.head, payload)
    }

    /// The same with a `typ` of its own in the header (RFC 8725 section 3.11).
    pub fn sign_as(&self, typ: &str, payload: &[u8]) -> Result<String, KeyError> {
        self.signed(&head(&self.kid, Some(typ), self.algorithm), payload)
    }

    fn signed(&self, head: &str, payload: &[u8]) -> Result<String, KeyError> {
        let signature_len = self.pair.public_modulus_len();
        let mut token = String::with_capacity(head.len() + 1 + (payload.len() + signature_len + 4) * 4 / 3);
        token.push_str(head);
        BASE64_URL_SAFE_NO_PAD.encode_string(payload, &mut token);
        let mut signature = vec![0; signature_len];
        self.pair
            .sign(
                self.algorithm.encoding(),
                &SystemRandom::new(),
                token.as_bytes(),
                &mut signature,
            )
            .map_err(|_| KeyError::Failed)?;
        token.push('.');
        BASE64_URL_SAFE_NO_PAD.encode_string(&signature, &mut token);
        Ok(token)
    }
}

impl VerifyingKey {
    /// From a JWKS entry, ours or an identity provider's.
    pub fn from_jwk(jwk: &Jwk) -> Result<Self, KeyError> {
        let number = |text: &str| BASE64_URL_SAFE_NO_PAD.decode(text).map_err(|_| KeyError::Rejected);
        let (n, e) = (number(&jwk.n)?, number(&jwk.e)?);
        if jwk.kty != "RSA" || n.len() < 256 {
            return Err(KeyError::Rejected);
        }
        let key = PublicKeyComponents { n, e }
            .to_parsed_public_key(jwk.alg.parameters())
            .map_err(|_| KeyError::Rejected)?;
        Ok(Self::of(key, jwk.alg))
    }

    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    fn of(key: ParsedPublicKey, algorithm: Algorithm) -> Self {
        Self {
            key,
            algorithm,
            proven: Proven::default(),
        }
    }

    pub(super) fn accepts(&self, message: &[u8], signature: &[u8]) -> bool {
        let prove = || self.key.verify_sig(message, signature).is_ok();
        self.proven.or(message, signature, prove)
    }
}

/// Members in the order in which AWS writes them.
fn head(kid: &str, typ: Option<&str>, algorithm: Algorithm) -> String {
    #[derive(Serialize)]
    struct Header<'a> {
        kid: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        typ: Option<&'a str>,
        alg: Algorithm,
    }
    // Three strings always serialise.
    let json = serde_json::to_string(&Header {
        kid,
        typ,
        alg: algorithm,
    })
    .unwrap_or_default();
    format!("{}.", BASE64_URL_SAFE_NO_PAD.encode(json))
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey")
            .field("kid", &self.kid)
            .field("algorithm", &self.algorithm)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifyingKey")
            .field("algorithm", &self.algorithm)
            .finish_non_exhaustive()
    }
}

impl From<KeyError> for ApiError {
    #[track_caller]
    fn from(error: KeyError) -> Self {
        Self::internal(error)
    }
}
