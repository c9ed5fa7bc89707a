//! Messages as the AWS Encryption SDKs write and read them: message format 1, algorithm suite 0x0378, one encrypted data key,
//! one frame. For those who decrypt with an SDK and a raw AES keyring.
//!
//! ```text
//! message = header | header's IV and tag | frame | length | ECDSA signature over all that stands before its length
//! ```
//!
//! Start at [`encrypt`]; `key` is the key that both sides have, `header` the bytes' order, `suite` the cryptography.

mod header;
mod key;
#[cfg(any(test, feature = "client"))]
mod reader;
mod suite;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use kernel::Rng;
use zeroize::Zeroizing;

pub use key::WrappingKey;
#[cfg(any(test, feature = "client"))]
pub use reader::decrypt;
use suite::{DataKey, Signer};

/// What a message is bound to: in the clear, and the same when it is decrypted.
pub type Context = BTreeMap<String, String>;

/// The context's member that holds the public key of the signature.
const PUBLIC_KEY: &str = "aws-crypto-public-key";
/// Behind it stands a frame's number; a message has but the last one.
const FINAL_FRAME: [u8; 4] = [0xff; 4];
const FRAME_NUMBER: u32 = 1;

/// The library refused, or something is longer than its length can say.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("a message can't be encrypted")]
pub struct EncryptError;

/// `plaintext` for whoever has `key`: one message. It costs a key pair and a signature of the curve P-384, about half a
/// millisecond. The signature's key and chance are the library's own; the rest is of `rng`.
///
/// Errors: a plaintext beyond one frame (4 KiB), a context or a key's name beyond 64 KiB.
pub fn encrypt(key: &WrappingKey, context: &Context, plaintext: &[u8], rng: &dyn Rng) -> Result<Vec<u8>, EncryptError> {
    if plaintext.len() > header::FRAME_LENGTH {
        return Err(EncryptError);
    }
    let signer = Signer::fresh()?;
    let mut context = context.clone();
    context.insert(PUBLIC_KEY.to_owned(), signer.public_key()?);
    let context = header::context(&context)?;
    let mut data_key = Zeroizing::new([0; suite::KEY_LENGTH]);
    rng.fill(data_key.as_mut_slice());
    let mut id = [0; header::ID_LENGTH];
    rng.fill(&mut id);

    let wrapped = key.wrap(data_key.as_slice(), &context, rng)?;
    let data_key = DataKey::derive(data_key.as_slice(), &id)?;
    let mut message = header::header(&id, &context, &wrapped)?;
    let tag = data_key.authenticate_header(&message)?;
    message.extend_from_slice(&tag);
    let frame = data_key.seal_frame(&id, FRAME_NUMBER, plaintext)?;
    message.extend_from_slice(&FINAL_FRAME);
    message.extend_from_slice(&FRAME_NUMBER.to_be_bytes());
    message.extend_from_slice(&suite::frame_iv(FRAME_NUMBER));
    message.extend_from_slice(&header::long(plaintext.len())?);
    message.extend_from_slice(&frame);
    let signature = signer.sign(&message)?;
    header::counted(&mut message, &signature)?;
    Ok(message)
}
