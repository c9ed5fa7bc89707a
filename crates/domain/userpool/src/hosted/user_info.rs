//! What the userInfo endpoint tells an app of a user. Reference: oauth-and-federation 6.3, 6.4; OIDC Core 5.3.

use kernel::{ApiError, Cx, PoolId};
use serde_json::{Map, Value, json};

use super::{Proof, standing::StandingAccess};
use crate::{
    UserPools,
    external::shown::{self, IDENTITIES},
    session::{
        issue,
        scope::{self, OPENID},
    },
};

/// The claims of the answer.
pub struct UserInfo(pub Map<String, Value>);

/// Why there are none.
#[derive(Debug)]
pub enum NoUserInfo {
    /// The token is none of this pool's access tokens, has expired or was revoked, or its user is gone or disabled.
    InvalidToken,
    /// The token is bound to a key of which nothing was proved, or is not bound to the one that was.
    OtherKey,
    /// The proof was shown before.
    ShownBefore,
    /// The token was granted without `openid`.
    WithoutOpenId,
    Api(ApiError),
}

impl From<ApiError> for NoUserInfo {
    fn from(error: ApiError) -> Self {
        Self::Api(error)
    }
}

impl UserPools {
    /// `pool` is the one whose endpoint was asked, `proof` what was shown beside the token.
    pub async fn user_info(
        &self,
        cx: &Cx,
        pool: &PoolId,
        (token, proof): (&str, Option<&Proof>),
    ) -> Result<UserInfo, NoUserInfo> {
        let loaded = self.load(pool).await?.ok_or(NoUserInfo::InvalidToken)?;
        let access = self.standing_access(cx, &loaded, token).await?;
        let StandingAccess { token: access, user } = access.ok_or(NoUserInfo::InvalidToken)?;
        let user = user.ok_or(NoUserInfo::InvalidToken)?;
        let client = loaded.clients.get(&access.client).ok_or(NoUserInfo::InvalidToken)?;
        if access.key.as_deref() != proof.map(|proof| proof.key.as_str()) {
            return Err(NoUserInfo::OtherKey);
        }
        // After the token was found good: proofs are made by anybody, and each leaves a row.
        if let Some(proof) = proof
            && !self.show_once(cx, pool, &proof.once).await?
        {
            return Err(NoUserInfo::ShownBefore);
        }
        // After the rest: what is told of a token that is none would tell whether there is such a one.
        if !access.scopes.contain(OPENID) {
            return Err(NoUserInfo::WithoutOpenId);
        }
        let told = issue::attributes(client, &user).filter(|(name, _)| scope::tells(&access.scopes, name));
        let said = |(name, value)| {
            if loaded.switches.openid {
                (name, value)
            } else {
                (name, as_text(value))
            }
        };
        let mut claims: Map<String, Value> = told.map(said).collect();
        claims.insert("sub".to_owned(), json!(user.sub.as_str()));
        claims.insert("username".to_owned(), json!(user.username));
        if let Some(identities) = shown::text(&user) {
            claims.insert(IDENTITIES.to_owned(), json!(identities));
        }
        Ok(UserInfo(claims))
    }
}

/// Flags and numbers are texts here, which is Cognito's documented deviation from OpenID Connect; what is structured stays so.
fn as_text(value: Value) -> Value {
    match value {
        Value::Bool(_) | Value::Number(_) => Value::String(value.to_string()),
        other => other,
    }
}
