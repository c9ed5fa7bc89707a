//! The header of a message, and the encryption context in it. Numbers are big-endian.

use super::{Context, EncryptError, key::Wrapped, suite};

pub(super) const ID_LENGTH: usize = 16;
/// What the SDKs take where nobody says otherwise.
pub(super) const FRAME_LENGTH: usize = 4096;

const VERSION: u8 = 1;
/// Customer authenticated encrypted data.
const TYPE: u8 = 0x80;
const FRAMED: u8 = 2;
const RESERVED: [u8; 4] = [0; 4];

/// The context as it stands in the header behind its length, and as the data key is bound to it: its pairs by name.
pub(super) fn context(context: &Context) -> Result<Vec<u8>, EncryptError> {
    let mut bytes = short(context.len())?.to_vec();
    for (name, value) in context {
        counted(&mut bytes, name.as_bytes())?;
        counted(&mut bytes, value.as_bytes())?;
    }
    Ok(bytes)
}

pub(super) fn header(id: &[u8; ID_LENGTH], context: &[u8], key: &Wrapped) -> Result<Vec<u8>, EncryptError> {
    let mut bytes = vec![VERSION, TYPE];
    bytes.extend_from_slice(&suite::ID);
    bytes.extend_from_slice(id);
    counted(&mut bytes, context)?;
    bytes.extend_from_slice(&short(1)?);
    for part in [key.namespace.as_bytes(), &key.info, &key.ciphertext] {
        counted(&mut bytes, part)?;
    }
    bytes.push(FRAMED);
    bytes.extend_from_slice(&RESERVED);
    bytes.push(suite::IV_LENGTH_BYTE);
    bytes.extend_from_slice(&long(FRAME_LENGTH)?);
    Ok(bytes)
}

/// Appends the part behind its length.
pub(super) fn counted(bytes: &mut Vec<u8>, part: &[u8]) -> Result<(), EncryptError> {
    bytes.extend_from_slice(&short(part.len())?);
    bytes.extend_from_slice(part);
    Ok(())
}

fn short(length: usize) -> Result<[u8; 2], EncryptError> {
    u16::try_from(length).map(u16::to_be_bytes).map_err(|_| EncryptError)
}

pub(super) fn long(length: usize) -> Result<[u8; 4], EncryptError> {
    u32::try_from(length).map(u32::to_be_bytes).map_err(|_| EncryptError)
}
