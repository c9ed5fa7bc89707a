//! What the crates' tests share. Start at [`World`], on which a crate puts its services, and [`Call`], by which operations are
//! called and what came of it is recorded. It uses the foundation alone, knows no Cognito behaviour, and is a dependency of
//! tests only: a domain crate's own tests could not take that crate's types from here, since they are compiled anew for them.

pub mod authenticator;
mod call;
mod chance;
mod client_key;
mod clock;
mod folder;
mod json;
pub mod postgres;
mod record;
mod signing_keys;
mod world;

pub use call::{Answer, Call};
pub use chance::SeededRng;
pub use client_key::ClientKey;
pub use clock::MockClock;
pub use folder::Folder;
pub use json::{merged, object, text};
pub use record::table_is_modelled;
pub use signing_keys::signing_keys;
pub use world::{ACCOUNT, BASE_URL, CPU_THREADS, REGION, World};
