//! Operations on groups.

mod admin_add_remove_user;
mod admin_list_groups_for_user;
mod create_group;
mod delete_group;
mod get_group;
mod list_groups;
mod list_users_in_group;
mod update_group;
