//! What the crates' tests share. It knows no Cognito behaviour and is a dependency of tests only. Start at
//! [`postgres::database`].

mod folder;
pub mod postgres;

pub use folder::Folder;
