//! What users and administrators do with second factors beside sign-in.

mod admin_delete_software_token;
mod associate_software_token;
mod get_user_auth_factors;
mod set_user_mfa_preference;
mod set_user_settings;
mod verify_software_token;
