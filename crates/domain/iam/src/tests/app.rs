use std::{collections::BTreeMap, ops::Deref};

use http::HeaderMap;
use kernel::{AccessKeyId, AccountId, Cx, Principal, PrincipalKind, Region};
use serde_json::{Value, json};
use sigv4::{Canon, ContentHash, Parts, Payload, Rules, Secret, SessionToken, Signer, Target};
use testkit::{ACCOUNT, Answer, Call, World, text};
use tokens::{IssuerMode, Issuers, OpenIdClaims, Tokens};

use super::recognition::{decided, recognised, recognition};
use crate::{Ask, AssumeWithWebIdentity, Assumed, Caller, Denial, Iam, Origin, Signed, UnknownKeys};

pub(super) const POOL: &str = "us-east-1:aaaaaaaa-1111-4111-8111-111111111111";
pub(super) const U1: &str = "us-east-1:11111111-1111-1111-1111-111111111111";
pub(super) const PROVIDER: &str = "cognito-identity.amazonaws.com";

pub(super) struct App {
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

/// What a client holds.
#[derive(Clone, Debug)]
pub(super) struct Credentials {
    pub key: String,
    pub secret: String,
    pub token: Option<String>,
}

impl App {
    /// As serve runs it.
    pub async fn new() -> Self {
        Self::with(UnknownKeys::Refused).await
    }

    pub async fn with(unknown_keys: UnknownKeys) -> Self {
        let world = World::in_region("us-east-1").await;
        let issuers = Issuers {
            default: IssuerMode::Aws,
            public_url: None,
            request_allowed: false,
        };
        let tokens = Tokens::new(world.store.clone(), world.keyring.clone(), world.cpu.clone(), issuers);
        Self {
            iam: Iam::new(world.store.clone(), world.keyring.clone(), tokens.clone(), unknown_keys),
            tokens,
            world,
        }
    }

    pub fn cx_of(&self, caller: &Caller) -> Cx {
        Cx {
            caller: Some(caller.clone().authenticated()),
            source_ip: Some([10, 2, 3, 4].into()),
            user_agent: Some("curl/8".into()),
            referer: Some("https://photos.example.com/a".into()),
            ..self.cx()
        }
    }

    /// Another node on the same database.
    pub fn neighbour(&self) -> Iam {
        let (store, keyring) = (self.store.clone(), self.keyring.clone());
        Iam::new(store, keyring, self.tokens.clone(), UnknownKeys::Refused)
    }

    /// The same database, served by serve.
    pub fn into_serve(self) -> Self {
        Self {
            iam: self.neighbour(),
            ..self
        }
    }

    /// An IAM operation as the root, who needs no policies.
    pub async fn iam(&self, operation: &str, input: Value) -> Answer {
        self.iam_as(&root(), operation, input).await
    }

    pub async fn iam_as(&self, caller: &Caller, operation: &str, input: Value) -> Answer {
        self.call(caller, Call::of(&crate::ops::TABLE, operation, input)).await
    }

    pub async fn sts_as(&self, caller: &Caller, operation: &str, input: Value) -> Answer {
        self.call(caller, Call::of(&crate::sts::TABLE, operation, input)).await
    }

    async fn call(&self, caller: &Caller, call: Call<Iam>) -> Answer {
        let caller = &self.again(caller).await;
        let cx = self.cx_of(caller);
        let signed = call.operation.auth == model::Auth::SigV4;
        let permitted = if signed && !call.entry.facts.is_free() {
            let action = format!("{}:{}", call.service.signing_name, call.operation.name);
            let resource = (call.entry.resource)(&cx, &call.input);
            let ask = Ask::new(&action, &resource).of_call(call.entry.facts, &call.input);
            let asked = self.iam.authorize(&cx, caller, &ask).await;
            asked.map_err(|refusal| refusal.told(|denial| crate::errors::access_denied(denial.sentence)))
        } else {
            Ok(())
        };
        call.if_permitted(permitted).on(&self.iam, &cx).await
    }

    pub async fn allowed(&self, caller: &Caller, action: &str, resource: &str) -> std::result::Result<(), Denial> {
        self.ask(caller, &Ask::new(action, resource)).await
    }

    pub async fn ask(&self, caller: &Caller, ask: &Ask<'_>) -> std::result::Result<(), Denial> {
        let caller = self.again(caller).await;
        decided(self.iam.authorize(&self.cx_of(&caller), &caller, ask).await).map_err(|denial| *denial)
    }

    /// The caller in a later request: with the rights of now.
    pub async fn again(&self, caller: &Caller) -> Caller {
        recognised(&self.iam, &self.cx(), caller).await
    }

    /// A user with one key.
    pub async fn user(&self, name: &str) -> (Caller, Credentials) {
        self.iam("CreateUser", json!({"UserName": name})).await.ok();
        let made = self.iam("CreateAccessKey", json!({"UserName": name})).await.ok();
        let credentials = credentials(&made["AccessKey"]);
        let caller = self.signed(&credentials, "s3-like").await.unwrap();
        (caller, credentials)
    }

    pub async fn allow_user(&self, name: &str, statements: Value) {
        let input = json!({"UserName": name, "PolicyName": "p", "PolicyDocument": policy(statements)});
        self.iam("PutUserPolicy", input).await.ok();
    }

    /// A role, its ARN given back.
    pub async fn role(&self, name: &str, trust: Value, statements: Option<Value>) -> String {
        let input = json!({"RoleName": name, "AssumeRolePolicyDocument": policy(trust)});
        let role = self.iam("CreateRole", input).await.ok();
        if let Some(statements) = statements {
            let input = json!({"RoleName": name, "PolicyName": "p", "PolicyDocument": policy(statements)});
            self.iam("PutRolePolicy", input).await.ok();
        }
        text(&role, "/Role/Arn")
    }

    /// Signs a request and lets it be authenticated.
    pub async fn signed(&self, credentials: &Credentials, service: &str) -> std::result::Result<Caller, sigv4::Error> {
        self.signed_for(&self.iam, credentials, service).await
    }

    pub async fn signed_for(
        &self,
        iam: &Iam,
        credentials: &Credentials,
        service: &str,
    ) -> std::result::Result<Caller, sigv4::Error> {
        let signer = Signer {
            access_key: AccessKeyId::new(credentials.key.as_str()),
            secret: Secret::new(credentials.secret.as_str()),
            token: credentials.token.clone().map(SessionToken::new),
            region: Region::new("us-east-1"),
            service: service.to_owned(),
            canon: Canon::Standard,
        };
        let mut headers = HeaderMap::new();
        headers.insert("host", "localhost".parse().unwrap());
        let body = b"Action=X";
        let target = Target {
            method: "POST",
            path: "/",
            query: "",
        };
        let cx = self.cx();
        signer
            .sign(target, &mut headers, ContentHash::of(body), cx.wall())
            .unwrap();
        let parts = Parts {
            method: "POST",
            path: "/",
            query: "",
            headers: &headers,
        };
        let request = Signed {
            parts,
            payload: Payload::Bytes(body),
            rules: Rules::service(service, cx.wall()),
            origin: Origin::Own,
        };
        recognition(iam.authenticate(&cx, &request).await)
    }

    /// The administrator of dev, whom any unknown key stands for.
    pub async fn developer(&self) -> Caller {
        self.principal(&unknown_key()).await
    }

    pub async fn principal(&self, credentials: &Credentials) -> Caller {
        self.signed(credentials, "any").await.unwrap()
    }

    /// What an identity pool does for an identity.
    pub async fn assume(
        &self,
        request: AssumeWithWebIdentity,
    ) -> std::result::Result<Credentials, crate::AssumeRefusal> {
        let assumed = self.iam.assume_with_web_identity(&self.cx(), request).await?;
        Ok(of_assumed(&assumed))
    }

    /// An identity pool's OpenID token.
    pub async fn openid_token(&self, claims: Value) -> String {
        self.tokens.add_spares(testkit::signing_keys());
        let now = self.cx().now().secs();
        let mut all = json!({"iss": "https://cognito-identity.amazonaws.com", "aud": POOL, "sub": U1,
            "amr": ["authenticated"], "iat": now, "exp": now + 600});
        for (name, value) in claims.as_object().unwrap() {
            all[name] = value.clone();
        }
        let Value::Object(all) = all else { unreachable!() };
        let turn = self.tokens.reserve().unwrap();
        let issued = self.tokens.issue_openid(&self.cx(), OpenIdClaims(all), turn).await;
        issued.unwrap()
    }
}

pub(super) fn root() -> Caller {
    Caller::without_rights(Principal {
        kind: PrincipalKind::Root,
        arn: kernel::Arn::parse(&format!("arn:aws:iam::{ACCOUNT}:root")).unwrap(),
        user_id: ACCOUNT.to_owned(),
        ..Principal::anonymous(AccountId::new(ACCOUNT))
    })
}

pub(super) fn policy(statements: Value) -> String {
    let mut document = json!({"Version": "2012-10-17"});
    document["Statement"] = statements;
    document.to_string()
}

pub(super) fn allow(action: &str, resource: &str) -> Value {
    json!({"Effect": "Allow", "Action": action, "Resource": resource})
}

pub(super) fn deny(action: &str, resource: &str) -> Value {
    json!({"Effect": "Deny", "Action": action, "Resource": resource})
}

/// The guides' trust policy of a pool's authenticated role. Reference: 2.5.
pub(super) fn trusts_pool() -> Value {
    json!({"Effect": "Allow", "Principal": {"Federated": PROVIDER}, "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {"StringEquals": {"cognito-identity.amazonaws.com:aud": POOL},
            "ForAnyValue:StringLike": {"cognito-identity.amazonaws.com:amr": "authenticated"}}})
}

pub(super) fn identity(role_arn: &str) -> AssumeWithWebIdentity {
    let claims = [("aud", vec![POOL]), ("sub", vec![U1]), ("amr", vec!["authenticated"])];
    AssumeWithWebIdentity {
        role_arn: role_arn.to_owned(),
        session_name: "CognitoIdentityCredentials".to_owned(),
        provider: PROVIDER.to_owned(),
        claims: claims
            .into_iter()
            .map(|(name, values)| (name.to_owned(), values.into_iter().map(str::to_owned).collect()))
            .collect::<BTreeMap<_, _>>(),
        ..AssumeWithWebIdentity::default()
    }
}

/// A key that was never issued.
pub(super) fn unknown_key() -> Credentials {
    Credentials {
        key: "test".to_owned(),
        secret: "test".to_owned(),
        token: None,
    }
}

pub(super) fn of_assumed(assumed: &Assumed) -> Credentials {
    Credentials {
        key: assumed.access_key.to_string(),
        secret: assumed.secret.as_str().to_owned(),
        token: Some(assumed.session_token.clone()),
    }
}

/// Of an access key or of STS's credentials.
pub(super) fn credentials(value: &Value) -> Credentials {
    Credentials {
        key: text(value, "/AccessKeyId"),
        secret: text(value, "/SecretAccessKey"),
        token: value["SessionToken"].as_str().map(str::to_owned),
    }
}
