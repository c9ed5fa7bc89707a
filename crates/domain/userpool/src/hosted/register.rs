//! App clients that register themselves (RFC 7591), as a pool's DcrConfiguration has it. Reference: user-pools 15.4.
//!
//! Whoever brings an access token of the pool's with [`SCOPE`] is vouched for; anybody else is let in where the pool is open to them, so
//! many in an hour, and goes again if nobody signs in by it. What such a client may: be signed in with by pages and refresh; no flow of
//! the API but an administrator's.

use std::{sync::Arc, time::Duration};

use api::cognito_idp::{
    ClientTypeType, ExplicitAuthFlowsType, FeatureType, OAuthFlowType, PreventUserExistenceErrorTypes,
    RefreshTokenRotationType, UserPoolClientType,
};
use kernel::{ApiError, ClientId, Code, Cx, PoolId, Timestamp};
use store::records::registrations;
use tokens::Unverified;

use super::Place;
use crate::{
    UserPools,
    client::{
        input,
        loaded::Confidentiality,
        new::{Keep, NewClient},
        redirects,
        secret::Secret,
    },
    errors,
    pool::{
        Pool,
        loaded::{STANDARD_SCOPES, is_standard_scope},
        registration::Registration,
    },
    user::standing::may_go_on,
};

/// What an initial access token has to have: a scope of a resource server that an administrator makes for this.
pub const SCOPE: &str = "poolhouse/register-clients";

/// Unless the pool says otherwise.
const AN_HOUR: u32 = 20;

const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);

/// How long a client is kept that nobody has signed in by.
const UNUSED: Duration = Duration::from_secs(7 * 24 * 3600);

/// How long after its last use: longer than its refresh tokens live.
const USED: Duration = Duration::from_secs(90 * 24 * 3600);

/// Of CallbackURLs, by the model.
const MOST_REDIRECTS: usize = 100;
const LONGEST_REDIRECT: usize = 1024;

/// Of ClientName, by the model.
const LONGEST_NAME: usize = 128;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    Code,
    Implicit,
    ClientCredentials,
}

/// What a client wants to be.
#[derive(Clone, Debug, Default)]
pub struct Metadata {
    pub name: String,
    pub redirects: Vec<String>,
    pub flows: Vec<Flow>,
    /// None: all that it may have.
    pub scopes: Option<Vec<String>>,
    pub has_secret: bool,
}

/// What it is.
pub struct Registered {
    pub id: ClientId,
    pub secret: Option<String>,
    pub at: Timestamp,
    pub is: Metadata,
}

/// Why it is not registered.
#[derive(Debug)]
pub enum NotRegistered {
    /// A token is needed, and there is none.
    NoToken,
    BadToken,
    /// The token is no initial access token.
    NoScope,
    Redirect(String),
    Metadata(String),
    /// Too many came in the last hour.
    TooMany,
    Api(ApiError),
}

impl From<ApiError> for NotRegistered {
    fn from(error: ApiError) -> Self {
        Self::Api(error)
    }
}

impl Flow {
    fn of(flow: OAuthFlowType) -> Self {
        match flow {
            OAuthFlowType::Code => Self::Code,
            OAuthFlowType::Implicit => Self::Implicit,
            OAuthFlowType::ClientCredentials => Self::ClientCredentials,
        }
    }

    fn told(self) -> OAuthFlowType {
        match self {
            Self::Code => OAuthFlowType::Code,
            Self::Implicit => OAuthFlowType::Implicit,
            Self::ClientCredentials => OAuthFlowType::ClientCredentials,
        }
    }
}

impl UserPools {
    /// `token`: what was brought. What a client wants and may not have is left out, and it is told what is left.
    pub async fn register_client(
        &self,
        cx: &Cx,
        pool: &PoolId,
        token: Option<&str>,
        wanted: Metadata,
    ) -> Result<Registered, NotRegistered> {
        let loaded = self
            .load(pool)
            .await?
            .ok_or_else(|| errors::pool_does_not_exist(pool.as_str()))?;
        let Some(registration) = &loaded.registration else {
            return Err(NotRegistered::NoToken);
        };
        let is_vouched_for = match token {
            Some(token) => {
                self.check_initial_token(cx, &loaded, token).await?;
                true
            }
            None if registration.is_open => false,
            None => return Err(NotRegistered::NoToken),
        };
        let flows = if is_vouched_for {
            &registration.vouched_flows
        } else {
            &registration.open_flows
        };
        let is = granted(&loaded, registration, flows, wanted)?;
        let secret = is.has_secret.then(|| Secret::generated(cx.rng()));
        let kind = if secret.is_some() {
            Confidentiality::Confidential
        } else {
            Confidentiality::Public
        };
        let settings = input::registered(&loaded, kind, settings(&is)).map_err(|error| match error.code() {
            Code::InternalError => NotRegistered::Api(error),
            _ => NotRegistered::Metadata(error.message().to_owned()),
        })?;
        let id = ClientId::random(cx.rng());
        let new = NewClient::begin(&self.keyring, cx, (&loaded, id), &settings, secret.as_deref())?;
        let new = Arc::new(new);
        let keep = if is_vouched_for {
            Keep::ForEver
        } else {
            Keep::IfUsed {
                until: cx.now().plus(UNUSED),
                since: cx.now().minus(HOUR),
                most: i64::from(loaded.switches.registrations.unwrap_or(AN_HOUR)),
            }
        };
        let stored = Arc::clone(&new);
        let written = self.store.write(move |tx| stored.insert(tx, keep)).await;
        written.map_err(|stop| match ApiError::from(stop) {
            error if error.code() == Code::LimitExceeded => NotRegistered::TooMany,
            error => NotRegistered::Api(error),
        })?;
        Ok(Registered {
            id: new.client.id.clone(),
            secret,
            at: new.client.created,
            is,
        })
    }

    async fn check_initial_token(&self, cx: &Cx, pool: &Pool, token: &str) -> Result<(), NotRegistered> {
        let access = self.tokens.verify_access(cx, token).await;
        let access = access.map_err(|unverified| match unverified {
            Unverified::Refused(_) => NotRegistered::BadToken,
            Unverified::Internal(error) => NotRegistered::Api(error),
        })?;
        let is_here = access.bearer.pool == pool.id && pool.clients.contains_key(&access.client);
        if !is_here || access.expires_at <= cx.now().secs() {
            return Err(NotRegistered::BadToken);
        }
        if !access.bearer.is_client(&access.client) {
            let standing = self.tokens.standing(&access.bearer).await?;
            let goes_on = standing.user.as_ref().is_some_and(|user| may_go_on(user).is_ok());
            if standing.revoked || !goes_on {
                return Err(NotRegistered::BadToken);
            }
        }
        if access.scopes.contain(SCOPE) {
            Ok(())
        } else {
            Err(NotRegistered::NoScope)
        }
    }

    /// A client that registered itself was used by somebody: it is kept on. Written once a day at most. Errors: internal.
    pub async fn keep_registered(&self, cx: &Cx, place: &Place) -> Result<(), ApiError> {
        if !place.is_self_registered() {
            return Ok(());
        }
        let (pool, client) = (place.pool.id.clone(), place.client.id.clone());
        let (until, now) = (cx.now().plus(USED), cx.now());
        let (of, id) = (pool.clone(), client.clone());
        let kept = self.store.look_up(move |r| registrations::expiry(r, &of, &id)).await?;
        if kept.is_some_and(|kept| kept < now.plus(USED - DAY)) {
            self.store
                .write(move |tx| Ok(registrations::keep_until(tx, &pool, &client, until)?))
                .await?;
        }
        Ok(())
    }
}

fn granted(
    pool: &Pool,
    registration: &Registration,
    allowed: &[OAuthFlowType],
    wanted: Metadata,
) -> Result<Metadata, NotRegistered> {
    let metadata = |why: &str| NotRegistered::Metadata(why.to_owned());
    let allowed: Vec<Flow> = allowed.iter().map(|flow| Flow::of(*flow)).collect();
    let mut flows = wanted.flows;
    flows.retain(|flow| allowed.contains(flow));
    if flows.is_empty() {
        return Err(metadata("None of the grant types is allowed here."));
    }
    if wanted.redirects.len() > MOST_REDIRECTS {
        return Err(NotRegistered::Redirect("There are too many redirect URIs.".to_owned()));
    }
    for uri in &wanted.redirects {
        if uri.len() > LONGEST_REDIRECT {
            return Err(NotRegistered::Redirect("A redirect URI is too long.".to_owned()));
        }
        if let Some(rule) = redirects::broken_rule(uri) {
            return Err(NotRegistered::Redirect(format!("{uri} {rule}")));
        }
    }
    let of_users = flows.iter().any(|flow| *flow != Flow::ClientCredentials);
    if of_users && wanted.redirects.is_empty() {
        return Err(NotRegistered::Redirect("There is no redirect URI.".to_owned()));
    }
    let scopes = scopes(pool, registration, of_users, wanted.scopes.as_deref());
    if scopes.is_empty() {
        return Err(metadata("None of the scopes is allowed here."));
    }
    Ok(Metadata {
        name: name(&wanted.name),
        redirects: wanted.redirects,
        flows,
        scopes: Some(scopes),
        has_secret: wanted.has_secret,
    })
}

/// Those of the pool's that there are, and of them those that are wanted. Without a user there are none about one.
fn scopes(pool: &Pool, registration: &Registration, of_users: bool, wanted: Option<&[String]>) -> Vec<String> {
    let allowed = match &registration.scopes {
        Some(listed) => listed.clone(),
        None => {
            let usual = STANDARD_SCOPES.iter().filter(|scope| **scope != ACCOUNT);
            usual.map(|scope| (*scope).to_owned()).collect()
        }
    };
    let is_fit = |scope: &String| pool.has_scope(scope) && (of_users || !is_standard_scope(scope));
    let is_wanted = |scope: &String| wanted.is_none_or(|wanted| wanted.contains(scope));
    allowed
        .into_iter()
        .filter(|scope| is_fit(scope) && is_wanted(scope))
        .collect()
}

/// It opens the operations of an account: nobody gets it without being named.
const ACCOUNT: &str = "aws.cognito.signin.user.admin";

/// As ClientName may be; what it can't have is a blank.
fn name(wanted: &str) -> String {
    let letter = |c: char| {
        let fits = c.is_ascii_alphanumeric() || matches!(c, '_' | '+' | '=' | ',' | '.' | '@' | '-');
        if fits { c } else { ' ' }
    };
    let name: String = wanted.chars().take(LONGEST_NAME).map(letter).collect();
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() { "app".to_owned() } else { name }
}

fn settings(is: &Metadata) -> UserPoolClientType {
    let redirects = (!is.redirects.is_empty()).then(|| is.redirects.clone());
    UserPoolClientType {
        client_name: Some(is.name.clone()),
        client_type: Some(ClientTypeType::Dcr),
        allowed_oauth_flows_user_pool_client: Some(true),
        allowed_oauth_flows: Some(is.flows.iter().map(|flow| flow.told()).collect()),
        allowed_oauth_scopes: is.scopes.clone(),
        callback_urls: redirects,
        // Without a list there would be the flows of passwords.
        explicit_auth_flows: Some(vec![ExplicitAuthFlowsType::AllowAdminUserPasswordAuth]),
        prevent_user_existence_errors: Some(PreventUserExistenceErrorTypes::Enabled),
        // RFC 9700 section 4.14.2: a public client's refresh token is good once. The grace is for two answers at once.
        refresh_token_rotation: Some(RefreshTokenRotationType {
            feature: FeatureType::Enabled,
            retry_grace_period_seconds: Some(10),
        }),
        ..UserPoolClientType::default()
    }
}

#[cfg(test)]
mod tests {
    use super::name;

    #[test]
    fn a_name_is_made_to_fit() {
        let long = "a".repeat(200);
        for (wanted, is) in [
            ("MCP Inspector", "MCP Inspector"),
            ("Editor (plugin:x)", "Editor plugin x"),
            ("<b>Bank</b>", "b Bank b"),
            (" \u{202e}\n", "app"),
            ("", "app"),
            (&long, &long[..128]),
        ] {
            assert_eq!(name(wanted), is, "{wanted}");
        }
    }
}
