//! Records: what one row of a table is read into. Each names its table, its key and its columns once, by [`record!`].

use std::fmt;

use serde::de::DeserializeOwned;

use crate::{FromColumn, FromRow, Row, StoreError};

/// What rows of a table are read into.
pub trait Record: FromRow {
    const COLUMNS: Columns;

    /// What tells this row from the others of its table, as far as the record holds it.
    fn key(&self) -> String;

    /// A column of this row holds what this program does not write: for the log.
    fn corrupt(&self, column: &'static str, cause: impl fmt::Display) -> StoreError {
        StoreError::corrupt(Self::COLUMNS.table, self.key(), column, cause)
    }

    /// What a column of this row holds as JSON. Errors: Corrupt.
    fn document<D: DeserializeOwned>(&self, column: &'static str, text: &str) -> Result<D, StoreError> {
        serde_json::from_str(text).map_err(|error| self.corrupt(column, error))
    }
}

/// The columns of a record, in the order in which its statements select them.
#[derive(Clone, Copy, Debug)]
pub struct Columns {
    pub table: &'static str,
    /// Those of the key stand first, and of these those that the record does not hold.
    pub names: &'static [&'static str],
    pub unkept: usize,
    /// How many of them are the key, held or not.
    pub key: usize,
}

/// Reads the columns of one row, each after the other.
pub struct Cells<'r, 'a> {
    row: &'r Row<'a>,
    columns: &'static Columns,
    next: usize,
}

impl<'r, 'a> Cells<'r, 'a> {
    pub fn of(row: &'r Row<'a>, columns: &'static Columns) -> Self {
        Self {
            row,
            columns,
            next: columns.unkept,
        }
    }

    /// The next column. Errors: Corrupt.
    pub fn take<C: FromColumn>(&mut self) -> Result<C, StoreError> {
        let column = self.next;
        self.next += 1;
        self.row.read(column).map_err(|cause| StoreError::Corrupt {
            table: self.columns.table,
            key: self.key(),
            column: self.columns.names.get(column).copied().unwrap_or_default(),
            cause,
        })
    }

    fn key(&self) -> String {
        let parts = (0..self.columns.key).map(|column| self.row.text(column));
        parts.collect::<Vec<_>>().join(" ")
    }
}

/// Says how a record is read:
///
/// ```ignore
/// record! { $ Group from user_groups as group_columns: [pool] (name) description, created }
/// ```
///
/// First the columns of the key: those that are read only to name a row that is corrupt, then those that are fields. Then the
/// rest. `group_columns!()` are the columns for a statement's `concat!`, `group_columns!("g.")` the same of a table's alias. A field that
/// is not called as its column is says so: `key = "object_key"`.
macro_rules! record {
    ($d:tt $record:ident from $table:ident as $columns:ident:
        [$($unkept:ident),*]
        ($($key:ident $(= $key_column:literal)?),*)
        $last:ident $(= $last_column:literal)? $(, $field:ident $(= $column:literal)?)* $(,)?) => {
        impl $crate::Record for $record {
            const COLUMNS: $crate::Columns = $crate::Columns {
                table: ::core::stringify!($table),
                names: &[
                    $(::core::stringify!($unkept),)*
                    $($crate::record::column!($key $($key_column)?),)*
                    $crate::record::column!($last $($last_column)?),
                    $($crate::record::column!($field $($column)?),)*
                ],
                unkept: <[&str]>::len(&[$(::core::stringify!($unkept)),*]),
                key: <[&str]>::len(&[$(::core::stringify!($unkept),)* $(::core::stringify!($key)),*]),
            };

            fn key(&self) -> String {
                <[String]>::join(&[$(self.$key.to_string()),*], " ")
            }
        }

        impl $crate::FromRow for $record {
            fn from_row(row: &$crate::Row<'_>) -> Result<Self, $crate::StoreError> {
                let mut cells = $crate::Cells::of(row, &<Self as $crate::Record>::COLUMNS);
                Ok(Self {
                    $($key: cells.take()?,)*
                    $last: cells.take()?,
                    $($field: cells.take()?,)*
                })
            }
        }

        macro_rules! $columns {
            () => {
                $columns!("")
            };
            ($d of:literal) => {
                ::core::concat!(
                    $($d of, ::core::stringify!($unkept), ", ",)*
                    $($d of, $crate::record::column!($key $($key_column)?), ", ",)*
                    $d of, $crate::record::column!($last $($last_column)?)
                    $(, ", ", $d of, $crate::record::column!($field $($column)?))*
                )
            };
        }
    };
}

macro_rules! column {
    ($field:ident) => {
        ::core::stringify!($field)
    };
    ($field:ident $column:literal) => {
        $column
    };
}

pub(crate) use {column, record};
