//! What a token that is made of another says: what that one says, but for whom it is for, who acts, and less. Pure but for its `jti`.
//! Reference: user-pools 15.4; RFC 8693 4.1.

use kernel::{ApiError, ClientId, Cx};
use serde_json::{Map, Value, json};
use store::records::users::User;
use tokens::{AccessClaims, Bearer, Claims, IdClaims, Scopes, TokenUse};

use super::{grant::ADMIN_SCOPE, issue::expiry, overrides::Overrides};
use crate::{client::Client, errors::exchange as errors, external::shown::IDENTITIES, pool::Pool};

/// How many may have acted before one another: a reader of the token has to follow them.
const MOST_ACTORS: usize = 8;

/// Of the sign-in, and of either kind.
const OF_THE_SIGN_IN: [&str; 6] = ["origin_jti", "event_id", "auth_time", "acr", "amr", "cognito:groups"];

/// A client that has proved its secret where it has one, and what it asks for.
#[derive(Clone, Copy)]
pub(crate) struct Exchange<'a> {
    pub pool: &'a Pool,
    pub client: &'a Client,
    /// Of whom the new token speaks.
    pub subject: Shown<'a>,
    /// Who acts for them. None: whoever has the new token acts as them.
    pub actor: Option<Shown<'a>>,
    pub wanted: TokenUse,
    /// None: all that the subject's token has.
    pub scopes: Option<&'a [String]>,
    pub target: Option<Target<'a>>,
    /// The thumbprint of the key of which a proof came along: what is bound to a key is good with it alone, and what is made is bound to it.
    pub key: Option<&'a str>,
}

/// A token that is presented.
#[derive(Clone, Copy)]
pub(crate) struct Shown<'a> {
    pub token: &'a str,
    pub kind: TokenUse,
}

/// Whom the new token is for, as `aud` says it.
#[derive(Clone, Copy)]
pub(crate) enum Target<'a> {
    Audience(&'a str),
    Resource(&'a str),
}

/// Why there is none. The OAuth endpoint has a word for each, GetDerivedToken a sentence.
pub(crate) enum NoExchange {
    /// The client's settings don't allow this flow.
    Flow(&'static str),
    /// The subject's token, the actor's, or their users.
    Token(ApiError),
    /// What it was to be for.
    Target(ApiError),
    Failed(ApiError),
}

impl From<ApiError> for NoExchange {
    fn from(error: ApiError) -> Self {
        Self::Failed(error)
    }
}

/// A token that was presented and stands.
pub(super) struct Presented {
    pub bearer: Bearer,
    /// Whose it is.
    pub client: ClientId,
    /// Seconds since the epoch.
    pub expires_at: i64,
    pub claims: Claims,
    pub kind: TokenUse,
}

/// All that a new token comes from.
pub(super) struct Heir<'a> {
    pub asked: Exchange<'a>,
    pub subject: &'a Presented,
    pub actor: Option<&'a Presented>,
    pub user: &'a User,
    pub overrides: &'a Overrides,
}

/// Whether a token of the kind and for the target that is asked for could do more than the subject's.
pub(super) fn check(asked: Exchange<'_>, subject: &Presented) -> Result<(), NoExchange> {
    // An access token lets nobody read what the sign-in's ID token says.
    if asked.wanted == TokenUse::Id && subject.kind != TokenUse::Id {
        return Err(NoExchange::Token(errors::id_token_of_access_token()));
    }
    if actors(subject.claims.get("act")) >= MOST_ACTORS {
        return Err(NoExchange::Token(errors::too_many_actors()));
    }
    let Some(target) = asked.target else { return Ok(()) };
    let fits = match (bound_to(subject), asked.wanted, target) {
        // What was made for one is for no other.
        (Some(bound), _, target) => bound == target.as_str(),
        (None, _, Target::Audience(audience)) if audience == asked.client.id.as_str() => true,
        (None, TokenUse::Access, target) => asked.pool.has_resource_server(target.as_str()),
        // Identity pools and APIs go by whom an ID token is for.
        (None, TokenUse::Id, _) => false,
    };
    if fits {
        Ok(())
    } else {
        Err(NoExchange::Target(errors::target_not_possible(target.as_str())))
    }
}

/// What is asked for, as far as the subject's token and the client have it and it still exists. Self-service stays with the client that
/// the user signed in with: what another may write of a user is its own.
pub(super) fn scopes(asked: Exchange<'_>, subject: &Presented) -> Scopes {
    let has = match subject.kind {
        TokenUse::Access => Scopes::new(subject.claims.text("scope").unwrap_or_default()),
        TokenUse::Id => Scopes::default(),
    };
    let (client, pool) = (asked.client, asked.pool);
    let of_client = |scope: &str| client.scopes().iter().any(|own| own == scope) && pool.has_scope(scope);
    let stays = |scope: &str| scope == ADMIN_SCOPE && subject.client != client.id;
    let wanted: Vec<&str> = match asked.scopes {
        Some(scopes) => scopes.iter().map(String::as_str).collect(),
        None => has.list(),
    };
    let mut granted: Vec<&str> = Vec::new();
    for scope in wanted {
        if has.contain(scope) && of_client(scope) && !stays(scope) && !granted.contains(&scope) {
            granted.push(scope);
        }
    }
    Scopes::new(granted.join(" "))
}

impl Heir<'_> {
    /// Seconds since the epoch: not after the tokens that it is made of.
    pub fn expires_at(&self, cx: &Cx) -> i64 {
        let lifetimes = &self.asked.client.lifetimes;
        let life = match self.asked.wanted {
            TokenUse::Access => lifetimes.access_token,
            TokenUse::Id => lifetimes.id_token,
        };
        let own = expiry(cx.wall(), cx.now(), life).min(self.subject.expires_at);
        self.actor.map_or(own, |actor| own.min(actor.expires_at))
    }

    /// With the scopes that are left: a function takes some away, and adds none that the subject's token or the client lacks.
    pub fn access(&self, cx: &Cx, scopes: &Scopes) -> (AccessClaims, Scopes) {
        let mut claims = self.common(cx);
        claims.insert("client_id".to_owned(), json!(self.asked.client.id.as_str()));
        claims.insert("username".to_owned(), json!(self.user.username));
        if self.subject.kind == TokenUse::Access {
            copy(&mut claims, self.subject, "device_key");
        }
        self.overrides.apply_to_access(&mut claims);
        let target = self.asked.target.map(Target::as_str).or_else(|| bound_to(self.subject));
        if let Some(target) = target {
            claims.insert("aud".to_owned(), json!(target));
        }
        let left = self.overrides.scopes(scopes);
        let left: Vec<&str> = left.list().into_iter().filter(|scope| scopes.contain(scope)).collect();
        let left = Scopes::new(left.join(" "));
        (AccessClaims::new(&left, claims).bound_to(self.asked.key), left)
    }

    /// Of the attributes that the subject's token tells, those that the client may read.
    pub fn id(&self, cx: &Cx) -> IdClaims {
        let (pool, client) = (self.asked.pool, self.asked.client);
        let told = self.subject.claims.0.iter();
        let attributes = told.filter(|(name, _)| pool.schema.has(name) && client.may_read(name));
        let mut claims: Map<String, Value> = attributes.map(|(name, value)| (name.clone(), value.clone())).collect();
        claims.extend(self.common(cx));
        claims.insert("aud".to_owned(), json!(client.id.as_str()));
        claims.insert("cognito:username".to_owned(), json!(self.user.username));
        for name in ["cognito:roles", "cognito:preferred_role", IDENTITIES] {
            copy(&mut claims, self.subject, name);
        }
        self.overrides.apply_to_id(&mut claims);
        IdClaims::new(claims)
    }

    fn common(&self, cx: &Cx) -> Map<String, Value> {
        let mut claims = Map::new();
        for name in OF_THE_SIGN_IN {
            copy(&mut claims, self.subject, name);
        }
        let mut put = |name: &str, value: Value| claims.insert(name.to_owned(), value);
        put("sub", json!(self.user.sub.as_str()));
        put("iat", json!(cx.wall().secs()));
        put("exp", json!(self.expires_at(cx)));
        put("jti", json!(self.subject.bearer.heir_jti(cx.rng())));
        if let Some(act) = self.act() {
            put("act", act);
        }
        claims
    }

    /// Who acts for the user, and who did before.
    fn act(&self) -> Option<Value> {
        let before = self.subject.claims.get("act").cloned();
        let Some(actor) = self.actor else { return before };
        let mut act = json!({"sub": actor.bearer.sub.as_str(), "client_id": actor.client.as_str()});
        if let (Value::Object(act), Some(before)) = (&mut act, before) {
            act.insert("act".to_owned(), before);
        }
        Some(act)
    }
}

impl Presented {
    /// Of a client that acts for itself.
    pub fn is_of_client(&self) -> bool {
        self.bearer.is_client(&self.client)
    }
}

impl<'a> Target<'a> {
    fn as_str(self) -> &'a str {
        match self {
            Self::Audience(name) | Self::Resource(name) => name,
        }
    }
}

/// The one resource that an access token is for. Its own client, which a function may have put there, is none. Reference:
/// oauth-and-federation 3.5.
fn bound_to(subject: &Presented) -> Option<&str> {
    match subject.kind {
        TokenUse::Access => subject.claims.text("aud").filter(|aud| *aud != subject.client.as_str()),
        TokenUse::Id => None,
    }
}

fn actors(act: Option<&Value>) -> usize {
    let acts = std::iter::successors(act, |act| act.get("act"));
    acts.count()
}

fn copy(claims: &mut Map<String, Value>, from: &Presented, name: &str) {
    if let Some(value) = from.claims.get(name) {
        claims.insert(name.to_owned(), value.clone());
    }
}
