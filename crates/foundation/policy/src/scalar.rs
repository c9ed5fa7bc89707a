//! Numbers, dates, addresses and binary values of conditions. Reference: identity-pools-iam 4.3.

use std::net::IpAddr;

use crate::context::Value;
use crate::iso8601;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// An exact decimal in units of 10^-18, so that 0.1 is 0.1 and large ids stay apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Decimal(i128);

const DECIMAL_PLACES: usize = 18;
const DECIMAL_UNIT: i128 = 1_000_000_000_000_000_000;

impl Decimal {
    /// Sign, at most 20 digits before and 18 after the point; no exponent.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
        let fits = |part: &str, most| (1..=most).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        if !fits(whole, 20) || !fits(fraction, DECIMAL_PLACES) {
            return None;
        }
        let fraction: i128 = format!("{fraction:0<DECIMAL_PLACES$}").parse().ok()?;
        let size = whole
            .parse::<i128>()
            .ok()?
            .checked_mul(DECIMAL_UNIT)?
            .checked_add(fraction)?;
        Some(Self(if negative { -size } else { size }))
    }

    pub(crate) fn of(value: &Value<'_>) -> Option<Self> {
        match value {
            Value::Integer(number) => Some(Self(i128::from(*number) * DECIMAL_UNIT)),
            Value::Text(text) => Self::parse(text),
            Value::Time(time) => Some(Self(i128::from(time.as_second()) * DECIMAL_UNIT)),
            Value::Bool(_) | Value::Ip(_) => None,
        }
    }
}

/// Nanoseconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Instant(i128);

impl Instant {
    /// ISO 8601 in the W3C's forms, or seconds since 1970. Four digits are a year.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if let Some(nanoseconds) = iso8601::parse(text) {
            return Some(Self(nanoseconds));
        }
        Decimal::parse(text).map(|seconds| Self(seconds.0 / (DECIMAL_UNIT / 1_000_000_000)))
    }

    pub(crate) fn of(value: &Value<'_>) -> Option<Self> {
        match value {
            Value::Time(time) => Some(Self(time.as_nanosecond())),
            Value::Integer(seconds) => Some(Self(i128::from(*seconds) * 1_000_000_000)),
            Value::Text(text) => Self::parse(text),
            Value::Bool(_) | Value::Ip(_) => None,
        }
    }
}

pub(crate) fn boolean(text: &str) -> Option<bool> {
    if text.eq_ignore_ascii_case("true") {
        Some(true)
    } else if text.eq_ignore_ascii_case("false") {
        Some(false)
    } else {
        None
    }
}

pub(crate) fn binary(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}

/// A range of addresses. An IPv4 address written as IPv6 (`::ffff:10.0.0.1`) is that IPv4 address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cidr {
    network: u128,
    width: Width,
    prefix: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Width {
    V4 = 32,
    V6 = 128,
}

impl Cidr {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix))
                if (1..=3).contains(&prefix.len()) && prefix.bytes().all(|b| b.is_ascii_digit()) =>
            {
                (address, Some(prefix.parse::<u32>().ok()?))
            }
            Some(_) => return None,
            None => (text, None),
        };
        let (bits, width) = bits(address.parse().ok()?);
        let prefix = prefix.unwrap_or(width as u32);
        (prefix <= width as u32).then(|| Self {
            network: masked(bits, width, prefix),
            width,
            prefix,
        })
    }

    pub(crate) fn contains(&self, address: IpAddr) -> bool {
        let (bits, width) = bits(address.to_canonical());
        width == self.width && masked(bits, width, self.prefix) == self.network
    }

    /// Wider than /8 (IPv4) or /32 (IPv6): too wide to keep the public out.
    pub(crate) fn is_broad(&self) -> bool {
        self.prefix < if self.width == Width::V4 { 8 } else { 32 }
    }
}

pub(crate) fn address(value: &Value<'_>) -> Option<IpAddr> {
    match value {
        Value::Ip(address) => Some(*address),
        Value::Text(text) => text.parse().ok(),
        Value::Bool(_) | Value::Integer(_) | Value::Time(_) => None,
    }
}

fn bits(address: IpAddr) -> (u128, Width) {
    match address {
        IpAddr::V4(address) => (u128::from(address.to_bits()), Width::V4),
        IpAddr::V6(address) => (address.to_bits(), Width::V6),
    }
}

fn masked(bits: u128, width: Width, prefix: u32) -> u128 {
    bits.checked_shr(width as u32 - prefix).unwrap_or(0)
}
