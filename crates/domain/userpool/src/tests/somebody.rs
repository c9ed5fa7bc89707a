//! A user as rules that are pure are shown one.

use kernel::{PoolId, Sub, Timestamp};
use store::records::{
    status::Status,
    users::{Doc, User},
};

/// Without attributes and factors.
pub(crate) fn somebody(status: Status) -> User {
    User {
        pool: PoolId::new("us-east-1_abcDEF123"),
        sub: Sub::new("a-sub"),
        username: "ana".to_owned(),
        status,
        enabled: true,
        created: Timestamp::default(),
        modified: Timestamp::default(),
        version: 1,
        doc: Doc::default(),
    }
}
