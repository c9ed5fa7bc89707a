//! What the crates' tests share: a clock that is moved, chance that repeats, known keys, folders, a scratch PostgreSQL. It
//! knows no Cognito behaviour and is a dependency of tests only.

mod chance;
mod clock;
mod folder;
pub mod postgres;
mod signing_keys;

pub use chance::SeededRng;
pub use clock::MockClock;
pub use folder::Folder;
pub use signing_keys::signing_keys;
