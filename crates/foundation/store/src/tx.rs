//! What a closure is given: [`Reader`] (one snapshot) or [`Tx`] (one transaction).

use crate::{FromColumn, FromRow, Params, Scope, StoreError, connection::Connection};

/// Statements that answer rows. In a [`Reader`] they may only read; in a [`Tx`] also `… RETURNING`.
///
/// SQL is portable text with `$1..$n`; sums are cast (`CAST(SUM(n) AS BIGINT)`), because PostgreSQL widens them.
pub trait Read {
    /// All rows, in the statement's order.
    fn rows<R: FromRow>(&mut self, sql: &'static str, params: impl Params) -> Result<Vec<R>, StoreError>;

    /// The first row, where there is one. Statements name a key or say LIMIT 1.
    fn one<R: FromRow>(&mut self, sql: &'static str, params: impl Params) -> Result<Option<R>, StoreError> {
        Ok(self.rows(sql, params)?.into_iter().next())
    }

    /// The one column of all rows.
    fn values<C: FromColumn>(&mut self, sql: &'static str, params: impl Params) -> Result<Vec<C>, StoreError> {
        let rows = self.rows::<(C,)>(sql, params)?;
        Ok(rows.into_iter().map(|(value,)| value).collect())
    }

    /// The one column of the first row, where there is one.
    fn value<C: FromColumn>(&mut self, sql: &'static str, params: impl Params) -> Result<Option<C>, StoreError> {
        Ok(self.one::<(C,)>(sql, params)?.map(|(value,)| value))
    }
}

/// One snapshot: every statement of the closure sees the same state.
pub struct Reader<'a> {
    pub(crate) connection: Connection<'a>,
}

/// One serializable transaction.
pub struct Tx<'a> {
    pub(crate) connection: Connection<'a>,
    /// The scopes whose versions it moves.
    pub(crate) moved: &'a mut Vec<Scope>,
}

impl Read for Reader<'_> {
    fn rows<R: FromRow>(&mut self, sql: &'static str, params: impl Params) -> Result<Vec<R>, StoreError> {
        params.with(|values| self.connection.rows(sql, values))
    }
}

impl Read for Tx<'_> {
    fn rows<R: FromRow>(&mut self, sql: &'static str, params: impl Params) -> Result<Vec<R>, StoreError> {
        params.with(|values| self.connection.rows(sql, values))
    }
}

impl Tx<'_> {
    /// How many rows the statement inserted, updated or deleted.
    pub fn exec(&mut self, sql: &'static str, params: impl Params) -> Result<u64, StoreError> {
        params.with(|values| self.connection.exec(sql, values))
    }
}
