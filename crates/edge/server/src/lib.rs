//! HTTP beside S3's protocol. One port for everything; `entry` decides what a request is and hands it on: a call to
//! an AWS service (`aws`), a pool's discovery documents (`discovery`), Poolhouse's own doors (`doors`), a bucket (the crate `s3`).
//! It decides nothing about users, tokens or policies. Start at [`App`] and `entry`.

mod app;
mod aws;
mod body;
mod discovery;
mod doors;
mod entry;
mod exchange;
mod isolation;
mod listen;
mod proxy;
mod stall;
pub mod tls;

#[cfg(test)]
mod tests;

pub use app::{App, Doors, Profile};
pub use entry::handle;
pub use listen::{Bound, Stop};
