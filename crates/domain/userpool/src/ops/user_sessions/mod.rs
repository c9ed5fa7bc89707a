//! Which sessions a user has, and their end; how many there may be. Reference: user-pools 15.2.

mod client_session_configuration;
mod list_user_sessions;
mod pool_session_configuration;
mod revoke_user_session;
