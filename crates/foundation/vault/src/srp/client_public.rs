//! What a client sends first.

use super::{
    bn::{Bytes, LEN},
    group::GROUP,
    numbers::{Invalid, parse_hex},
};

/// The client's `A`, as it was sent: not reduced, because hashes take it so.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ClientPublic(Bytes);

impl ClientPublic {
    /// Reads `SRP_A`: hexadecimal in either case, leading zeros allowed, not divisible by the prime.
    pub fn parse(hex: &str) -> Result<Self, Invalid> {
        parse_hex(hex).and_then(Self::from_bytes)
    }

    pub fn from_bytes(bytes: Bytes) -> Result<Self, Invalid> {
        if GROUP.modulus.reduce(&bytes).to_bytes() == [0; LEN] {
            return Err(Invalid::Zero);
        }
        Ok(Self(bytes))
    }

    pub fn as_bytes(&self) -> &[u8; LEN] {
        &self.0
    }
}
