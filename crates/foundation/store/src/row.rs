//! What a statement answers with: rows of cells, read into records, or into tuples of a statement's own columns.

use crate::{FromColumn, StoreError, Value};

/// One row of either engine, while the statement stands on it.
pub struct Row<'a> {
    pub(crate) sql: &'static str,
    pub(crate) cells: Source<'a>,
}

pub(crate) enum Source<'a> {
    Sqlite(&'a rusqlite::Row<'a>),
    Postgres(&'a ::postgres::Row),
}

impl Row<'_> {
    /// The cell at `column`, counted from 0 in the order of the SELECT list.
    pub fn get<C: FromColumn>(&self, column: usize) -> Result<C, StoreError> {
        self.read(column).map_err(|cause| StoreError::Column {
            sql: self.sql,
            column,
            cause,
        })
    }

    pub(crate) fn read<C: FromColumn>(&self, column: usize) -> Result<C, String> {
        let cell = match self.cells {
            Source::Sqlite(row) => crate::sqlite::cell(row, column),
            Source::Postgres(row) => crate::postgres::cell(row, column),
        };
        cell.and_then(C::from_column)
    }

    /// What a column of a key holds, for the log.
    pub(crate) fn text(&self, column: usize) -> String {
        match self.read::<Value>(column) {
            Ok(Value::Text(text)) => text,
            Ok(Value::Int(number)) => number.to_string(),
            _ => String::new(),
        }
    }
}

/// What one row can be read into: records, and tuples of a statement's own columns.
pub trait FromRow: Sized {
    fn from_row(row: &Row<'_>) -> Result<Self, StoreError>;
}

macro_rules! tuples {
    ($(($($t:ident $n:tt),+);)+) => {
        $(impl<$($t: FromColumn),+> FromRow for ($($t,)+) {
            fn from_row(row: &Row<'_>) -> Result<Self, StoreError> {
                Ok(($(row.get($n)?,)+))
            }
        })+
    };
}

tuples! {
    (A 0);
    (A 0, B 1);
    (A 0, B 1, C 2);
    (A 0, B 1, C 2, D 3);
    (A 0, B 1, C 2, D 3, E 4);
    (A 0, B 1, C 2, D 3, E 4, F 5);
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6);
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);
}
