//! `App`: identity pools in a [`World`], with two user pools to sign in at and IAM to find roles in.

use std::ops::Deref;

use iam::{Caller, Iam, Origin, Unauthorized, UnknownKeys};
use kernel::{AccessKeyId, AccountId, Arn, Cx, IdentityPoolId, PoolId, Principal, PrincipalKind, Region, Sub};
use serde_json::{Value, json};
use sigv4::{Scope, Secret, SessionToken, SigningKey, Stamp};
use store::records::{identity_pools, pools, users};
use testkit::{ACCOUNT, Answer, Call, World, merged, object, text};
use tokens::{AccessClaims, Binding, IdClaims, IssuerMode, Issuers, Scopes, Tokens, UserClaims};

use crate::{IdentityPools, ops};

pub(crate) const CLIENT: &str = "web";

/// Two user pools, each with a client `web`.
pub(crate) const STAFF: &str = "eu-west-1_Staff1234";
pub(crate) const PARTNERS: &str = "eu-west-1_Partner12";

pub(crate) struct App {
    pub pools: IdentityPools,
    pub iam: Iam,
    pub tokens: Tokens,
    world: World,
}

impl Deref for App {
    type Target = World;

    fn deref(&self) -> &World {
        &self.world
    }
}

impl App {
    /// With the two user pools and without identity pools.
    pub async fn new() -> Self {
        Self::with_issuers(IssuerMode::Request).await
    }

    pub async fn with_issuers(default: IssuerMode) -> Self {
        Self::over(World::new().await, default).await
    }

    /// On SQLite, and on PostgreSQL where that is installed.
    pub async fn on_every_engine() -> Vec<Self> {
        let mut apps = Vec::new();
        for world in World::on_every_engine().await {
            apps.push(Self::over(world, IssuerMode::Request).await);
        }
        apps
    }

    async fn over(world: World, default: IssuerMode) -> Self {
        let issuers = Issuers {
            default,
            public_url: Some("https://id.example.com".to_owned()),
            request_allowed: true,
        };
        let (store, keyring) = (world.store.clone(), world.keyring.clone());
        let tokens = Tokens::new(store.clone(), keyring.clone(), world.cpu.clone(), issuers);
        tokens.add_spares(testkit::signing_keys());
        let iam = Iam::new(store.clone(), keyring.clone(), tokens.clone(), UnknownKeys::Refused);
        let app = Self {
            pools: IdentityPools::new(store, keyring, tokens.clone(), iam.clone()),
            iam,
            tokens,
            world,
        };
        for pool in [STAFF, PARTNERS] {
            app.user_pool(pool, json!({})).await;
        }
        app
    }

    pub async fn user_pool(&self, id: &str, settings: Value) {
        let keys = self.tokens.new_pool_keys(&self.cx(), &PoolId::new(id)).await.unwrap();
        let issuer = settings["UserPoolTags"]["poolhouse:issuer"].as_str().map(str::to_owned);
        let pool = pools::Pool {
            pool: PoolId::new(id),
            account: AccountId::new(ACCOUNT),
            region: Region::new("eu-west-1"),
            created: self.now(),
            modified: self.now(),
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
            created: self.now(),
            modified: self.now(),
            version: 1,
            doc: users::Doc::default(),
        };
        let row = user.clone();
        self.store.write(move |tx| Ok(users::insert(tx, &row)?)).await.unwrap();
        user
    }

    /// An ID token of `pool`; `claims` stand over those of one for client `web`.
    pub async fn token(&self, pool: &str, claims: Value) -> String {
        self.tokens(pool, claims).await.id.unwrap()
    }

    /// An ID token, and an access token that says the same.
    pub async fn tokens(&self, pool: &str, claims: Value) -> tokens::UserTokens {
        let now = self.now().secs();
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
            id: Some(IdClaims::new(object(all.clone()))),
            access: AccessClaims::new(&Scopes::default(), object(all)),
            binding: Binding::None,
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

    /// Without signature and policies, but for the roles that are passed.
    pub async fn call(&self, operation: &str, input: Value) -> Answer {
        self.call_with(self.cx(), operation, input).await
    }

    pub async fn call_as(&self, caller: Caller, operation: &str, input: Value) -> Answer {
        let mut cx = self.cx();
        cx.caller = Some(caller.authenticated());
        self.call_with(cx, operation, input).await
    }

    pub async fn call_with(&self, cx: Cx, operation: &str, input: Value) -> Answer {
        let call = Call::of(&ops::TABLE, operation, input);
        let permitted = self.may_pass(&cx, call.entry.facts, &call.input).await;
        call.if_permitted(permitted).on(&self.pools, &cx).await
    }

    /// An identity pool that takes guests and users of both user pools; `settings` stand over that. Its id.
    pub async fn identity_pool(&self, settings: Value) -> String {
        let providers = [STAFF, PARTNERS].map(|pool| json!({"ProviderName": aws(pool), "ClientId": CLIENT}));
        let input = json!({
            "IdentityPoolName": "walk", "AllowUnauthenticatedIdentities": true, "CognitoIdentityProviders": providers,
        });
        let made = self.call("CreateIdentityPool", merged(input, settings)).await.ok();
        text(&made, "/IdentityPoolId")
    }

    /// GetId: with these logins, or a guest where they are null.
    pub async fn id(&self, pool: &str, logins: Value) -> String {
        let mut input = json!({ "IdentityPoolId": pool });
        if !logins.is_null() {
            input["Logins"] = logins;
        }
        text(&self.call("GetId", input).await.ok(), "/IdentityId")
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
        let cx = Cx {
            caller: Some(root().authenticated()),
            ..self.cx()
        };
        Call::of(&iam::ops::TABLE, operation, input)
            .on(&self.iam, &cx)
            .await
            .ok()
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
        let key = AccessKeyId::new(text(credentials, "/AccessKeyId"));
        let token = SessionToken::new(text(credentials, "/SessionToken"));
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
