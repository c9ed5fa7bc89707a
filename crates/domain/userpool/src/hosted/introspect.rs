//! What a token is worth now, for whoever it was shown to. Reference: RFC 7662.

use kernel::{ApiError, Cx};
use serde_json::{Map, Value, json};
use store::records::{sessions, users};
use tokens::RefreshToken;

use super::Place;
use crate::{
    UserPools,
    session::rotation::{RefreshStanding, standing},
    user::standing::may_go_on,
};

/// The claims of access tokens that are told, by their names in both.
const TOLD: [&str; 10] = [
    "scope",
    "client_id",
    "username",
    "sub",
    "aud",
    "iss",
    "exp",
    "iat",
    "jti",
    "cnf",
];

impl UserPools {
    /// `place` is the client that asks, which has shown that it is this one. None: nothing, for whatever reason. Errors: internal.
    pub async fn introspect(
        &self,
        cx: &Cx,
        place: &Place,
        token: &str,
    ) -> Result<Option<Map<String, Value>>, ApiError> {
        // Access tokens are JWS of three parts, refresh tokens have five.
        if token.split('.').count() == 5 {
            self.refresh_token_told(cx, place, token).await
        } else {
            self.access_token_told(cx, place, token).await
        }
    }

    /// Any of the pool's: an API is shown those of all its clients.
    async fn access_token_told(
        &self,
        cx: &Cx,
        place: &Place,
        token: &str,
    ) -> Result<Option<Map<String, Value>>, ApiError> {
        let Some(access) = self.standing_access(cx, &place.pool, token).await? else {
            return Ok(None);
        };
        let access = access.token;
        let told = TOLD
            .iter()
            .filter_map(|name| Some(((*name).to_owned(), access.claims.get(name)?.clone())));
        let mut told: Map<String, Value> = told.collect();
        let kind = if access.key.is_some() { "DPoP" } else { "Bearer" };
        told.insert("token_type".to_owned(), json!(kind));
        Ok(Some(told))
    }

    /// Those of the client that asks alone: nobody else is ever shown one.
    async fn refresh_token_told(
        &self,
        cx: &Cx,
        place: &Place,
        token: &str,
    ) -> Result<Option<Map<String, Value>>, ApiError> {
        let pool = place.pool.id.clone();
        let Some(token) = RefreshToken::read(&self.keyring, &pool, token) else {
            return Ok(None);
        };
        let id = token.family.clone();
        let found = self
            .store
            .look_up(move |r| {
                let Some(family) = sessions::by_family(r, &pool, &id)? else {
                    return Ok(None);
                };
                Ok(users::by_sub(r, &pool, &family.sub)?.map(|user| (family, user)))
            })
            .await?;
        let found = found.filter(|(family, user)| family.client == place.client.id && may_go_on(user).is_ok());
        let Some((mut family, user)) = found else {
            return Ok(None);
        };
        family.revoked = family.is_over(&user);
        let grace = place.client.lifetimes.rotation_grace.unwrap_or_default();
        let standing = standing(&family, &token.digest, grace, cx.now());
        if !matches!(standing, RefreshStanding::InForce | RefreshStanding::InGrace) {
            return Ok(None);
        }
        let told = [
            ("scope", json!(family.doc.scope)),
            ("client_id", json!(family.client.as_str())),
            ("username", json!(user.username)),
            ("sub", json!(user.sub.as_str())),
            ("iss", json!(self.issuer_at(cx, place).await?)),
            ("exp", json!(family.expires.secs())),
        ];
        let told = told.into_iter().map(|(name, value)| (name.to_owned(), value));
        let mut told: Map<String, Value> = told.collect();
        if let Some(key) = family.doc.hosted.and_then(|hosted| hosted.key) {
            told.insert("cnf".to_owned(), json!({ "jkt": key }));
        }
        Ok(Some(told))
    }
}
