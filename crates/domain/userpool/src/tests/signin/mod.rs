//! Signing in.

mod choice;
mod codes;
mod lockout;
mod new_password;
mod password;
mod srp;
mod step_up;
