//! A style's Settings with ours beneath them, read by paths.

use std::sync::LazyLock;

use serde_json::Value;

/// The look of whoever has set nothing, in the form of Settings. Reference: oauth-and-federation 9.3.
pub(crate) static DEFAULTS: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("defaults.json")).unwrap_or_default());

pub(super) struct Reading<'a> {
    own: &'a Value,
}

impl<'a> Reading<'a> {
    pub fn of(own: &'a Value) -> Self {
        Self { own }
    }

    /// What the style itself says, if it makes sense.
    pub fn own<T>(&self, path: &str, read: impl Fn(&Value) -> Option<T>) -> Option<T> {
        self.own.pointer(path).and_then(read)
    }

    /// The first that makes sense of the two.
    pub fn find<T>(&self, path: &str, read: impl Fn(&Value) -> Option<T>) -> Option<T> {
        self.own(path, &read).or_else(|| DEFAULTS.pointer(path).and_then(&read))
    }
}
