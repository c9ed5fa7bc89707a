//! Two engines behind one face: SQLite with a group-committing writer, PostgreSQL with serializable retries; migrations;
//! and all SQL. It never decides what a request means and never hashes, signs or calls out. An acknowledged write is
//! durable. Start at [`Store::read`] and [`Store::write`]; the statements live in `records`.

mod cache;
mod column;
mod config;
mod connection;
mod courtesy;
mod engine;
mod error;
mod migrate;
mod params;
mod postgres;
mod queue;
mod record;
pub mod records;
mod row;
mod schema;
mod sqlite;
mod stats;
mod stop;
mod store;
mod task;
mod tx;
mod value;
mod wake;

#[cfg(test)]
mod conformance;

pub use cache::{Cache, Scope};
pub use column::{Cell, FromColumn};
pub use config::{Config, Limits};
pub use courtesy::Courtesy;
pub use error::StoreError;
pub use params::Params;
pub use record::{Cells, Columns, Record};
pub use row::{FromRow, Row};
pub use stats::Stats;
pub use stop::{Stop, retrying};
pub use store::Store;
pub use tx::{Read, Reader, Tx};
pub use value::Value;
pub use wake::Wake;
