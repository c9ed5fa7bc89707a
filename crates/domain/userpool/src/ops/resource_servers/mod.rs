//! Operations on resource servers.

mod create_resource_server;
mod delete_resource_server;
mod describe_resource_server;
mod list_resource_servers;
mod update_resource_server;
