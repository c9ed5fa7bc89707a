//! One SQLite connection: how it is set up, and statements on it.

use std::{collections::HashMap, fs, io, os::unix::fs::OpenOptionsExt, path::Path, time::Duration};

use rusqlite::{
    CachedStatement, OpenFlags, ToSql,
    config::DbConfig,
    types::{ToSqlOutput, ValueRef},
};

use super::placeholders::number;
use crate::{FromRow, Row, StoreError, Value, row::Source};

/// Another process (an `admin` command beside the server) may hold the write lock for this long.
const BUSY: Duration = Duration::from_secs(5);
/// More than the program has statements, so that each is parsed once.
const STATEMENTS: usize = 1024;

pub(crate) struct Connection {
    db: rusqlite::Connection,
    /// Statements as SQLite wants their placeholders, by where the text lies, which is sooner compared than the text.
    numbered: HashMap<(usize, usize), String>,
    /// A statement of the closure under way failed.
    pub(super) failed: bool,
}

impl Connection {
    /// `synchronous = FULL` is what makes COMMIT return only after the log is synced: an acknowledgement follows it.
    /// The log is taken over into the file every 16 MiB rather than 4: what was changed several times meanwhile is written
    /// once. Its cache, which nobody else's writes make old, holds 16 MiB of pages when so many are used: rows of random keys
    /// lie anywhere.
    pub fn writer(path: &Path) -> Result<Self, StoreError> {
        create(path).map_err(|error| StoreError::Unavailable(format!("{}: {error}", path.display())))?;
        let connection = Self::open(
            path,
            OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
        )?;
        connection.is_to_be_written(path)?;
        let set = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
                   PRAGMA wal_autocheckpoint = 4000; PRAGMA journal_size_limit = 67108864;
                   PRAGMA cache_size = -16384;";
        connection.db.execute_batch(set).map_err(|error| unavailable(&error))?;
        Ok(connection)
    }

    /// Of a file that may be read alone SQLite opens that much, and says nothing until something is written.
    fn is_to_be_written(&self, path: &Path) -> Result<(), StoreError> {
        if self.db.is_readonly("main").map_err(|error| unavailable(&error))? {
            let name = path.display();
            return Err(StoreError::Unavailable(format!(
                "{name}: who runs this may read it, not write it"
            )));
        }
        Ok(())
    }

    pub fn reader(path: &Path) -> Result<Self, StoreError> {
        let connection = Self::open(path, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        connection
            .db
            .execute_batch("PRAGMA query_only = ON")
            .map_err(|error| unavailable(&error))?;
        Ok(connection)
    }

    /// A [`Connection::reader`] that fails at once where another would wait for a lock.
    pub fn reader_without_patience(path: &Path) -> Result<Self, StoreError> {
        let connection = Self::reader(path)?;
        let set = connection.db.busy_timeout(Duration::ZERO);
        set.map_err(|error| unavailable(&error))?;
        Ok(connection)
    }

    fn open(path: &Path, flags: OpenFlags) -> Result<Self, StoreError> {
        let db = rusqlite::Connection::open_with_flags(path, flags).map_err(|error| unavailable(&error))?;
        db.busy_timeout(BUSY).map_err(|error| unavailable(&error))?;
        db.set_prepared_statement_cache_capacity(STATEMENTS);
        // A plan is made once: else SQLite plans anew whenever a value is bound that it might have planned otherwise for.
        db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)
            .map_err(|error| unavailable(&error))?;
        // Else sorts and statement journals spill into the system's folder for temporary files: nothing is written outside
        // the data folder.
        db.pragma_update(None, "temp_store", "MEMORY")
            .map_err(|error| unavailable(&error))?;
        Ok(Self {
            db,
            numbered: HashMap::new(),
            failed: false,
        })
    }

    /// Transaction control, by the engine itself.
    pub(super) fn control(&self, sql: &'static str) -> Result<(), rusqlite::Error> {
        self.db.prepare_cached(sql)?.raw_execute().map(|_| ())
    }

    pub(super) fn in_transaction(&self) -> bool {
        !self.db.is_autocommit()
    }

    pub fn rows<R: FromRow>(&mut self, sql: &'static str, values: &[Value]) -> Result<Vec<R>, StoreError> {
        self.with(sql, values, |statement| {
            let mut rows = statement.raw_query();
            let mut out = Vec::new();
            while let Some(row) = rows.next().map_err(|error| failure(sql, &error))? {
                out.push(R::from_row(&Row {
                    sql,
                    cells: Source::Sqlite(row),
                })?);
            }
            Ok(out)
        })
    }

    pub fn exec(&mut self, sql: &'static str, values: &[Value]) -> Result<u64, StoreError> {
        self.with(sql, values, |statement| {
            statement
                .raw_execute()
                .map(|n| n as u64)
                .map_err(|error| failure(sql, &error))
        })
    }

    fn with<T>(
        &mut self,
        sql: &'static str,
        values: &[Value],
        act: impl FnOnce(&mut CachedStatement<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        if self.failed {
            return Err(StoreError::IgnoredFailure);
        }
        let numbered = self
            .numbered
            .entry((sql.as_ptr().addr(), sql.len()))
            .or_insert_with(|| number(sql));
        let outcome = bound(&self.db, numbered, values).and_then(|mut statement| act(&mut statement));
        self.failed = outcome.is_err();
        outcome
    }

    /// Several statements without arguments.
    pub fn script(&mut self, sql: &str) -> Result<(), StoreError> {
        let outcome = self.db.execute_batch(sql).map_err(|error| failure(sql, &error));
        self.failed |= outcome.is_err();
        outcome
    }

    pub fn explain(&mut self, sql: &str, values: &[Value]) -> Result<Vec<String>, StoreError> {
        let sql = number(&format!("EXPLAIN QUERY PLAN {sql}"));
        let mut statement = bound(&self.db, &sql, values)?;
        let mut rows = statement.raw_query();
        let mut plan = Vec::new();
        while let Some(row) = rows.next().map_err(|error| failure(&sql, &error))? {
            plan.push(row.get("detail").map_err(|error| failure(&sql, &error))?);
        }
        Ok(plan)
    }
}

/// Readable by its owner alone; SQLite makes the log files beside it like it.
fn create(path: &Path) -> io::Result<()> {
    match fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
    {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
        Ok(_) => fs::File::open(path.parent().filter(|p| *p != "").unwrap_or(Path::new(".")))?.sync_all(),
    }
}

fn bound<'a>(db: &'a rusqlite::Connection, sql: &str, values: &[Value]) -> Result<CachedStatement<'a>, StoreError> {
    let mut statement = db.prepare_cached(sql).map_err(|error| failure(sql, &error))?;
    if statement.parameter_count() != values.len() {
        let cause = format!(
            "{} arguments given, {} wanted",
            values.len(),
            statement.parameter_count()
        );
        return Err(StoreError::Statement {
            sql: sql.to_owned(),
            cause,
        });
    }
    for (value, n) in values.iter().zip(1..) {
        statement
            .raw_bind_parameter(n, value)
            .map_err(|error| failure(sql, &error))?;
    }
    Ok(statement)
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(n) => ValueRef::Integer(*n),
            Self::Bool(b) => ValueRef::Integer((*b).into()),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

/// SQLite's messages name tables and columns, never values.
fn failure(sql: &str, error: &rusqlite::Error) -> StoreError {
    StoreError::Statement {
        sql: sql.to_owned(),
        cause: error.to_string(),
    }
}

pub(super) fn unavailable(error: &rusqlite::Error) -> StoreError {
    StoreError::Unavailable(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_may_only_be_read_is_named_at_once() {
        let folder = testkit::Folder::new().unwrap();
        let path = folder.path().join("poolhouse.db");
        Connection::writer(&path).unwrap();
        let reader = Connection::reader(&path).unwrap();
        let said = reader.is_to_be_written(&path).unwrap_err().to_string();
        assert!(said.contains("poolhouse.db: who runs this may read it"), "{said}");
    }
}
