//! How a user comes to be: what SignUp and AdminCreateUser have in common. Reference: user-pools 2.8, 2.9, 4.3, 4.5.

use kernel::{ApiError, Cx, Sub};
use store::{
    Read, Stop, StoreError, Tx,
    records::{
        clients, names as name_rows, pools,
        status::Status,
        users::{self, Doc, User},
    },
};

use super::{
    attribute_rules::{GivenAttribute, Occasion},
    attributes,
    names::{self, Alias, Contest, Shape},
};
use crate::{
    errors,
    pool::{Pool, SignInNames},
};

/// A user who is not stored yet. `name` is what the request calls the username.
///
/// Errors: InvalidParameter (form of the name, schema), NotAuthorized (write permission).
pub(crate) fn newcomer(
    cx: &Cx,
    pool: &Pool,
    occasion: Occasion<'_>,
    name: &str,
    given: &[GivenAttribute],
) -> Result<User, ApiError> {
    let status = match occasion {
        Occasion::SignUp(_) => Status::Unconfirmed,
        _ => Status::ForceChangePassword,
    };
    let sub = Sub::random(cx.rng());
    let mut doc = Doc::default();
    let mut given = given.to_vec();
    let username = match names::classify(pool, name)? {
        Shape::Username => names::spelled(pool, "username", name),
        Shape::Address(address) => {
            let attribute = address.attribute();
            let meant = names::spelled(pool, attribute, name);
            let differs = |value: &str| !value.is_empty() && names::spelled(pool, attribute, value) != meant;
            let mut said = given.iter().filter(|a| a.name == attribute);
            // Known of AdminCreateUser alone: at SignUp the name counts, whatever the list says.
            if matches!(occasion, Occasion::Creation) && said.any(|a| a.value.as_deref().is_some_and(differs)) {
                return Err(errors::attribute_is_the_username(attribute));
            }
            given.retain(|a| a.name != attribute);
            doc.attributes.insert(attribute.to_owned(), meant);
            if let Occasion::SignUp(_) = occasion {
                doc.attributes.insert(address.flag().to_owned(), "false".to_owned());
            }
            sub.to_string()
        }
    };
    let now = cx.now();
    let bare = User {
        pool: pool.id.clone(),
        sub,
        username,
        status,
        enabled: true,
        created: now,
        modified: now,
        version: 1,
        doc,
    };
    Ok(attributes::apply(pool, occasion, &bare, &given, now)?.user)
}

/// Stores a new user and claims the names. Nothing is written if there is an obstacle.
///
/// Errors: ResourceNotFound (the pool, or the client that asks, was deleted since it was read), UsernameExists, AliasExists.
pub(crate) fn store(
    tx: &mut Tx<'_>,
    pool: &Pool,
    occasion: Occasion<'_>,
    user: &User,
    contest: Contest,
) -> Result<(), Stop> {
    // The settings are a cache's: nobody may be put into a pool whose rows are being deleted.
    match occasion {
        Occasion::SignUp(client) if clients::by_id(tx, &pool.id, &client.id)?.is_none() => {
            return Err(errors::client_does_not_exist(client.id.as_str()).into());
        }
        Occasion::SignUp(_) => {}
        _ if pools::by_id(tx, &pool.id)?.is_none() => return Err(errors::pool_does_not_exist(pool.id.as_str()).into()),
        _ => {}
    }
    if !is_name_free(tx, pool, user)? {
        return Err(name_is_taken(occasion).into());
    }
    if let Some(alias) = names::taken(tx, pool, None, user, contest)? {
        return Err(alias_is_taken(pool, occasion, alias).into());
    }
    if contest == Contest::Seize {
        names::seize(tx, pool, user, user.created)?;
    }
    if let Some(name) = names::own_name(pool, user) {
        name_rows::claim(tx, &pool.id, &name, "username", &user.sub)?;
    }
    names::reclaim(tx, pool, None, user)?;
    Ok(users::insert(tx, user)?)
}

/// Whether nobody has a new user's username. Nobody may be named like somebody else's sub: it finds that user everywhere.
pub(crate) fn is_name_free(r: &mut impl Read, pool: &Pool, user: &User) -> Result<bool, StoreError> {
    let Some(name) = names::own_name(pool, user) else {
        return Ok(true);
    };
    let is_a_sub = match Sub::parse(&name) {
        Some(sub) => users::by_sub(r, &pool.id, &sub)?.is_some(),
        None => false,
    };
    Ok(!is_a_sub && name_rows::holder(r, &pool.id, &name)?.is_none())
}

fn name_is_taken(occasion: Occasion<'_>) -> ApiError {
    match occasion {
        Occasion::SignUp(_) => errors::user_already_exists(),
        _ => errors::user_account_already_exists(),
    }
}

fn alias_is_taken(pool: &Pool, occasion: Occasion<'_>, alias: Alias) -> ApiError {
    match (occasion, pool.sign_in_names) {
        (Occasion::SignUp(_), _) | (_, SignInNames::Attributes { .. }) => errors::account_with_given(alias.attribute()),
        _ => errors::alias_exists(alias.attribute()),
    }
}
