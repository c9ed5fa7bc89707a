//! How a user comes to be: what SignUp and AdminCreateUser have in common. Reference: user-pools 2.8, 2.9, 4.3, 4.5.

use api::cognito_idp::{AttributeType, UserStatusType};
use kernel::{ApiError, Cx, Sub};
use store::{
    StoreError, Tx,
    records::{
        clients, names as name_rows, pools,
        users::{self, Doc, User},
    },
};

use crate::{
    attributes::{self, Occasion},
    errors,
    names::{self, Contest, Given},
    settings::Pool,
};

/// A user who is not stored yet. `name` is what the request calls the username.
///
/// Errors: InvalidParameter (form of the name, schema), NotAuthorized (write permission).
pub(crate) fn newcomer(
    cx: &Cx,
    pool: &Pool,
    occasion: Occasion<'_>,
    name: &str,
    given: &[AttributeType],
    status: UserStatusType,
) -> Result<User, ApiError> {
    let sub = Sub::random(cx.rng());
    let mut doc = Doc::default();
    let mut given = given.to_vec();
    let username = match names::classify(pool, name)? {
        Given::Username => attributes::spelled(pool, "username", name),
        Given::Attribute(attribute) => {
            let meant = attributes::spelled(pool, attribute, name);
            let differs = |value: &str| !value.is_empty() && attributes::spelled(pool, attribute, value) != meant;
            let mut said = given.iter().filter(|a| a.name == attribute);
            // Known of AdminCreateUser alone: at SignUp the name counts, whatever the list says.
            if matches!(occasion, Occasion::Creation) && said.any(|a| a.value.as_deref().is_some_and(differs)) {
                return Err(errors::attribute_is_the_username(attribute));
            }
            given.retain(|a| a.name != attribute);
            doc.attributes.insert(attribute.to_owned(), meant);
            if let Occasion::SignUp(_) = occasion {
                doc.attributes
                    .insert(format!("{attribute}_verified"), "false".to_owned());
            }
            sub.to_string()
        }
    };
    let now = cx.now();
    let bare = User {
        pool: pool.id.clone(),
        sub,
        username,
        status: status.as_str().to_owned(),
        enabled: true,
        created: now,
        modified: now,
        version: 1,
        doc,
    };
    Ok(attributes::change(pool, occasion, &bare, &given, now)?.user)
}

/// Why somebody can't be enrolled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Obstacle {
    /// The pool, or the client that asks, was deleted since it was read.
    Gone,
    /// Somebody else has the name.
    Username,
    /// The same of an `email`, `phone_number` or `preferred_username`.
    Attribute(&'static str),
}

/// Stores a new user and claims the names. Nothing is written if there is an obstacle.
pub(crate) fn enrol(
    tx: &mut Tx<'_>,
    pool: &Pool,
    occasion: Occasion<'_>,
    user: &User,
    contest: Contest,
) -> Result<Result<(), Obstacle>, StoreError> {
    // The settings are a cache's: nobody may be put into a pool whose rows are being deleted.
    let is_there = match occasion {
        Occasion::SignUp(client) => clients::by_id(tx, &pool.id, &client.id)?.is_some(),
        _ => pools::by_id(tx, &pool.id)?.is_some(),
    };
    if !is_there {
        return Ok(Err(Obstacle::Gone));
    }
    let own = names::own_name(pool, user);
    if let Some(name) = &own {
        let is_taken = name_rows::holder(tx, &pool.id, name)?.is_some();
        // Nobody may be named like somebody else's sub: it finds that user everywhere.
        if is_taken || (names::looks_like_sub(name) && users::by_sub(tx, &pool.id, &Sub::new(name.as_str()))?.is_some())
        {
            return Ok(Err(Obstacle::Username));
        }
    }
    if let Some(kind) = names::taken(tx, pool, None, user, contest)? {
        return Ok(Err(Obstacle::Attribute(kind)));
    }
    if contest == Contest::Seize {
        names::seize(tx, pool, user, user.created)?;
    }
    if let Some(name) = &own {
        name_rows::claim(tx, &pool.id, name, "username", &user.sub)?;
    }
    names::reclaim(tx, pool, None, user)?;
    users::insert(tx, user)?;
    Ok(Ok(()))
}
