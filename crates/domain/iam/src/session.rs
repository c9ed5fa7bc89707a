//! Temporary credentials. Nothing of them is stored: the secret follows from the key id, and the session token is sealed for
//! that id and the account (decision 10). A session ends by expiry, with its role or user (an id is never given twice), or
//! by a policy that denies by `aws:TokenIssueTime`.

use std::{borrow::Cow, collections::BTreeMap, sync::Arc, time::Duration};

use kernel::{AccessKeyId, AccountId, ApiError, Arn, Cx, Principal, PrincipalKind, Session, Timestamp};
use policy::{ParseError, Policy, PolicyKind};
use serde::{Deserialize, Serialize};
use sigv4::{Error, Secret, SessionToken};
use store::records::{iam::Kind, iam_policies};
use vault::{Purpose, SecretText, TokenError};

use crate::{
    Credential, Iam, Unauthenticated,
    granted::{Granted, Rights},
    managed,
};

/// What a session token holds. Short names: it travels with every request.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Sealed {
    /// `AROA…`, or `AIDA…` for GetSessionToken.
    #[serde(rename = "p")]
    pub principal: String,
    /// Role sessions only.
    #[serde(rename = "n", default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(rename = "i")]
    pub issued: Timestamp,
    #[serde(rename = "e")]
    pub expires: Timestamp,
    /// The inline session policy.
    #[serde(rename = "l", default, skip_serializing_if = "Option::is_none")]
    pub inline: Option<String>,
    /// The managed session policies, looked up at the time of use.
    #[serde(rename = "m", default, skip_serializing_if = "Vec::is_empty")]
    pub managed: Vec<String>,
    #[serde(rename = "f", default, skip_serializing_if = "BTreeMap::is_empty")]
    pub federated: BTreeMap<String, Vec<String>>,
    #[serde(rename = "s", default, skip_serializing_if = "Option::is_none")]
    pub source_identity: Option<String>,
    #[serde(rename = "t", default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tags: BTreeMap<String, String>,
    #[serde(rename = "k", default, skip_serializing_if = "Vec::is_empty")]
    pub transitive: Vec<String>,
}

/// What a session token says, and the secret of its key: neither can change.
pub(crate) struct Opened {
    key: AccessKeyId,
    account: AccountId,
    secret: SecretText,
    sealed: Sealed,
}

/// Fresh temporary credentials.
#[derive(Debug)]
pub(crate) struct Issued {
    pub access_key: AccessKeyId,
    pub secret: SecretText,
    pub token: String,
    pub expires: Timestamp,
}

/// Bytes of the tokens that are kept opened. Long ones, of large policies and tags, would hold too much memory.
const SHORT: usize = 2048;

/// A managed session policy that is gone narrows to nothing.
const NOTHING: &str = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","NotAction":"*","Resource":"*"}}"#;

impl Iam {
    /// Seals the session and derives its secret. `issued` and `expires` are filled in here: whole seconds, as clients are
    /// told them.
    pub(crate) fn issue(&self, cx: &Cx, lifetime: Duration, mut session: Sealed) -> kernel::Result<Issued> {
        session.issued = Timestamp::from_secs(cx.now().secs());
        session.expires = session.issued.plus(lifetime);
        let key = self.keyring.new_temporary_key_id(cx.rng());
        let secret = self.keyring.temporary_secret(&key);
        let payload = serde_json::to_vec(&session).map_err(ApiError::internal)?;
        let token = self.keyring.seal_token(
            Purpose::SessionToken,
            &[key.as_str(), cx.account().as_str()],
            vault::Expiring {
                payload: &payload,
                at: session.expires,
            },
            cx.rng(),
        )?;
        Ok(Issued {
            secret: secret.ok_or_else(|| ApiError::internal("the keyring does not know its own key id"))?,
            access_key: key,
            token,
            expires: session.expires,
        })
    }

    /// Errors: InvalidToken (none, forged, another key's or account's, or of a role or user that is gone), ExpiredToken.
    pub(crate) async fn temporary(
        &self,
        cx: &Cx,
        key: &AccessKeyId,
        token: Option<&SessionToken>,
    ) -> Result<Credential, Unauthenticated> {
        let invalid = || Unauthenticated::from(Error::InvalidToken(key.clone(), token.cloned()));
        let opened = self.opened(cx, key, token.ok_or_else(invalid)?)?;
        let sealed = &opened.sealed;
        let rights = self.rights(cx, &sealed.principal).await?.ok_or_else(invalid)?;
        if rights.kind == Kind::Role {
            self.last_uses.note(cx, &sealed.principal);
        }
        let session = self.session_policies(cx, sealed).await?;
        Ok(Credential {
            principal: Arc::new(principal(cx, key, &rights, sealed)),
            granted: Arc::new(Granted {
                rights: Some(rights),
                session,
            }),
            secret: Some(Secret::new(opened.secret.as_str())),
        })
    }

    /// Errors: InvalidToken (forged, another key's or account's), ExpiredToken.
    fn opened(&self, cx: &Cx, key: &AccessKeyId, token: &SessionToken) -> Result<Arc<Opened>, Unauthenticated> {
        let expired = || Unauthenticated::from(Error::ExpiredToken(token.clone()));
        let known = self.sessions.get(token.expose());
        if let Some(opened) = known.filter(|opened| opened.key == *key && opened.account == *cx.account()) {
            return (cx.now() < opened.sealed.expires).then_some(opened).ok_or_else(expired);
        }
        let invalid = || Unauthenticated::from(Error::InvalidToken(key.clone(), Some(token.clone())));
        let secret = self.keyring.temporary_secret(key).ok_or_else(invalid)?;
        let place = [key.as_str(), cx.account().as_str()];
        let payload = self
            .keyring
            .open_token(Purpose::SessionToken, &place, token.expose(), cx.now())
            .map_err(|error| match error {
                TokenError::Expired => expired(),
                TokenError::Malformed => invalid(),
            })?;
        let opened = Arc::new(Opened {
            key: key.clone(),
            account: cx.account().clone(),
            secret,
            sealed: serde_json::from_slice(payload.as_bytes()).map_err(ApiError::internal)?,
        });
        if token.expose().len() <= SHORT {
            self.sessions.remember(token.expose().to_owned(), Arc::clone(&opened));
        }
        Ok(opened)
    }

    /// None: not narrowed.
    async fn session_policies(&self, cx: &Cx, sealed: &Sealed) -> kernel::Result<Option<Vec<Policy>>> {
        let mut policies = Vec::new();
        if let Some(inline) = &sealed.inline {
            policies.push(self.session_policy(inline).map_err(ApiError::internal)?);
        }
        for arn in &sealed.managed {
            let text = self.managed_text(cx, arn).await?;
            let policy = self.session_policy(text.as_deref().unwrap_or(NOTHING));
            policies.push(policy.map_err(ApiError::internal)?);
        }
        Ok((!policies.is_empty()).then_some(policies))
    }

    /// The default version of a managed policy of AWS's or the account's.
    pub(crate) async fn managed_text(&self, cx: &Cx, arn: &str) -> kernel::Result<Option<Cow<'static, str>>> {
        if let Some(policy) = managed::find(arn) {
            return Ok(Some(Cow::Borrowed(policy.document)));
        }
        let arn = arn.to_owned();
        self.look(cx, move |r, account| {
            let version = iam_policies::default_version(r, account, &arn)?;
            Ok(version.map(|version| Cow::Owned(version.document)))
        })
        .await
    }
}

fn principal(cx: &Cx, key: &AccessKeyId, rights: &Rights, sealed: &Sealed) -> Principal {
    let mut principal = rights.principal(cx, &sealed.principal, key);
    if rights.kind == Kind::Role {
        let name = sealed.name.clone().unwrap_or_default();
        principal.arn = Arn::assumed_role(cx.account(), &rights.name, &name);
        principal.user_id = format!("{}:{name}", sealed.principal);
        principal.kind = PrincipalKind::AssumedRole {
            role_name: rights.name.clone(),
            role_arn: rights.arn.clone(),
            session_name: name,
        };
    }
    override_tags(&mut principal.tags, &sealed.tags);
    principal.session = Some(Session {
        issued_at: sealed.issued,
        expires_at: sealed.expires,
        federated: sealed.federated.clone(),
        source_identity: sealed.source_identity.clone(),
        transitive_tag_keys: sealed.transitive.clone(),
    });
    principal
}

/// Session tags win over the role's of the same key, which ignores case. Reference: 2.5.
fn override_tags(tags: &mut BTreeMap<String, String>, by: &BTreeMap<String, String>) {
    tags.retain(|key, _| !by.keys().any(|new| new.eq_ignore_ascii_case(key)));
    tags.extend(by.clone());
}

impl Iam {
    /// Most sessions carry one of a few texts. Errors: MalformedPolicyDocument's, which no session is made with.
    pub(crate) fn session_policy(&self, text: &str) -> Result<Policy, ParseError> {
        if let Some(policy) = self.session_policies.get(text) {
            return Ok(policy);
        }
        let policy = Policy::parse(text, PolicyKind::Session)?;
        self.session_policies.remember(text.to_owned(), policy.clone());
        Ok(policy)
    }
}
