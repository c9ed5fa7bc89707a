//! HTTP beside S3's protocol. One port for everything (`listen`): a request is read once (`arrival`), it is decided what it
//! wants (`wanted`), and it is handed to whoever answers (`entry`): a call to an AWS service (`aws`), a pool's discovery
//! documents (`discovery`), the link of a sign-up mail (`confirm_user`), Poolhouse's own doors (`doors`), a bucket (the crate `s3`). It decides nothing about users, tokens
//! or policies. Start at [`App`] and `entry`.

mod alias;
mod answer;
mod app;
mod arrival;
mod aws;
mod body;
mod confirm_user;
mod discovery;
mod documents;
mod doors;
mod entry;
mod exchange;
mod handshake;
mod hosted;
mod hosts;
mod http2;
mod life;
mod listen;
mod page;
mod peer;
mod plain;
mod stall;
pub mod tls;
mod wanted;

#[cfg(test)]
mod tests;

pub use alias::{AMAZONCOGNITO, AliasHosts};
pub use app::{App, Doors, Profile};
pub use documents::Documents;
pub use entry::handle;
pub use hosted::{Looks, Turnstile};
pub use hosts::OwnHosts;
pub use listen::{Bound, Stop};
pub use plain::Plain;
