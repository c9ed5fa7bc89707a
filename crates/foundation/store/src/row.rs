//! What a statement answers with: rows of cells, read into tuples or records by position.

use kernel::{
    AccessKeyId, AccountId, Arn, ClientId, IdentityId, IdentityPoolId, PoolId, Region, RequestId, Sub, Timestamp,
};

use crate::{StoreError, Value};

/// One cell, borrowed from the row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell<'a> {
    Null,
    Int(i64),
    Bool(bool),
    Text(&'a str),
    Bytes(&'a [u8]),
}

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

/// A type that one cell can be read into. The error is a phrase for the log; it never quotes the content.
pub trait FromColumn: Sized {
    fn from_column(cell: Cell<'_>) -> Result<Self, String>;
}

/// What one row can be read into: records, and tuples of a statement's own columns.
pub trait FromRow: Sized {
    fn from_row(row: &Row<'_>) -> Result<Self, StoreError>;
}

impl Cell<'_> {
    pub(crate) fn unfit<T>(self, wanted: &str) -> Result<T, String> {
        let kind = match self {
            Self::Null => "null",
            Self::Int(_) => "a number",
            Self::Bool(_) => "a boolean",
            Self::Text(_) => "text",
            Self::Bytes(_) => "bytes",
        };
        Err(format!("{wanted} wanted, {kind} found"))
    }
}

impl FromColumn for i64 {
    fn from_column(cell: Cell<'_>) -> Result<Self, String> {
        match cell {
            Cell::Int(n) => Ok(n),
            other => other.unfit("a number"),
        }
    }
}

impl FromColumn for u32 {
    fn from_column(cell: Cell<'_>) -> Result<Self, String> {
        u32::try_from(i64::from_column(cell)?).map_err(|error| error.to_string())
    }
}

/// SQLite has no booleans of its own: 0 and 1 count as such, nothing else does.
impl FromColumn for bool {
    fn from_column(cell: Cell<'_>) -> Result<Self, String> {
        match cell {
            Cell::Bool(b) => Ok(b),
            Cell::Int(0) => Ok(false),
            Cell::Int(1) => Ok(true),
            other => other.unfit("a boolean"),
        }
    }
}

impl FromColumn for String {
    fn from_column(cell: Cell<'_>) -> Result<Self, String> {
        match cell {
            Cell::Text(text) => Ok(text.to_owned()),
            other => other.unfit("text"),
        }
    }
}

impl FromColumn for Vec<u8> {
    fn from_column(cell: Cell<'_>) -> Result<Self, String> {
        match cell {
            Cell::Bytes(bytes) => Ok(bytes.to_owned()),
            other => other.unfit("bytes"),
        }
    }
}

impl FromColumn for Timestamp {
    fn from_column(cell: Cell<'_>) -> Result<Self, String> {
        i64::from_column(cell).map(Timestamp::from_millis)
    }
}

impl FromColumn for Arn {
    fn from_column(cell: Cell<'_>) -> Result<Self, String> {
        Arn::parse(&String::from_column(cell)?).ok_or_else(|| "not an ARN".to_owned())
    }
}

impl FromColumn for Value {
    fn from_column(cell: Cell<'_>) -> Result<Self, String> {
        Ok(match cell {
            Cell::Null => Self::Null,
            Cell::Int(n) => Self::Int(n),
            Cell::Bool(b) => Self::Bool(b),
            Cell::Text(text) => Self::Text(text.to_owned()),
            Cell::Bytes(bytes) => Self::Bytes(bytes.to_owned()),
        })
    }
}

impl<C: FromColumn> FromColumn for Option<C> {
    fn from_column(cell: Cell<'_>) -> Result<Self, String> {
        match cell {
            Cell::Null => Ok(None),
            other => C::from_column(other).map(Some),
        }
    }
}

macro_rules! ids {
    ($($id:ident),+) => {
        $(impl FromColumn for $id {
            fn from_column(cell: Cell<'_>) -> Result<Self, String> {
                match cell {
                    Cell::Text(text) => Ok($id::new(text)),
                    other => other.unfit("text"),
                }
            }
        })+
    };
}

ids!(
    AccessKeyId,
    AccountId,
    ClientId,
    IdentityId,
    IdentityPoolId,
    PoolId,
    Region,
    RequestId,
    Sub
);

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
