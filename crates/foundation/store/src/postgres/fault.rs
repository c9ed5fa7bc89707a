//! What an error of PostgreSQL means for the transaction it struck.

use postgres::{
    Error,
    error::{DbError, Severity, SqlState},
};

use super::role::Role;
use crate::StoreError;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// Another transaction was in the way: the same again will do.
    LostRace,
    /// The connection is of no use any more: the same again on a new one. Before COMMIT nothing of it was kept.
    LostConnection,
    /// The statement itself is wrong.
    Statement,
}

/// Of an error before COMMIT.
pub(super) fn of(error: &Error, role: Role) -> Fault {
    match error.as_db_error() {
        Some(db) if lost_race(db) => Fault::LostRace,
        Some(db) if is_fatal(db) || is_connection_exception(db.code()) => Fault::LostConnection,
        // The server became a standby under a writer; a reader is not to write anyhow.
        Some(db) if role == Role::Writer && *db.code() == SqlState::READ_ONLY_SQL_TRANSACTION => Fault::LostConnection,
        None if error.is_closed() || is_io(error) => Fault::LostConnection,
        _ => Fault::Statement,
    }
}

/// What an error that COMMIT answered with says about the commit.
pub(super) enum Commit {
    /// It did not happen; it may be tried again.
    LostRace,
    /// It did not happen, by a rule of the schema.
    Refused,
    /// Nothing is said: the connection was cut, or ended by the server, which happens after a commit too.
    Unknown,
}

pub(super) fn of_commit(error: &Error) -> Commit {
    match error.as_db_error() {
        Some(db) if is_fatal(db) => Commit::Unknown,
        Some(db) if lost_race(db) => Commit::LostRace,
        Some(db) if db.code().code().starts_with("23") => Commit::Refused,
        _ => Commit::Unknown,
    }
}

fn lost_race(db: &DbError) -> bool {
    matches!(
        *db.code(),
        SqlState::T_R_SERIALIZATION_FAILURE | SqlState::T_R_DEADLOCK_DETECTED
    )
}

fn is_fatal(db: &DbError) -> bool {
    matches!(db.parsed_severity(), Some(Severity::Fatal | Severity::Panic))
}

/// The server goes down, or a proxy lost it.
fn is_connection_exception(code: &SqlState) -> bool {
    code.code().starts_with("08") || code.code().starts_with("57P")
}

/// Prepared before another node changed the schema, or on another connection behind a pooler: a new connection helps.
pub(super) fn is_stale_statement(error: &Error) -> bool {
    error
        .code()
        .is_some_and(|code| [SqlState::FEATURE_NOT_SUPPORTED, SqlState::INVALID_SQL_STATEMENT_NAME].contains(code))
}

fn is_io(error: &Error) -> bool {
    std::error::Error::source(error).is_some_and(<dyn std::error::Error>::is::<std::io::Error>)
}

/// Code and message, but not the detail: it quotes values.
pub(super) fn text(error: &Error) -> String {
    match error.as_db_error() {
        Some(db) => format!("{} ({})", db.message(), db.code().code()),
        None => match std::error::Error::source(error) {
            Some(source) => format!("{error}: {source}"),
            None => error.to_string(),
        },
    }
}

pub(super) fn unavailable(error: &Error) -> StoreError {
    StoreError::Unavailable(text(error))
}
