//! Devices. Reference: user-pools 10.

mod operations;
mod tracked;
