//! One cell of a row, and the types that it can be read into.

use kernel::{
    AccessKeyId, AccountId, Arn, ClientId, DeviceKey, IdentityId, IdentityPoolId, PoolId, Region, RequestId, Sub,
    Timestamp,
};

use crate::Value;

/// One cell, borrowed from the row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell<'a> {
    Null,
    Int(i64),
    Bool(bool),
    Text(&'a str),
    Bytes(&'a [u8]),
}

/// A type that one cell can be read into. The error is a phrase for the log; it never quotes the content.
pub trait FromColumn: Sized {
    fn from_column(cell: Cell<'_>) -> Result<Self, String>;
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
    DeviceKey,
    IdentityId,
    IdentityPoolId,
    PoolId,
    Region,
    RequestId,
    Sub
);
