//! Signing in.

mod choice;
mod lockout;
mod new_password;
mod password;
mod srp;
