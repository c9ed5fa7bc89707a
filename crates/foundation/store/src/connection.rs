//! The connection that a closure works on, of either engine.

use crate::{FromRow, StoreError, Value, postgres, sqlite};

/// An open transaction's connection, of either engine.
pub(crate) enum Connection<'a> {
    Sqlite(&'a mut sqlite::Connection),
    Postgres(&'a mut postgres::Connection),
}

impl Connection<'_> {
    pub fn rows<R: FromRow>(&mut self, sql: &'static str, values: &[Value]) -> Result<Vec<R>, StoreError> {
        refuse_nul(values)?;
        #[cfg(test)]
        crate::records::tests::seen(sql, values);
        match self {
            Self::Sqlite(connection) => connection.rows(sql, values),
            Self::Postgres(connection) => connection.rows(sql, values),
        }
    }

    pub fn exec(&mut self, sql: &'static str, values: &[Value]) -> Result<u64, StoreError> {
        refuse_nul(values)?;
        #[cfg(test)]
        crate::records::tests::seen(sql, values);
        match self {
            Self::Sqlite(connection) => connection.exec(sql, values),
            Self::Postgres(connection) => connection.exec(sql, values),
        }
    }

    /// Runs a migration's statements; `{key}` and `{blob}` become the engine's types.
    pub fn script(&mut self, text: &str) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(connection) => connection.script(&text.replace("{key}", "TEXT").replace("{blob}", "BLOB")),
            Self::Postgres(connection) => {
                connection.script(&text.replace("{key}", "TEXT COLLATE \"C\"").replace("{blob}", "BYTEA"))
            }
        }
    }

    /// Lets one node at a time migrate, until the transaction ends. To be called before anything else in it.
    pub fn lock_schema(&mut self) -> Result<(), StoreError> {
        match self {
            // The write transaction excludes every other writer already.
            Self::Sqlite(_) => Ok(()),
            Self::Postgres(connection) => connection.lock_schema(),
        }
    }

    /// How the engine would run a statement, line by line.
    pub fn explain(&mut self, sql: &str, values: &[Value]) -> Result<Vec<String>, StoreError> {
        match self {
            Self::Sqlite(connection) => connection.explain(sql, values),
            Self::Postgres(connection) => connection.explain(sql, values),
        }
    }
}

/// PostgreSQL's text can't hold it, so SQLite's may not either.
fn refuse_nul(values: &[Value]) -> Result<(), StoreError> {
    let holds_nul = |value: &Value| matches!(value, Value::Text(text) if text.contains('\0'));
    if values.iter().any(holds_nul) {
        Err(StoreError::Nul)
    } else {
        Ok(())
    }
}
