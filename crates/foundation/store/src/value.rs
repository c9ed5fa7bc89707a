//! What a statement's placeholder can be filled with.

use std::sync::Arc;

use kernel::{
    AccessKeyId, AccountId, Arn, ClientId, DeviceKey, IdentityId, IdentityPoolId, PoolId, Region, RequestId, Sub,
    Timestamp,
};

/// Booleans fit BOOLEAN columns (SQLite keeps them as 0 and 1), times are BIGINT milliseconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    Null,
    Int(i64),
    Bool(bool),
    Text(String),
    Bytes(Vec<u8>),
}

macro_rules! from {
    ($($type:ty, $v:ident => $value:expr;)+) => {
        $(impl From<$type> for Value {
            fn from($v: $type) -> Self {
                $value
            }
        })+
    };
}

from! {
    i64, v => Self::Int(v);
    i32, v => Self::Int(v.into());
    u32, v => Self::Int(v.into());
    bool, v => Self::Bool(v);
    &str, v => Self::Text(v.to_owned());
    &String, v => Self::Text(v.clone());
    String, v => Self::Text(v);
    Arc<str>, v => Self::Text(v.as_ref().to_owned());
    &Arc<str>, v => Self::Text(v.as_ref().to_owned());
    &[u8], v => Self::Bytes(v.to_owned());
    &Vec<u8>, v => Self::Bytes(v.clone());
    Vec<u8>, v => Self::Bytes(v);
    Timestamp, v => Self::Int(v.millis());
    &Timestamp, v => Self::Int(v.millis());
    &Value, v => v.clone();
}

impl<const N: usize> From<[u8; N]> for Value {
    fn from(bytes: [u8; N]) -> Self {
        Self::Bytes(bytes.to_vec())
    }
}

impl<const N: usize> From<&[u8; N]> for Value {
    fn from(bytes: &[u8; N]) -> Self {
        Self::Bytes(bytes.to_vec())
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

macro_rules! ids {
    ($($id:ty),+) => {
        $(impl From<&$id> for Value {
            fn from(id: &$id) -> Self {
                Self::Text(id.as_str().to_owned())
            }
        }
        impl From<$id> for Value {
            fn from(id: $id) -> Self {
                Self::from(&id)
            }
        })+
    };
}

ids!(
    AccessKeyId,
    AccountId,
    Arn,
    ClientId,
    DeviceKey,
    IdentityId,
    IdentityPoolId,
    PoolId,
    Region,
    RequestId,
    Sub
);

impl Value {
    /// For messages: the kind, never the content.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Int(_) => "number",
            Self::Bool(_) => "boolean",
            Self::Text(_) => "text",
            Self::Bytes(_) => "bytes",
        }
    }
}
