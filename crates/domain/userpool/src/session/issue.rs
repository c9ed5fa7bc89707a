//! What an app gets of a user: what both tokens say, which is pure, and both signed. Reference: user-pools 8, 9.
//!
//! The two clocks (decision 4) meet here and nowhere else. `iat` and `auth_time` are true time, because stock libraries
//! refuse a token from the future, which a clock moved ahead would make. `exp` is by the clock that expires things here:
//! it lies ahead of `iat` by the token's life and by whatever the clock was moved. So a token is good for a stock library
//! as soon as it is issued, and moving the clock ahead makes it expire here. Sign-out times (`signed_out_before`) are
//! compared with `iat` and therefore true time too.

use std::time::Duration;

use kernel::{ApiError, Cx, Timestamp, Turn};
use serde_json::{Map, Value, json};
use store::records::{groups::Group, sessions::Session, users::User};
use tokens::{AccessClaims, Binding, IdClaims, Tokens, UserClaims, UserTokens};

use super::{
    grant::Grant,
    overrides::Overrides,
    scope::{self, OPENID},
};
use crate::{
    client::Client,
    external::shown::{self, IDENTITIES},
    group::roles,
};

/// Of whom tokens speak: a user as they are now, and the sign-in that the tokens come from.
pub(crate) struct Subject<'a> {
    pub user: &'a User,
    /// In the order of [`roles::of_user`].
    pub groups: &'a [Group],
    pub session: &'a Session,
    /// What a function says otherwise.
    pub overrides: &'a Overrides,
    /// What the app sent along to hosted login, to find it in the ID token.
    pub nonce: Option<&'a str>,
    /// The thumbprint of the key that the access token is bound to.
    pub key: Option<&'a str>,
}

/// What the session grants, signed in the one turn of the CPU pool that the sign-in has: both tokens, or, of hosted login without
/// `openid`, the access token alone. Errors: internal.
pub(crate) async fn granted(
    tokens: &Tokens,
    cx: &Cx,
    grant: &Grant<'_>,
    subject: &Subject<'_>,
    turn: Turn,
) -> Result<UserTokens, ApiError> {
    let claims = claims(cx, grant, subject);
    tokens.issue(cx, &subject.user.pool, claims, turn).await
}

/// What an app is told of a user, and what it may do for them.
fn claims(cx: &Cx, grant: &Grant<'_>, subject: &Subject<'_>) -> UserClaims {
    let (wall, now) = (cx.wall(), cx.now());
    let mut id = id(cx, grant, subject, wall);
    let mut access = access(cx, grant.client, subject, wall);
    let lifetimes = &grant.client.lifetimes;
    id.insert("exp".to_owned(), json!(expiry(wall, now, lifetimes.id_token)));
    access.insert("exp".to_owned(), json!(expiry(wall, now, lifetimes.access_token)));
    subject.overrides.apply_to_id(&mut id);
    subject.overrides.apply_to_access(&mut access);
    let hosted = subject.session.doc.hosted.as_ref();
    // After the functions, who may name no other audience than the client.
    if let Some(resource) = hosted.and_then(|hosted| hosted.resource.as_deref()) {
        access.insert("aud".to_owned(), json!(resource));
    }
    let identifies = hosted.is_none() || grant.scopes.contain(OPENID);
    UserClaims {
        id: identifies.then(|| IdClaims::new(id)),
        access: AccessClaims::new(&subject.overrides.scopes(&grant.scopes), access).bound_to(subject.key),
        binding: if hosted.is_some() {
            Binding::AtHash
        } else {
            Binding::None
        },
    }
}

fn id(cx: &Cx, grant: &Grant<'_>, subject: &Subject<'_>, wall: Timestamp) -> Map<String, Value> {
    let client = grant.client;
    // Attributes first: what the token itself says can't be overwritten by one.
    let all = attributes(client, subject.user);
    let mut claims: Map<String, Value> = match &subject.session.doc.hosted {
        Some(_) => all.filter(|(name, _)| scope::tells(&grant.scopes, name)).collect(),
        None => all.collect(),
    };
    common(&mut claims, cx, client, subject, wall);
    let mut put = |name: &str, value: Value| claims.insert(name.to_owned(), value);
    put("aud", json!(client.id.as_str()));
    put("cognito:username", json!(subject.user.username));
    if let Some(identities) = shown::claim(subject.user) {
        put(IDENTITIES, identities);
    }
    let arns = roles::roles(subject.groups);
    if !arns.is_empty() {
        put("cognito:roles", json!(arns));
    }
    if let Some(role) = roles::preferred_role(subject.groups) {
        put("cognito:preferred_role", json!(role));
    }
    if let Some(hosted) = subject.session.doc.hosted.as_ref().filter(|hosted| hosted.hears) {
        put("sid", json!(hosted.login));
    }
    if let Some(nonce) = subject.nonce {
        put("nonce", json!(nonce));
    }
    claims
}

fn access(cx: &Cx, client: &Client, subject: &Subject<'_>, wall: Timestamp) -> Map<String, Value> {
    let mut claims = Map::new();
    common(&mut claims, cx, client, subject, wall);
    let mut put = |name: &str, value: Value| claims.insert(name.to_owned(), value);
    put("client_id", json!(client.id.as_str()));
    put("username", json!(subject.user.username));
    if let Some(device) = &subject.session.doc.device_key {
        put("device_key", json!(device));
    }
    if subject.session.doc.hosted.is_some() {
        put("version", json!(2));
    }
    claims
}

fn common(claims: &mut Map<String, Value>, cx: &Cx, client: &Client, subject: &Subject<'_>, wall: Timestamp) {
    let mut put = |name: &str, value: Value| claims.insert(name.to_owned(), value);
    let Subject {
        user, groups, session, ..
    } = subject;
    let doc = &session.doc;
    put("sub", json!(user.sub.as_str()));
    put("event_id", json!(doc.event_id));
    put("auth_time", json!(doc.auth_time.secs()));
    if !doc.amr.is_empty() {
        put("amr", json!(doc.amr));
    }
    if let Some(acr) = &doc.acr {
        put("acr", json!(acr));
    }
    let names = roles::names(groups);
    if !names.is_empty() {
        put("cognito:groups", json!(names));
    }
    let signed_out = user.doc.signed_out_before;
    // Reference 3.7: a client without token revocation gets neither.
    if client.revokes_tokens() {
        let issued = signed_out.map_or(wall, |out| wall.max(out.plus(Duration::from_millis(1))));
        put("origin_jti", json!(session.family));
        put("jti", json!(tokens::new_jti(issued, cx.rng())));
        put("iat", json!(wall.secs()));
    } else {
        // Only `iat` tells then whether the token is younger than a sign-out in the same second.
        let issued = signed_out.map_or(wall.secs(), |out| wall.secs().max(out.secs() + 1));
        put("iat", json!(issued));
    }
}

/// Whole seconds of life after `iat`, where the clocks agree: they are read one after the other.
pub(super) fn expiry(wall: Timestamp, now: Timestamp, life: Duration) -> i64 {
    let moved = now
        .millis()
        .saturating_sub(wall.millis())
        .saturating_add(500)
        .div_euclid(1000);
    wall.secs()
        .saturating_add(moved)
        .saturating_add(i64::try_from(life.as_secs()).unwrap_or(i64::MAX))
}

/// Every readable attribute that has a value, typed as reference 8.2 types them.
pub(crate) fn attributes<'a>(client: &'a Client, user: &'a User) -> impl Iterator<Item = (String, Value)> + 'a {
    let readable = |name: &str| client.may_read(name);
    let all = user.doc.attributes.iter();
    all.filter(move |(name, value)| readable(name) && !value.is_empty())
        .map(|(name, value)| {
            let typed = match name.as_str() {
                "email_verified" | "phone_number_verified" => json!(value.eq_ignore_ascii_case("true")),
                "address" => json!({ "formatted": value }),
                "updated_at" => value
                    .parse::<i64>()
                    .map_or_else(|_| json!(value), |seconds| json!(seconds)),
                _ => json!(value),
            };
            (name.clone(), typed)
        })
}
