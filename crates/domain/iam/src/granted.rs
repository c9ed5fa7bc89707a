//! What a caller's policies are, found once for each request.

use std::{collections::BTreeMap, fmt, sync::Arc};

use kernel::{AccessKeyId, Arn, Cx, Principal, PrincipalKind};
use policy::{Policies, Policy};
use store::records::iam::Kind;

/// A user or role with all that its policies say.
pub(crate) struct Rights {
    pub kind: Kind,
    pub name: String,
    /// With the path.
    pub arn: Arn,
    pub tags: BTreeMap<String, String>,
    pub identity: Vec<Policy>,
    pub boundary: Option<Policy>,
}

impl Rights {
    /// A user who signs with a key of their own. `id`: the user's unique id.
    pub fn principal(&self, cx: &Cx, id: &str, key: &AccessKeyId) -> Principal {
        Principal {
            kind: PrincipalKind::User {
                name: self.name.clone(),
            },
            account: cx.account().clone(),
            arn: self.arn.clone(),
            user_id: id.to_owned(),
            access_key: Some(key.clone()),
            tags: self.tags.clone(),
            session: None,
        }
    }
}

/// All that evaluation needs of one caller.
#[derive(Default)]
pub(crate) struct Granted {
    /// None: the root, who needs none, or nobody.
    pub rights: Option<Arc<Rights>>,
    /// None: not narrowed.
    pub session: Option<Vec<Policy>>,
}

impl Granted {
    pub fn policies<'p>(&'p self, resource: Option<&'p Policy>) -> Policies<'p> {
        let rights = self.rights.as_deref();
        Policies {
            identity: rights.map_or(&[], |rights| &rights.identity),
            boundary: rights.and_then(|rights| rights.boundary.as_ref()),
            session: self.session.as_deref(),
            resource,
        }
    }
}

impl fmt::Debug for Granted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let narrowed_by = self.session.as_ref().map_or(0, Vec::len);
        write!(f, "Granted(.., narrowed by {narrowed_by})")
    }
}
