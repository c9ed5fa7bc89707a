//! What users do with their own account, with or without having signed in, and the Admin forms of it.

mod arriving;
mod change_attributes;
mod change_password;
mod code_delivery;
mod confirm_by_link;
mod confirm_forgot_password;
mod confirm_sign_up;
mod delete_user;
mod delete_user_attributes;
mod forgot_password;
mod get_user;
mod get_user_attribute_verification_code;
mod resend_confirmation_code;
mod send_code;
mod sign_up;
mod update_user_attributes;
mod verify_user_attribute;

pub use confirm_by_link::{ConfirmationLink, Opened};
