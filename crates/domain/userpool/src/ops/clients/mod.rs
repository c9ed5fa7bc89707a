//! Operations on app clients.

mod client_secrets;
mod create_user_pool_client;
mod delete_user_pool_client;
mod describe_user_pool_client;
mod list_user_pool_clients;
mod update_user_pool_client;
