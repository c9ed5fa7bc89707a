//! Reading a message as whoever has the key reads it: for tests.

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey},
    signature::{ECDSA_P384_SHA384_ASN1, UnparsedPublicKey},
};
use base64::{Engine, prelude::BASE64_STANDARD};

use super::{
    Context, PUBLIC_KEY, WrappingKey,
    suite::{DataKey, ID, frame_is_bound_to},
};

/// A message's parts as they stand there.
#[derive(Debug)]
pub(super) struct Read<'m> {
    pub header: &'m [u8],
    pub id: [u8; 16],
    pub context: &'m [u8],
    pub namespace: &'m [u8],
    pub name: Vec<u8>,
    pub iv: [u8; 12],
    pub wrapped: &'m [u8],
    header_tag: &'m [u8],
    pub body_iv: [u8; 12],
    pub body: &'m [u8],
    signed: &'m [u8],
    signature: &'m [u8],
}

fn take<'m>(rest: &mut &'m [u8], length: usize) -> Option<&'m [u8]> {
    let (part, behind) = rest.split_at_checked(length)?;
    *rest = behind;
    Some(part)
}

fn counted<'m>(rest: &mut &'m [u8]) -> Option<&'m [u8]> {
    let length = u16::from_be_bytes(take(rest, 2)?.try_into().ok()?);
    take(rest, length.into())
}

/// What stands before the rest.
fn read_until<'m>(message: &'m [u8], rest: &[u8]) -> Option<&'m [u8]> {
    message.get(..message.len().checked_sub(rest.len())?)
}

fn expect(rest: &mut &[u8], bytes: &[u8]) -> Option<()> {
    (take(rest, bytes.len())? == bytes).then_some(())
}

pub(super) fn parts(message: &[u8]) -> Option<Read<'_>> {
    let mut rest = message;
    expect(&mut rest, &[1, 0x80])?;
    expect(&mut rest, &ID)?;
    let id = take(&mut rest, 16)?.try_into().ok()?;
    let context = counted(&mut rest)?;
    expect(&mut rest, &[0, 1])?;
    let (namespace, mut info, wrapped) = (counted(&mut rest)?, counted(&mut rest)?, counted(&mut rest)?);
    let length = info.len().checked_sub(20)?;
    let name = take(&mut info, length)?.to_vec();
    expect(&mut info, &[0, 0, 0, 128, 0, 0, 0, 12])?;
    let iv = info.try_into().ok()?;
    expect(&mut rest, &[2, 0, 0, 0, 0, 12, 0, 0, 0x10, 0])?;
    let header = read_until(message, rest)?;
    expect(&mut rest, &[0; 12])?;
    let header_tag = take(&mut rest, 16)?;
    expect(&mut rest, &[0xff, 0xff, 0xff, 0xff, 0, 0, 0, 1])?;
    let body_iv = take(&mut rest, 12)?.try_into().ok()?;
    let length = u32::from_be_bytes(take(&mut rest, 4)?.try_into().ok()?);
    let body = take(&mut rest, usize::try_from(length).ok()?.checked_add(16)?)?;
    let signed = read_until(message, rest)?;
    let signature = counted(&mut rest)?;
    rest.is_empty().then_some(Read {
        header,
        id,
        context,
        namespace,
        name,
        iv,
        wrapped,
        header_tag,
        body_iv,
        body,
        signed,
        signature,
    })
}

pub(super) fn pairs(mut bytes: &[u8]) -> Option<Context> {
    let count = u16::from_be_bytes(take(&mut bytes, 2)?.try_into().ok()?);
    let mut text = || String::from_utf8(counted(&mut bytes)?.to_vec()).ok();
    let context: Option<Context> = (0..count).map(|_| Some((text()?, text()?))).collect();
    context.filter(|_| bytes.is_empty())
}

fn open(key: &[u8], iv: [u8; 12], bound: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
    let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key).ok()?);
    let mut bytes = sealed.to_vec();
    let opened = key.open_in_place(Nonce::assume_unique_for_key(iv), Aad::from(bound), &mut bytes);
    opened.ok().map(|plaintext| plaintext.to_vec())
}

/// The plaintext, and the context without the signature's key. None: it is not what was encrypted by this key.
pub fn decrypt(key: &WrappingKey, message: &[u8]) -> Option<(Vec<u8>, Context)> {
    let read = parts(message)?;
    let named = (read.namespace, read.name.as_slice());
    (named == (key.namespace().as_bytes(), key.name().as_bytes())).then_some(())?;
    let mut context = pairs(read.context)?;
    let public_key = BASE64_STANDARD.decode(context.remove(PUBLIC_KEY)?).ok()?;
    let public_key = UnparsedPublicKey::new(&ECDSA_P384_SHA384_ASN1, public_key);
    public_key.verify(read.signed, read.signature).ok()?;
    let data_key = open(key.bytes(), read.iv, read.context, read.wrapped)?;
    let data_key = DataKey::derive(&data_key, &read.id).ok()?;
    let header = data_key.authenticate_header(read.header).ok()?;
    header.ends_with(read.header_tag).then_some(())?;
    let length = read.body.len().checked_sub(16)?;
    let bound = frame_is_bound_to(&read.id, 1, length);
    let plaintext = open(data_key.bytes(), read.body_iv, &bound, read.body)?;
    Some((plaintext, context))
}
