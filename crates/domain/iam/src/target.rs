//! What an IAM operation acts on, as policies see it. Operations name roles, users and groups by their bare name, so their
//! path and tags are looked up before anybody is asked whether it may be done: a Deny on `role/app/*` or on a tag must hold.

use std::collections::BTreeMap;

use kernel::{AccountId, Cx};
use model::Facts;
use store::{
    Read, Stop,
    records::{
        iam::{self, Kind},
        iam_policies,
    },
};

use crate::{Iam, doc::Doc, entity};

#[derive(Clone, Debug)]
pub(crate) struct Target {
    /// With path and case as they are stored.
    pub arn: String,
    pub tags: BTreeMap<String, String>,
    /// The ARN of the boundary that it has, where the action lets policies ask for it.
    pub boundary: Option<String>,
}

impl Iam {
    /// None: not IAM's, or nothing that exists; the resource is then as it was asked for.
    pub(crate) async fn target(
        &self,
        cx: &Cx,
        action: &str,
        resource: &str,
        facts: Facts,
    ) -> kernel::Result<Option<Target>> {
        let of_iam = action
            .get(..4)
            .is_some_and(|prefix| prefix.eq_ignore_ascii_case("iam:"));
        if !of_iam || !resource.starts_with("arn:aws:iam::") {
            return Ok(None);
        }
        let resource = resource.to_owned();
        self.look(cx, move |r, account| find(r, account, facts, &resource))
            .await
    }
}

fn find(r: &mut impl Read, account: &AccountId, facts: Facts, resource: &str) -> Result<Option<Target>, Stop> {
    let named = |kind: &Kind| entity::name_in(account, *kind, resource).map(|name| (*kind, name));
    let Some((kind, name)) = Kind::ALL.iter().find_map(named) else {
        return Ok(None);
    };
    let Some(found) = iam::find(r, account, kind, name)? else {
        return Ok(None);
    };
    let arn = entity::arn(account, &found);
    let bare = resource
        .rsplit_once(':')
        .is_some_and(|(_, rest)| rest.matches('/').count() == 1);
    if !bare && arn.as_str() != resource {
        return Ok(None);
    }
    let boundary = if facts.shows_boundary() {
        iam_policies::boundary(r, account, &found.id)?
    } else {
        None
    };
    Ok(Some(Target {
        arn: arn.into(),
        tags: Doc::of(&found)?.tags,
        boundary,
    }))
}
