//! What PostgreSQL's cells hold.

use std::error::Error as StdError;

use postgres::types::{FromSql, Type};

use super::fault;
use crate::Cell;

type ConversionError = Box<dyn StdError + Sync + Send>;

pub(crate) fn cell(row: &postgres::Row, column: usize) -> Result<Cell<'_>, String> {
    row.try_get(column).map_err(|error| fault::text(&error))
}

impl<'a> FromSql<'a> for Cell<'a> {
    fn from_sql(given: &Type, raw: &'a [u8]) -> Result<Self, ConversionError> {
        match *given {
            Type::INT8 => i64::from_sql(given, raw).map(Self::Int),
            Type::INT4 => i32::from_sql(given, raw).map(|n| Self::Int(n.into())),
            Type::INT2 => i16::from_sql(given, raw).map(|n| Self::Int(n.into())),
            Type::BOOL => bool::from_sql(given, raw).map(Self::Bool),
            Type::BYTEA => Ok(Self::Bytes(raw)),
            _ => <&str>::from_sql(given, raw).map(Self::Text),
        }
    }

    fn from_sql_null(_: &Type) -> Result<Self, ConversionError> {
        Ok(Self::Null)
    }

    fn accepts(given: &Type) -> bool {
        [Type::INT8, Type::INT4, Type::INT2, Type::BOOL, Type::BYTEA].contains(given)
            || <&str as FromSql>::accepts(given)
    }
}
