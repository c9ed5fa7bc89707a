//! Responses, good and bad.

mod certificates;
mod conditions;
mod encryption;
mod fixture;
mod good;
mod leaving;
mod logout;
mod properties;
mod signatures;
mod wrapping;
mod xml;
