//! What administrators do with users; the Admin forms of what users do themselves stand in `account` and `session`.

mod admin_create_user;
mod admin_enable_disable_user;
mod admin_link_provider_for_user;
mod admin_reset_user_password;
mod admin_set_user_password;
mod list_users;
