//! Operations on how hosted login looks.

mod create_managed_login_branding;
mod delete_managed_login_branding;
mod describe_managed_login_branding;
mod get_ui_customization;
mod set_ui_customization;
mod update_managed_login_branding;
