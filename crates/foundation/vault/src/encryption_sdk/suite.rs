//! Algorithm suite 0x0378: AES-256-GCM under a key that HKDF-SHA-384 makes for each message, signed by ECDSA with SHA-384 on the
//! curve P-384. It commits to no key: whoever decrypts must allow that.

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey},
    encoding::{AsBigEndian, EcPublicKeyCompressedBin},
    hkdf::{HKDF_SHA384, KeyType, Salt},
    rand::SystemRandom,
    signature::{ECDSA_P384_SHA384_ASN1_SIGNING, EcdsaKeyPair, KeyPair},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use zeroize::Zeroizing;

use super::{EncryptError, header::ID_LENGTH};

pub(super) const ID: [u8; 2] = [0x03, 0x78];
pub(super) const KEY_LENGTH: usize = 32;
pub(super) const IV_LENGTH: usize = 12;
pub(super) const IV_LENGTH_BYTE: u8 = 12;
pub(super) const TAG_BITS: u32 = 128;

const HEADER_IV: [u8; IV_LENGTH] = [0; IV_LENGTH];
const FINAL_FRAME: &[u8] = b"AWSKMSEncryptionClient Final Frame";

/// A data key as one message uses it. It seals the header under IV 0 and its one frame under IV 1.
pub(super) struct DataKey(Zeroizing<[u8; KEY_LENGTH]>);

impl DataKey {
    pub fn derive(data_key: &[u8], id: &[u8; ID_LENGTH]) -> Result<Self, EncryptError> {
        let no_salt = Salt::new(HKDF_SHA384, &[]);
        let extracted = no_salt.extract(data_key);
        let info: [&[u8]; 2] = [&ID, id];
        let mut key = Zeroizing::new([0; KEY_LENGTH]);
        extracted
            .expand(&info, Length)
            .and_then(|expanded| expanded.fill(key.as_mut_slice()))
            .map_err(|_| EncryptError)?;
        Ok(Self(key))
    }

    #[cfg(any(test, feature = "client"))]
    pub fn bytes(&self) -> &[u8] {
        self.0.as_slice()
    }

    /// What stands behind a header: its IV and its tag.
    pub fn authenticate_header(&self, header: &[u8]) -> Result<Vec<u8>, EncryptError> {
        let mut bytes = HEADER_IV.to_vec();
        bytes.append(&mut seal(self.0.as_slice(), HEADER_IV, header, &[])?);
        Ok(bytes)
    }

    /// The ciphertext of the last frame and its tag.
    pub fn seal_frame(&self, id: &[u8; ID_LENGTH], number: u32, plaintext: &[u8]) -> Result<Vec<u8>, EncryptError> {
        let bound = frame_is_bound_to(id, number, plaintext.len());
        seal(self.0.as_slice(), frame_iv(number), &bound, plaintext)
    }
}

pub(super) fn frame_is_bound_to(id: &[u8; ID_LENGTH], number: u32, length: usize) -> Vec<u8> {
    let mut bytes = id.to_vec();
    bytes.extend_from_slice(FINAL_FRAME);
    bytes.extend_from_slice(&number.to_be_bytes());
    bytes.extend_from_slice(&(length as u64).to_be_bytes());
    bytes
}

/// The frame's number.
pub(super) fn frame_iv(number: u32) -> [u8; IV_LENGTH] {
    let mut iv = [0; IV_LENGTH];
    iv.iter_mut()
        .skip(IV_LENGTH - 4)
        .zip(number.to_be_bytes())
        .for_each(|(to, from)| *to = from);
    iv
}

/// Ciphertext and tag of AES-256-GCM.
pub(super) fn seal(key: &[u8], iv: [u8; IV_LENGTH], bound: &[u8], plaintext: &[u8]) -> Result<Vec<u8>, EncryptError> {
    let key = UnboundKey::new(&AES_256_GCM, key).map_err(|_| EncryptError)?;
    // Room for the tag from the start: growing would leave a copy of the plaintext behind.
    let mut bytes = Vec::with_capacity(plaintext.len() + AES_256_GCM.tag_len());
    bytes.extend_from_slice(plaintext);
    LessSafeKey::new(key)
        .seal_in_place_append_tag(Nonce::assume_unique_for_key(iv), Aad::from(bound), &mut bytes)
        .map_err(|_| EncryptError)?;
    Ok(bytes)
}

/// The key pair of one message.
pub(super) struct Signer(EcdsaKeyPair);

impl Signer {
    pub fn fresh() -> Result<Self, EncryptError> {
        let pair = EcdsaKeyPair::generate(&ECDSA_P384_SHA384_ASN1_SIGNING);
        pair.map(Self).map_err(|_| EncryptError)
    }

    /// The compressed point in base64.
    pub fn public_key(&self) -> Result<String, EncryptError> {
        let point: EcPublicKeyCompressedBin<'static> = self.0.public_key().as_be_bytes().map_err(|_| EncryptError)?;
        Ok(BASE64_STANDARD.encode(point.as_ref()))
    }

    /// As DER.
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, EncryptError> {
        let signature = self.0.sign(&SystemRandom::new(), message).map_err(|_| EncryptError)?;
        Ok(signature.as_ref().to_vec())
    }
}

/// Of the key that HKDF makes.
struct Length;

impl KeyType for Length {
    fn len(&self) -> usize {
        KEY_LENGTH
    }
}
