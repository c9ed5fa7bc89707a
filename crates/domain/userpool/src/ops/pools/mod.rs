//! Operations on user pools.

mod add_custom_attributes;
mod change_pool;
mod create_user_pool;
mod delete_user_pool;
mod describe_user_pool;
mod get_user_pool_mfa_config;
mod list_user_pools;
mod set_user_pool_mfa_config;
mod tags;
mod update_user_pool;
