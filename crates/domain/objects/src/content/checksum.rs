//! The checksums that clients may send and ask for, computed while bytes pass. Reference: identity-pools-iam 10.3.

use base64::{Engine, engine::general_purpose::STANDARD};
use crc::{Crc, Digest, Table};
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

static CRC32: Crc<u32, Table<16>> = Crc::<u32, Table<16>>::new(&crc::CRC_32_ISO_HDLC);
static CRC32C: Crc<u32, Table<16>> = Crc::<u32, Table<16>>::new(&crc::CRC_32_ISCSI);
static CRC64NVME: Crc<u64, Table<16>> = Crc::<u64, Table<16>>::new(&crc::CRC_64_NVME);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Algorithm {
    Crc32,
    Crc32c,
    Crc64Nvme,
    Sha1,
    Sha256,
}

impl Algorithm {
    pub const ALL: [Self; 5] = [Self::Crc32, Self::Crc32c, Self::Crc64Nvme, Self::Sha1, Self::Sha256];

    /// As `x-amz-checksum-algorithm` and XML spell it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Crc32 => "CRC32",
            Self::Crc32c => "CRC32C",
            Self::Crc64Nvme => "CRC64NVME",
            Self::Sha1 => "SHA1",
            Self::Sha256 => "SHA256",
        }
    }

    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|a| a.name().eq_ignore_ascii_case(name))
    }

    /// The header that carries the value.
    pub fn header(self) -> &'static str {
        match self {
            Self::Crc32 => "x-amz-checksum-crc32",
            Self::Crc32c => "x-amz-checksum-crc32c",
            Self::Crc64Nvme => "x-amz-checksum-crc64nvme",
            Self::Sha1 => "x-amz-checksum-sha1",
            Self::Sha256 => "x-amz-checksum-sha256",
        }
    }

    /// The XML element that carries the value.
    pub fn element(self) -> &'static str {
        match self {
            Self::Crc32 => "ChecksumCRC32",
            Self::Crc32c => "ChecksumCRC32C",
            Self::Crc64Nvme => "ChecksumCRC64NVME",
            Self::Sha1 => "ChecksumSHA1",
            Self::Sha256 => "ChecksumSHA256",
        }
    }

    fn length(self) -> usize {
        match self {
            Self::Crc32 | Self::Crc32c => 4,
            Self::Crc64Nvme => 8,
            Self::Sha1 => 20,
            Self::Sha256 => 32,
        }
    }

    /// Errors: InvalidRequest if `value` is not base64 of the right length.
    pub fn check(self, value: &str) -> Result<()> {
        match STANDARD.decode(value) {
            Ok(bytes) if bytes.len() == self.length() => Ok(()),
            _ => Err(Error::InvalidChecksum { header: self.header() }),
        }
    }

    /// What an upload's checksum covers unless its creator says otherwise; an impossible wish is none.
    pub(crate) fn upload_type(self, wish: Option<ChecksumType>) -> Option<ChecksumType> {
        use ChecksumType::{Composite, FullObject};
        let (usual, full, composite) = match self {
            Self::Crc64Nvme => (FullObject, true, false),
            Self::Crc32 | Self::Crc32c => (Composite, true, true),
            Self::Sha1 | Self::Sha256 => (Composite, false, true),
        };
        let kind = wish.unwrap_or(usual);
        let possible = match kind {
            FullObject => full,
            Composite => composite,
        };
        possible.then_some(kind)
    }

    pub(crate) fn hasher(self) -> Hasher {
        match self {
            Self::Crc32 => Hasher::Crc32(CRC32.digest()),
            Self::Crc32c => Hasher::Crc32c(CRC32C.digest()),
            Self::Crc64Nvme => Hasher::Crc64(CRC64NVME.digest()),
            Self::Sha1 => Hasher::Sha(aws_lc_rs::digest::Context::new(
                &aws_lc_rs::digest::SHA1_FOR_LEGACY_USE_ONLY,
            )),
            Self::Sha256 => Hasher::Sha(aws_lc_rs::digest::Context::new(&aws_lc_rs::digest::SHA256)),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ChecksumType {
    FullObject,
    /// A checksum of the parts' checksums, with `-<number of parts>` behind it.
    Composite,
}

impl ChecksumType {
    pub fn name(self) -> &'static str {
        match self {
            Self::FullObject => "FULL_OBJECT",
            Self::Composite => "COMPOSITE",
        }
    }

    pub fn by_name(name: &str) -> Option<Self> {
        [Self::FullObject, Self::Composite]
            .into_iter()
            .find(|t| t.name() == name)
    }
}

/// A stored checksum, as clients see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checksum {
    pub algorithm: Algorithm,
    /// Base64, big-endian.
    pub value: String,
    pub kind: ChecksumType,
}

/// A checksum in the making.
pub(crate) enum Hasher {
    Crc32(Digest<'static, u32, Table<16>>),
    Crc32c(Digest<'static, u32, Table<16>>),
    Crc64(Digest<'static, u64, Table<16>>),
    Sha(aws_lc_rs::digest::Context),
}

impl Hasher {
    pub(crate) fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Crc32(d) | Self::Crc32c(d) => d.update(bytes),
            Self::Crc64(d) => d.update(bytes),
            Self::Sha(d) => d.update(bytes),
        }
    }

    pub(crate) fn finish(self) -> String {
        match self {
            Self::Crc32(d) | Self::Crc32c(d) => STANDARD.encode(d.finalize().to_be_bytes()),
            Self::Crc64(d) => STANDARD.encode(d.finalize().to_be_bytes()),
            Self::Sha(d) => STANDARD.encode(d.finish().as_ref()),
        }
    }
}

/// SHA-256 of bytes as they pass: what a signed payload is checked by.
pub struct Sha256(aws_lc_rs::digest::Context);

impl Sha256 {
    #[expect(clippy::new_without_default, reason = "a hash in the making has no default")]
    pub fn new() -> Self {
        Self(aws_lc_rs::digest::Context::new(&aws_lc_rs::digest::SHA256))
    }

    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    pub fn finish(self) -> [u8; 32] {
        let mut out = [0; 32];
        for (to, from) in out.iter_mut().zip(self.0.finish().as_ref()) {
            *to = *from;
        }
        out
    }
}

/// The checksum of an object made of parts: (value, size in bytes) of each, in order. None if a value is not ours.
pub(crate) fn of_parts(algorithm: Algorithm, kind: ChecksumType, parts: &[(String, u64)]) -> Option<Checksum> {
    let value = match kind {
        ChecksumType::Composite => {
            let mut hasher = algorithm.hasher();
            for (value, _) in parts {
                hasher.update(&STANDARD.decode(value).ok()?);
            }
            format!("{}-{}", hasher.finish(), parts.len())
        }
        ChecksumType::FullObject => full_object(algorithm, parts)?,
    };
    Some(Checksum { algorithm, value, kind })
}

fn full_object(algorithm: Algorithm, parts: &[(String, u64)]) -> Option<String> {
    let (polynomial, width) = match algorithm {
        Algorithm::Crc32 => (u64::from(crc::CRC_32_ISO_HDLC.poly.reverse_bits()), 4),
        Algorithm::Crc32c => (u64::from(crc::CRC_32_ISCSI.poly.reverse_bits()), 4),
        Algorithm::Crc64Nvme => (crc::CRC_64_NVME.poly.reverse_bits(), 8),
        Algorithm::Sha1 | Algorithm::Sha256 => return None,
    };
    let mut total = 0;
    for (value, size) in parts {
        let bytes = STANDARD.decode(value).ok().filter(|b| b.len() == width)?;
        let crc = bytes.iter().fold(0_u64, |n, b| (n << 8) | u64::from(*b));
        total = combine(total, crc, *size, polynomial, width * 8);
    }
    let bytes = total.to_be_bytes();
    Some(STANDARD.encode(bytes.get(8 - width..)?))
}

/// CRC of `a ++ b` from both CRCs and the length of `b`: `a` times x^(8·length) modulo the polynomial, plus `b`. Bits are
/// reflected: the highest power is bit 0. Holds for CRCs whose start value equals their final exclusive-or, as these do.
fn combine(a: u64, b: u64, length: u64, polynomial: u64, bits: usize) -> u64 {
    let one = 1_u64 << (bits - 1);
    // x^8, then its square, its fourth power, …: one for each bit of the length.
    let mut power = one >> 8;
    let mut shift = one;
    let mut rest = length;
    while rest > 0 {
        if rest & 1 == 1 {
            shift = multiply(shift, power, polynomial, one);
        }
        power = multiply(power, power, polynomial, one);
        rest >>= 1;
    }
    multiply(a, shift, polynomial, one) ^ b
}

/// Product of two reflected polynomials modulo `polynomial`; `one` is the polynomial 1.
fn multiply(a: u64, mut b: u64, polynomial: u64, one: u64) -> u64 {
    let mut product = 0;
    let mut bit = one;
    while bit != 0 {
        if a & bit != 0 {
            product ^= b;
        }
        b = if b & 1 == 1 { (b >> 1) ^ polynomial } else { b >> 1 };
        bit >>= 1;
    }
    product
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(algorithm: Algorithm, bytes: &[u8]) -> String {
        let mut hasher = algorithm.hasher();
        hasher.update(bytes);
        hasher.finish()
    }

    /// The catalogue's check values for `123456789`; SHA from FIPS 180's algorithms.
    #[test]
    fn known_values() {
        for (algorithm, hex_value) in [
            (Algorithm::Crc32, "cbf43926"),
            (Algorithm::Crc32c, "e3069283"),
            (Algorithm::Crc64Nvme, "ae8b14860a799888"),
            (Algorithm::Sha1, "f7c3bc1d808e04732adf679965ccc34ca7ae3441"),
            (
                Algorithm::Sha256,
                "15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225",
            ),
        ] {
            assert_eq!(
                of(algorithm, b"123456789"),
                STANDARD.encode(hex::decode(hex_value).unwrap()),
                "{algorithm:?}"
            );
            assert!(algorithm.check(&of(algorithm, b"x")).is_ok());
            assert!(algorithm.check("AAAA").is_err());
            assert_eq!(Algorithm::by_name(algorithm.name()), Some(algorithm));
        }
        // The value of the reference's trailer vector, V7: 66560 times `a`.
        assert_eq!(of(Algorithm::Crc32c, &vec![b'a'; 66560]), "sOO8/Q==");
    }

    #[test]
    fn parts_combine_to_the_checksum_of_the_whole() {
        let whole: Vec<u8> = (0..100_000_u32)
            .map(|n| n.to_le_bytes()[0] ^ n.to_le_bytes()[1])
            .collect();
        let pieces = [&whole[..1], &whole[1..70_000], &whole[70_000..70_000], &whole[70_000..]];
        for algorithm in [Algorithm::Crc32, Algorithm::Crc32c, Algorithm::Crc64Nvme] {
            let parts: Vec<_> = pieces.iter().map(|p| (of(algorithm, p), p.len() as u64)).collect();
            let combined = of_parts(algorithm, ChecksumType::FullObject, &parts).unwrap();
            assert_eq!(combined.value, of(algorithm, &whole), "{algorithm:?}");
        }
        assert!(of_parts(Algorithm::Sha256, ChecksumType::FullObject, &[]).is_none());
    }

    #[test]
    fn a_composite_names_its_parts() {
        let parts = [(of(Algorithm::Sha256, b"a"), 1), (of(Algorithm::Sha256, b"b"), 1)];
        let joined: Vec<u8> = parts.iter().flat_map(|(v, _)| STANDARD.decode(v).unwrap()).collect();
        let composite = of_parts(Algorithm::Sha256, ChecksumType::Composite, &parts).unwrap();
        assert_eq!(composite.value, format!("{}-2", of(Algorithm::Sha256, &joined)));
    }

    #[test]
    fn which_types_an_upload_may_have() {
        use ChecksumType::{Composite, FullObject};
        for (algorithm, wish, expected) in [
            (Algorithm::Crc32, None, Some(Composite)),
            (Algorithm::Crc32, Some(FullObject), Some(FullObject)),
            (Algorithm::Crc64Nvme, None, Some(FullObject)),
            (Algorithm::Crc64Nvme, Some(Composite), None),
            (Algorithm::Sha256, None, Some(Composite)),
            (Algorithm::Sha256, Some(FullObject), None),
        ] {
            assert_eq!(algorithm.upload_type(wish), expected, "{algorithm:?} {wish:?}");
        }
    }
}
