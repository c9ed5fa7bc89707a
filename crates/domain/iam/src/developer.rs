//! The administrator of dev, as whom keys that were never issued here act: user/poolhouse-dev with AdministratorAccess.
//! It stands in no table, so it can be neither listed nor spoilt; in serve nobody is ever it. decision 14.

use std::{
    collections::BTreeMap,
    sync::{Arc, LazyLock},
};

use kernel::{AccessKeyId, AccountId, Arn, Cx, Principal, PrincipalKind, Timestamp};
use policy::{Policy, PolicyKind};
use store::records::iam::{Entity, Kind};

use crate::{
    Credential, Iam, UnknownKeys,
    granted::{Granted, Rights},
    managed,
};

pub(crate) const NAME: &str = "poolhouse-dev";
/// The digits 0 and 1 are in no id that is drawn.
pub(crate) const ID: &str = "AIDA00000000000000001";

static ADMINISTRATOR: LazyLock<Option<Policy>> = LazyLock::new(|| {
    let administrator = managed::find(managed::ADMINISTRATOR_ACCESS)?;
    Policy::parse(administrator.document, PolicyKind::Identity).ok()
});

pub(crate) fn is(id: &str) -> bool {
    id == ID
}

pub(crate) fn arn(account: &AccountId) -> Arn {
    Arn::iam(account, "user", "/", NAME)
}

/// What looks at users sees, if that is the name of one.
pub(crate) fn entity(kind: Kind, name: &str) -> Option<Entity> {
    (kind == Kind::User && name == NAME).then(|| Entity {
        kind,
        id: ID.to_owned(),
        name: NAME.to_owned(),
        path: "/".to_owned(),
        created: Timestamp::default(),
        version: 0,
        doc: "{}".to_owned(),
    })
}

fn principal(cx: &Cx, key: AccessKeyId) -> Principal {
    Principal {
        kind: PrincipalKind::User { name: NAME.to_owned() },
        account: cx.account().clone(),
        arn: arn(cx.account()),
        user_id: ID.to_owned(),
        access_key: Some(key),
        tags: BTreeMap::new(),
        session: None,
    }
}

/// Whether a bucket's policy says nothing to this caller: dev has no root, who on AWS can always undo a policy that locks
/// everybody out, so its administrator keeps what a root keeps. Reference: identity-pools-iam 5.4.
pub(crate) fn keeps(principal: &Principal, action: &str, resource_account: &AccountId) -> bool {
    is(&principal.user_id) && principal.account == *resource_account && policy::root_keeps(action)
}

impl Iam {
    /// What a key stands for that was never issued.
    pub(crate) fn developer(&self, cx: &Cx, key: &AccessKeyId) -> Credential {
        Credential {
            principal: Arc::new(principal(cx, key.clone())),
            granted: Arc::new(Granted {
                rights: self.developer_rights(cx),
                session: None,
            }),
            secret: None,
        }
    }

    pub(crate) fn developer_rights(&self, cx: &Cx) -> Option<Arc<Rights>> {
        if self.unknown_keys == UnknownKeys::Refused {
            return None;
        }
        Some(Arc::new(Rights {
            kind: Kind::User,
            name: NAME.to_owned(),
            arn: arn(cx.account()),
            tags: BTreeMap::new(),
            identity: ADMINISTRATOR.iter().cloned().collect(),
            boundary: None,
        }))
    }
}
