//! Arithmetic modulo a fixed odd number on aws-lc's big numbers: its constant-time exponentiation is four times as fast as
//! what safe Rust offers (DEPENDENCIES 2.2). This is the project's only unsafe code.
//!
//! Soundness rests on three things: every pointer is owned by one of the wrappers here and comes from aws-lc; aws-lc checks
//! the ranges of its operands itself, so a wrong number gives a wrong result or an error, never a wild access; buffers are
//! passed with their own lengths.
#![expect(unsafe_code, reason = "calls into aws-lc, whose big numbers have no safe interface")]

use std::{
    alloc::{Layout, handle_alloc_error},
    ffi::c_int,
    ptr::{NonNull, null_mut},
};

use aws_lc_sys::{
    BIGNUM, BN_CTX, BN_CTX_free, BN_CTX_new, BN_MONT_CTX, BN_MONT_CTX_free, BN_MONT_CTX_new_for_modulus, BN_bin2bn,
    BN_bn2bin_padded, BN_clear_free, BN_mod_add_quick, BN_mod_exp_mont_consttime, BN_mod_mul_montgomery,
    BN_mod_sub_quick, BN_new, BN_nnmod, BN_to_montgomery,
};

pub(super) const LEN: usize = 384;

/// A number below 2^3072, big-endian.
pub(super) type Bytes = [u8; LEN];

/// A number owned by aws-lc; wiped when dropped.
struct Number(NonNull<BIGNUM>);

/// Scratch space of aws-lc. Made for each operation: it is a small allocation, and sharing one between threads is not allowed.
struct Scratch(NonNull<BN_CTX>);

/// The modulus with its Montgomery constants.
pub(super) struct Modulus {
    n: Number,
    montgomery: NonNull<BN_MONT_CTX>,
    bytes: Bytes,
}

/// A number below the modulus.
pub(super) struct Residue(Number);

// SAFETY: after `Modulus::new` both pointees are only ever passed to aws-lc as `const`, and aws-lc writes nothing through
// those (RSA keys share their Montgomery contexts between threads in the same way). `Drop` has exclusive access.
unsafe impl Send for Modulus {}
// SAFETY: as above.
unsafe impl Sync for Modulus {}

impl Modulus {
    /// `n` must be odd.
    pub(super) fn new(n: &Bytes) -> Self {
        let number = Number::from_bytes(n);
        let scratch = Scratch::new();
        // SAFETY: both pointers are valid; the context that is returned keeps a copy of the number.
        let montgomery = allocated(unsafe { BN_MONT_CTX_new_for_modulus(number.as_ptr(), scratch.0.as_ptr()) });
        Self {
            n: number,
            montgomery,
            bytes: *n,
        }
    }

    /// Whether the number lies below the modulus.
    pub(super) fn contains(&self, bytes: &Bytes) -> bool {
        bytes < &self.bytes
    }

    /// Takes a number that lies below the modulus, whatever its value in the same time.
    pub(super) fn load(bytes: &Bytes) -> Residue {
        Residue(Number::from_bytes(bytes))
    }

    /// Any number, reduced. For public numbers: the time tells of the value.
    pub(super) fn reduce(&self, bytes: &Bytes) -> Residue {
        let (mut reduced, number, scratch) = (Number::new(), Number::from_bytes(bytes), Scratch::new());
        // SAFETY: four valid pointers; the result is a number of its own.
        succeeded(unsafe {
            BN_nnmod(
                reduced.as_mut_ptr(),
                number.as_ptr(),
                self.n.as_ptr(),
                scratch.0.as_ptr(),
            )
        });
        // By way of bytes, because aws-lc's fast paths want numbers of the modulus's width.
        Self::load(&Residue(reduced).to_bytes())
    }

    pub(super) fn add(&self, a: &Residue, b: &Residue) -> Residue {
        let mut sum = Number::new();
        // SAFETY: four valid pointers; the result is a number of its own.
        succeeded(unsafe { BN_mod_add_quick(sum.as_mut_ptr(), a.0.as_ptr(), b.0.as_ptr(), self.n.as_ptr()) });
        Residue(sum)
    }

    #[cfg_attr(
        not(any(test, feature = "client")),
        expect(dead_code, reason = "only the client's side subtracts")
    )]
    pub(super) fn sub(&self, a: &Residue, b: &Residue) -> Residue {
        let mut difference = Number::new();
        // SAFETY: four valid pointers; the result is a number of its own.
        succeeded(unsafe { BN_mod_sub_quick(difference.as_mut_ptr(), a.0.as_ptr(), b.0.as_ptr(), self.n.as_ptr()) });
        Residue(difference)
    }

    /// `a * b`, in constant time, unlike aws-lc's general multiplication, which divides.
    pub(super) fn mul(&self, a: &Residue, b: &Residue) -> Residue {
        self.montgomery_mul(&self.to_montgomery(a), b)
    }

    /// `a * R`, where `R` is 2^3072: the form whose products need no division.
    pub(super) fn to_montgomery(&self, a: &Residue) -> Residue {
        let (mut product, scratch) = (Number::new(), Scratch::new());
        // SAFETY: four valid pointers; the result is a number of its own.
        succeeded(unsafe {
            BN_to_montgomery(
                product.as_mut_ptr(),
                a.0.as_ptr(),
                self.montgomery.as_ptr(),
                scratch.0.as_ptr(),
            )
        });
        Residue(product)
    }

    /// `a * b / R`.
    pub(super) fn montgomery_mul(&self, a: &Residue, b: &Residue) -> Residue {
        let (mut product, scratch) = (Number::new(), Scratch::new());
        let (a, b) = (a.0.as_ptr(), b.0.as_ptr());
        // SAFETY: five valid pointers; the result is a number of its own.
        succeeded(unsafe {
            BN_mod_mul_montgomery(product.as_mut_ptr(), a, b, self.montgomery.as_ptr(), scratch.0.as_ptr())
        });
        Residue(product)
    }

    /// `base` to the power of a big-endian exponent. Constant time: only the exponent's length in bytes shows.
    pub(super) fn pow(&self, base: &Residue, exponent: &[u8]) -> Residue {
        let (mut power, exponent, scratch) = (Number::new(), Number::from_bytes(exponent), Scratch::new());
        // SAFETY: six valid pointers; the result is a number of its own.
        succeeded(unsafe {
            BN_mod_exp_mont_consttime(
                power.as_mut_ptr(),
                base.0.as_ptr(),
                exponent.as_ptr(),
                self.n.as_ptr(),
                scratch.0.as_ptr(),
                self.montgomery.as_ptr(),
            )
        });
        Residue(power)
    }
}

impl Drop for Modulus {
    fn drop(&mut self) {
        // SAFETY: the pointer is ours and is not used again.
        unsafe { BN_MONT_CTX_free(self.montgomery.as_ptr()) }
    }
}

impl Residue {
    pub(super) fn to_bytes(&self) -> Bytes {
        let mut bytes = [0; LEN];
        // SAFETY: aws-lc writes exactly the length that it is told, or fails.
        succeeded(unsafe { BN_bn2bin_padded(bytes.as_mut_ptr(), bytes.len(), self.0.as_ptr()) });
        bytes
    }
}

impl Number {
    fn new() -> Self {
        // SAFETY: makes a new object or gives null.
        Self(allocated(unsafe { BN_new() }))
    }

    /// As wide as `bytes` is long, leading zeros included: later operations take as long for every value.
    fn from_bytes(bytes: &[u8]) -> Self {
        // SAFETY: aws-lc reads exactly the slice; a null target makes it allocate the result.
        Self(allocated(unsafe { BN_bin2bn(bytes.as_ptr(), bytes.len(), null_mut()) }))
    }

    fn as_ptr(&self) -> *const BIGNUM {
        self.0.as_ptr()
    }

    fn as_mut_ptr(&mut self) -> *mut BIGNUM {
        self.0.as_ptr()
    }
}

impl Drop for Number {
    fn drop(&mut self) {
        // SAFETY: the pointer is ours and is not used again.
        unsafe { BN_clear_free(self.0.as_ptr()) }
    }
}

impl Scratch {
    fn new() -> Self {
        // SAFETY: makes a new object or gives null.
        Self(allocated(unsafe { BN_CTX_new() }))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // SAFETY: the pointer is ours and is not used again.
        unsafe { BN_CTX_free(self.0.as_ptr()) }
    }
}

fn allocated<T>(pointer: *mut T) -> NonNull<T> {
    NonNull::new(pointer).unwrap_or_else(|| out_of_memory())
}

/// With operands in range, which this module sees to, aws-lc's functions fail for want of memory only.
fn succeeded(code: c_int) {
    if code != 1 {
        out_of_memory();
    }
}

fn out_of_memory() -> ! {
    handle_alloc_error(Layout::new::<Bytes>())
}
