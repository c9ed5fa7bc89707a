//! People whom an identity provider sends: who they are here, and how they come in. Reference: oauth-and-federation 10.4 to 10.7.
//!
//! ```text
//!  Arrival ──▶ a function hears what the provider said ──▶ mapping: what of it is the pool's
//!                                  │
//!             is it somebody?  known, by the table of subjects and links ──▶ renewal ──▶ signed in
//!                                  │ nobody
//!             the pool believes the provider of an address: `believed` ──▶ somebody, as above
//!                                  │ nobody
//!             a function hears, and may link ──▶ somebody, as above
//!                                  │ nobody
//!             newcomer: a user, their row in that table and their group, in one write ──▶ signed in
//! ```
//!
//! Start at `arrive`; `identities` is what all that is done with them has in common, `link` an administrator's word on it, `shown` how it
//! is told. Who somebody is goes by the rows of `external_users`, never by a user's name (decision 23).

mod arrive;
mod believed;
pub(crate) mod identities;
mod known;
pub(crate) mod link;
mod mapping;
mod naming;
mod newcomer;
mod renewal;
pub(crate) mod shown;
mod told;

pub(crate) use renewal::Renewal;
pub use told::NotArrived;
