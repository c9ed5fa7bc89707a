//! Passwords: what they must look like (`policy`), how they are kept (`kept`, `form`, `history`), how they are checked and made
//! (`hashing`, on the CPU pool), how they are set (`setting`), and what wrong ones lead to (`lockout`).

mod form;
pub(crate) mod hashing;
mod history;
pub(crate) mod kept;
pub(crate) mod lockout;
pub(crate) mod policy;
pub(crate) mod setting;

#[cfg(test)]
mod tests;
