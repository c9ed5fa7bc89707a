//! Mails and text messages: what they say, how many there may be, and whose codes are known beforehand.

mod budgets;
mod known_codes;
mod links;
mod texts;
