//! What every page's context is.

use serde::Serialize;

/// A page: its context, and the template of its name.
pub trait Page: Serialize + Sized {
    /// The template is `<NAME>.html`.
    const NAME: &'static str;

    /// A page as it may well be.
    fn sample() -> Self;

    /// Pages of other branches, each with a word for it.
    fn variants() -> Vec<(&'static str, Self)> {
        Vec::new()
    }
}
