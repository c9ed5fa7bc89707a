//! What users do with their own account.

mod confirmation;
mod passwords;
mod recovery;
mod sign_up;
mod without_password;
