use std::sync::Arc;

use iam::{Caller, Iam, Origin, Unauthorized, UnknownKeys};
use kernel::{
    AccessKeyId, AccountId, ApiError, Arn, Clock, CpuPool, Cx, Env, IdentityPoolId, PoolId, Principal, PrincipalKind,
    Region, Sub, Timestamp,
};
use serde_json::{Map, Value, json};
use sigv4::{Scope, Secret, SessionToken, SigningKey, Stamp};
use store::{
    Config, Store,
    records::{identity_pools, pools, users},
};
use testkit::{Folder, MockClock, SeededRng};
use tokens::{AccessClaims, IdClaims, IssuerMode, Issuers, Scopes, Tokens, UserClaims};
use vault::{Keyring, jws};

use crate::{IdentityPools, ops};

pub(crate) const ACCOUNT: &str = "123456789012";
pub(crate) const BASE_URL: &str = "http://localhost:4566";
pub(crate) const CLIENT: &str = "web";

/// Two user pools, each with a client `web`.
pub(crate) const STAFF: &str = "eu-west-1_Staff1234";
pub(crate) const PARTNERS: &str = "eu-west-1_Partner12";

pub(crate) struct App {
    pub pools: IdentityPools,
    pub iam: Iam,
    pub tokens: Tokens,
    pub store: Store,
    pub clock: Arc<MockClock>,
    pub env: Arc<Env>,
    _folder: Folder,
}

impl App {
    /// With the two user pools and without identity pools.
    pub async fn new() -> Self {
        Self::with_issuers(IssuerMode::Request).await
    }

    pub async fn with_issuers(default: IssuerMode) -> Self {
        Self::open(default, None).await
    }

    /// On SQLite, and on PostgreSQL where that is installed.
    pub async fn on_every_engine() -> Vec<Self> {
        let mut apps = vec![Self::new().await];
        if let Some(url) = testkit::postgres::database() {
            apps.push(Self::open(IssuerMode::Request, Some(Config::Postgres { url })).await);
        }
        apps
    }

    async fn open(default: IssuerMode, config: Option<Config>) -> Self {
        let folder = Folder::new().unwrap();
        let rng = Arc::new(SeededRng::new(11));
        let keyring = Arc::new(Keyring::generate(rng.as_ref()));
        let clock = Arc::new(MockClock::default());
        let env = Arc::new(Env {
            clock: clock.clone(),
            rng,
            account: AccountId::new(ACCOUNT),
            default_region: Region::new("eu-west-1"),
        });
        let path = folder.path().join("db");
        let store = Store::open(config.unwrap_or(Config::Sqlite { path })).unwrap();
        store.migrate(env.clock.now()).await.unwrap();
        let issuers = Issuers {
            default,
            public_url: Some("https://id.example.com".to_owned()),
            request_allowed: true,
        };
        let cpu = CpuPool::start(2).unwrap();
        let tokens = Tokens::new(store.clone(), keyring.clone(), cpu, issuers);
        tokens.add_spares(testkit::signing_keys().map(|der| jws::SigningKey::from_pkcs8(der).unwrap()));
        let iam = Iam::new(store.clone(), keyring.clone(), tokens.clone(), UnknownKeys::Refused);
        let app = Self {
            pools: IdentityPools::new(store.clone(), keyring, tokens.clone(), iam.clone()),
            iam,
            tokens,
            store,
            clock,
            env,
            _folder: folder,
        };
        for pool in [STAFF, PARTNERS] {
            app.user_pool(pool, json!({})).await;
        }
        app
    }

    pub fn cx(&self) -> Cx {
        Cx::internal(&self.env, BASE_URL)
    }

    pub async fn user_pool(&self, id: &str, settings: Value) {
        let keys = self.tokens.new_pool_keys(&self.cx(), &PoolId::new(id)).await.unwrap();
        let issuer = settings["UserPoolTags"]["poolhouse:issuer"].as_str().map(str::to_owned);
        let pool = pools::Pool {
            pool: PoolId::new(id),
            account: AccountId::new(ACCOUNT),
            region: Region::new("eu-west-1"),
            created: self.clock.now(),
            modified: self.clock.now(),
            version: 1,
            doc: settings.to_string(),
            issuer: issuer.clone(),
            issuer_updated: false,
        };
        let insert = move |tx: &mut store::Tx<'_>| {
            keys.insert(tx)?;
            if let Some(issuer) = &issuer {
                pools::claim_issuer(tx, issuer, &pool.pool)?;
            }
            Ok(pools::insert(tx, &pool)?)
        };
        assert!(self.store.write(insert).await.unwrap());
    }

    pub async fn delete_user_pool(&self, id: &str) {
        let pool = PoolId::new(id);
        let deleted = self.store.write(move |tx| Ok(pools::delete(tx, &pool)?));
        assert!(deleted.await.unwrap());
        self.tokens.forget();
    }

    /// A user without a password, for what looks at users.
    pub async fn user(&self, pool: &str, sub: &str) -> users::User {
        let user = users::User {
            pool: PoolId::new(pool),
            sub: Sub::new(sub),
            username: sub.to_owned(),
            status: store::records::status::Status::Confirmed,
            enabled: true,
            created: self.clock.now(),
            modified: self.clock.now(),
            version: 1,
            doc: users::Doc::default(),
        };
        let row = user.clone();
        self.store.write(move |tx| Ok(users::insert(tx, &row)?)).await.unwrap();
        user
    }

    /// An ID token of `pool`; `claims` stand over those of one for client `web`.
    pub async fn token(&self, pool: &str, claims: Value) -> String {
        self.tokens(pool, claims).await.id
    }

    /// An ID token, and an access token that says the same.
    pub async fn tokens(&self, pool: &str, claims: Value) -> tokens::UserTokens {
        let now = self.clock.now().secs();
        let mut all = json!({
            "aud": CLIENT, "iat": now, "auth_time": now, "exp": now + 3600, "cognito:username": "ana",
        });
        for (name, value) in object(claims) {
            match value {
                Value::Null => all.as_object_mut().unwrap().remove(&name),
                value => all.as_object_mut().unwrap().insert(name, value),
            };
        }
        let turn = self.tokens.reserve().unwrap();
        let claims = UserClaims {
            id: IdClaims::new(object(all.clone())),
            access: AccessClaims::new(&Scopes::default(), object(all)),
        };
        let (cx, pool) = (self.cx(), PoolId::new(pool));
        self.tokens.issue(&cx, &pool, claims, turn).await.unwrap()
    }

    pub async fn id_token(&self, pool: &str, sub: &str) -> String {
        self.token(pool, json!({ "sub": sub })).await
    }

    /// Logins of that user of that pool, under AWS's name of the provider.
    pub async fn logins(&self, pool: &str, sub: &str) -> Value {
        json!({ aws(pool): self.id_token(pool, sub).await })
    }

    /// Through the table, past model validation, without signature and policies.
    pub async fn call(&self, operation: &str, input: Value) -> Answer {
        self.call_with(self.cx(), operation, input).await
    }

    pub async fn call_as(&self, caller: Caller, operation: &str, input: Value) -> Answer {
        let mut cx = self.cx();
        cx.caller = Some(caller.authenticated());
        self.call_with(cx, operation, input).await
    }

    pub async fn call_with(&self, cx: Cx, operation: &str, input: Value) -> Answer {
        let table = &ops::TABLE;
        let entry = table
            .entry(operation)
            .unwrap_or_else(|| panic!("{operation} is not in the table"));
        let model = table.service.operation(operation).unwrap();
        let permitted = match table.service.validate(model, &input) {
            Ok(()) => self.may_pass(&cx, entry.facts, &input).await,
            Err(error) => Err(error),
        };
        let result = match permitted {
            Ok(()) => (entry.call)(&self.pools, &cx, input).await,
            Err(error) => Err(error),
        };
        if let Err(error) = &result {
            let code = error.code().0;
            assert!(
                model.errors.contains(&code) || code == "ValidationException",
                "{operation} is not modelled to answer {error:?}"
            );
        }
        Answer {
            operation: operation.to_owned(),
            result: result.map(model::Answered::tree),
        }
    }

    /// An identity pool that takes guests and users of both user pools; `settings` stand over that. Its id.
    pub async fn identity_pool(&self, settings: Value) -> String {
        let providers = [STAFF, PARTNERS].map(|pool| json!({"ProviderName": aws(pool), "ClientId": CLIENT}));
        let mut input = json!({
            "IdentityPoolName": "walk", "AllowUnauthenticatedIdentities": true, "CognitoIdentityProviders": providers,
        });
        input.as_object_mut().unwrap().extend(object(settings));
        text(&self.call("CreateIdentityPool", input).await.ok(), "IdentityPoolId")
    }

    /// GetId: with these logins, or a guest where they are null.
    pub async fn id(&self, pool: &str, logins: Value) -> String {
        let mut input = json!({ "IdentityPoolId": pool });
        if !logins.is_null() {
            input["Logins"] = logins;
        }
        text(&self.call("GetId", input).await.ok(), "IdentityId")
    }

    pub async fn credentials(&self, identity: &str, logins: Value) -> Answer {
        let mut input = json!({ "IdentityId": identity });
        if !logins.is_null() {
            input["Logins"] = logins;
        }
        self.call("GetCredentialsForIdentity", input).await
    }

    /// Through IAM's table, as the account's root.
    pub async fn iam(&self, operation: &str, input: Value) -> Value {
        let entry = iam::ops::TABLE.entry(operation).unwrap();
        let cx = Cx {
            caller: Some(root().authenticated()),
            ..self.cx()
        };
        (entry.call)(&self.iam, &cx, input).await.unwrap().tree()
    }

    /// A role that the identity pool's identities of a kind may take, with one inline policy. Its ARN.
    pub async fn role(&self, name: &str, identity_pool: &str, kind: &str, actions: Value) -> String {
        let trust = json!({"Version": "2012-10-17", "Statement": [{
            "Effect": "Allow",
            "Principal": {"Federated": "cognito-identity.amazonaws.com"},
            "Action": actions,
            "Condition": {
                "StringEquals": {"cognito-identity.amazonaws.com:aud": identity_pool},
                "ForAnyValue:StringLike": {"cognito-identity.amazonaws.com:amr": kind},
            },
        }]});
        let role = json!({"RoleName": name, "AssumeRolePolicyDocument": trust.to_string()});
        self.iam("CreateRole", role).await;
        let policy = json!({"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": ["iam:*", "s3:ListAllMyBuckets"], "Resource": "*"},
            {"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::b/${cognito-identity.amazonaws.com:sub}/*"},
            {"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::teams/${aws:PrincipalTag/team}/*"},
        ]});
        let policy = json!({"RoleName": name, "PolicyName": "p", "PolicyDocument": policy.to_string()});
        self.iam("PutRolePolicy", policy).await;
        role_arn(name)
    }

    /// An identity pool with roles `user` and `guest`, which exist. Its id.
    pub async fn pool_with_roles(&self, settings: Value) -> String {
        let pool = self.identity_pool(settings).await;
        let assume = json!("sts:AssumeRoleWithWebIdentity");
        let user = self.role("user", &pool, "authenticated", assume.clone()).await;
        let guest = self.role("guest", &pool, "unauthenticated", assume).await;
        let roles = json!({"authenticated": user, "unauthenticated": guest});
        self.call("SetIdentityPoolRoles", json!({"IdentityPoolId": pool, "Roles": roles}))
            .await
            .ok();
        pool
    }

    /// Whom credentials stand for, as the other services see it.
    pub async fn principal(&self, credentials: &Value) -> Caller {
        let key = AccessKeyId::new(text(credentials, "AccessKeyId"));
        let token = SessionToken::new(text(credentials, "SessionToken"));
        let known = self
            .iam
            .credential(&self.cx(), &key, Some(&token), Origin::Own)
            .await
            .unwrap();
        let told = credentials
            .get("SecretKey")
            .or_else(|| credentials.get("SecretAccessKey"));
        let told = Secret::new(told.and_then(Value::as_str).unwrap());
        assert_eq!(self.signature(&told), self.signature(known.secret.as_ref().unwrap()));
        known.proved(|_| Ok(None)).unwrap()
    }

    fn signature(&self, secret: &Secret) -> String {
        let scope = Scope {
            date: Stamp::new(self.now()).date(),
            region: self.env.default_region.clone(),
            service: "s3".to_owned(),
        };
        SigningKey::derive(secret, &scope).sign("text")
    }

    /// Whether the principal may, or the refusal's sentence.
    pub async fn may(&self, caller: &Caller, action: &str, resource: &str) -> Result<(), String> {
        let ask = iam::Ask::new(action, resource);
        let decision = self.iam.authorize(&self.cx(), caller, &ask).await;
        decision.map_err(|refusal| match refusal {
            Unauthorized::Denied(denial) => denial.sentence,
            Unauthorized::Internal(error) => panic!("{error:?}"),
        })
    }

    pub async fn stored_pool(&self, id: &str) -> identity_pools::IdentityPool {
        let id = IdentityPoolId::new(id);
        self.store
            .read(move |r| identity_pools::by_id(r, &id))
            .await
            .unwrap()
            .unwrap()
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

/// What an operation answered; null where it has no output.
pub(crate) struct Answer {
    operation: String,
    pub result: Result<Value, ApiError>,
}

impl Answer {
    #[track_caller]
    pub fn ok(self) -> Value {
        let operation = self.operation;
        self.result
            .unwrap_or_else(|error| panic!("{operation} answered {error:?}"))
    }

    #[track_caller]
    pub fn refused(self, code: &str, sentence: &str) {
        match self.result {
            Ok(answer) => panic!("{} was not refused with {code}: {answer}", self.operation),
            Err(error) => assert_eq!((error.code().0, error.message()), (code, sentence), "{error:?}"),
        }
    }
}

fn root() -> Caller {
    Caller::without_rights(Principal {
        kind: PrincipalKind::Root,
        arn: Arn::parse(&format!("arn:aws:iam::{ACCOUNT}:root")).unwrap(),
        user_id: ACCOUNT.to_owned(),
        ..Principal::anonymous(AccountId::new(ACCOUNT))
    })
}

/// AWS's name of a user pool as a provider.
pub(crate) fn aws(pool: &str) -> String {
    format!("cognito-idp.eu-west-1.amazonaws.com/{pool}")
}

pub(crate) fn role_arn(name: &str) -> String {
    format!("arn:aws:iam::{ACCOUNT}:role/{name}")
}

#[track_caller]
pub(crate) fn text(value: &Value, member: &str) -> String {
    let found = value.get(member).and_then(Value::as_str);
    found
        .unwrap_or_else(|| panic!("no text {member} in {value}"))
        .to_owned()
}

pub(crate) fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        other => panic!("not an object: {other}"),
    }
}
