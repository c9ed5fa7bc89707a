//! Devices. Reference: user-pools 10.

mod addresses;
mod custom;
mod operations;
mod proof;
mod refresh;
mod sign_in;
mod tracked;
