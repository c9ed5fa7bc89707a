//! The group: its prime, its multiplier k, and powers of its generator 2 from a table, which takes a fraction of the time
//! of a general exponentiation.

use std::sync::LazyLock;

use subtle::ConstantTimeEq;
use zeroize::{Zeroize, Zeroizing};

use super::{
    bn::{Bytes, LEN, Modulus, Residue},
    numbers::{pad, right_aligned},
    prime::N,
};
use crate::hash;

/// An exponent of 256 bits, big-endian: a, b, u, x.
pub(super) type Exponent = Zeroizing<[u8; 32]>;

/// Hexadecimal digits of an exponent.
const DIGITS: usize = 64;

/// A number's bytes, eight at a time.
type Words = [u64; LEN / 8];

pub(super) static GROUP: LazyLock<Group> = LazyLock::new(Group::new);

pub(super) struct Group {
    pub(super) modulus: Modulus,
    /// k = H(pad(N), pad(g)).
    k: Bytes,
    /// One, in Montgomery form.
    one: Bytes,
    /// For each digit of an exponent, lowest first, and each value from 0 to 15: the power of g that this digit adds, in
    /// Montgomery form. 384 KiB, made at the first use in about two milliseconds.
    powers: Vec<[Words; 16]>,
}

impl Group {
    fn new() -> Self {
        let modulus = Modulus::new(&N);
        let k = right_aligned(&hash::sha256(&[&pad(&N), &pad(&[2])]));
        let one = modulus.to_montgomery(&Modulus::load(&right_aligned(&[1]))).to_bytes();
        let mut step = modulus.to_montgomery(&Modulus::load(&right_aligned(&[2])));
        let mut powers = Vec::with_capacity(DIGITS);
        for _ in 0..DIGITS {
            let mut row = [[0; LEN / 8]; 16];
            let mut power = Modulus::load(&one);
            for entry in &mut row {
                *entry = words(&power.to_bytes());
                power = modulus.montgomery_mul(&power, &step);
            }
            powers.push(row);
            step = power;
        }
        Self {
            modulus,
            k,
            one,
            powers,
        }
    }

    /// 2 to the power of the exponent. Reads the whole table whatever the exponent is.
    pub(super) fn power_of_g(&self, exponent: &Exponent) -> Residue {
        let mut product = Modulus::load(&self.one);
        for (row, digit) in self.powers.iter().zip(digits(exponent)) {
            let mut power = select(row, digit);
            product = self.modulus.montgomery_mul(&product, &Modulus::load(&power));
            power.zeroize();
        }
        // Multiplying by the plain one takes the product out of Montgomery form.
        self.modulus
            .montgomery_mul(&product, &Modulus::load(&right_aligned(&[1])))
    }

    /// k times a number.
    pub(super) fn times_k(&self, v: &Residue) -> Residue {
        self.modulus.mul(&Modulus::load(&self.k), v)
    }
}

/// The exponent's hexadecimal digits, lowest first.
fn digits(exponent: &Exponent) -> impl Iterator<Item = u8> {
    exponent.iter().rev().flat_map(|byte| [byte & 15, byte >> 4])
}

/// The entry that the digit names, read so that neither time nor touched memory tells which.
fn select(row: &[Words; 16], digit: u8) -> Bytes {
    let mut selected: Words = [0; LEN / 8];
    for (value, entry) in (0u8..).zip(row) {
        let mask = 0u64.wrapping_sub(u64::from(value.ct_eq(&digit).unwrap_u8()));
        for (to, from) in selected.iter_mut().zip(entry) {
            *to |= from & mask;
        }
    }
    let mut number = [0; LEN];
    number
        .as_chunks_mut()
        .0
        .iter_mut()
        .zip(&selected)
        .for_each(|(to, word)| *to = word.to_ne_bytes());
    selected.zeroize();
    number
}

fn words(number: &Bytes) -> Words {
    let mut words = [0; LEN / 8];
    words
        .iter_mut()
        .zip(number.as_chunks().0)
        .for_each(|(to, bytes)| *to = u64::from_ne_bytes(*bytes));
    words
}
