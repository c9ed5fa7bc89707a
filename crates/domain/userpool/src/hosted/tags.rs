//! Tags of a pool that say how its hosted login is to be, beside those of [`crate::pool::switches`].

/// The name that pages show for the pool, as it is.
pub(crate) const TITLE: &str = "poolhouse:title";
