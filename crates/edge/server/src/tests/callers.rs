//! Who signs, and what tests set up by calls.

use std::time::Duration;

use kernel::{AccessKeyId, Region, Timestamp};
use model::{COGNITO_IDP, IAM};
use serde_json::{Value, json};
use sigv4::{Canon, ContentHash, Secret, Signer, Target};
use testkit::MockClock;

use super::{Draft, Got, REGION, Rig};

/// An access key, and the region that its holder signs for.
#[derive(Clone)]
pub(super) struct Key {
    pub id: AccessKeyId,
    pub secret: String,
    pub region: &'static str,
}

impl Key {
    /// Of nobody: what developers write into their settings.
    pub fn unknown() -> Self {
        Self {
            id: AccessKeyId::new("test"),
            secret: "test".to_owned(),
            region: REGION,
        }
    }

    fn signer(&self, service: &str) -> Signer {
        Signer {
            access_key: self.id.clone(),
            secret: Secret::new(self.secret.as_str()),
            token: None,
            region: Region::new(self.region),
            service: service.to_owned(),
            canon: if service == "s3" { Canon::S3 } else { Canon::Standard },
        }
    }

    /// Signs as of `seconds` after the tests' clocks begin.
    pub fn sign(&self, mut draft: Draft, service: &str, seconds: i64) -> Draft {
        let at = Timestamp::from_secs(MockClock::START.secs() + seconds);
        let (path, query) = draft.path_and_query();
        let (path, query) = (path.to_owned(), query.to_owned());
        let target = Target {
            method: draft.method,
            path: &path,
            query: &query,
        };
        let content = ContentHash::of(&draft.body);
        self.signer(service)
            .sign(target, &mut draft.headers, content, at)
            .unwrap();
        draft
    }

    /// The draft with its signature in the query, valid for a minute.
    pub fn presign(&self, draft: &Draft, service: &str) -> Draft {
        let (path, query) = draft.path_and_query();
        let target = Target {
            method: draft.method,
            path,
            query,
        };
        let content = if service == "s3" {
            ContentHash::Unsigned
        } else {
            ContentHash::of(&draft.body)
        };
        let signer = self.signer(service);
        let query = signer
            .presign(
                &target.with(&draft.headers),
                content,
                MockClock::START,
                Duration::from_secs(60),
            )
            .unwrap();
        Draft {
            target: format!("{path}?{query}"),
            ..draft.clone()
        }
    }
}

impl Rig {
    /// A signed call to user pools.
    pub async fn idp(&self, key: &Key, operation: &str, input: Value) -> Got {
        self.send(Draft::json(&COGNITO_IDP, operation, &input).signed(key, "cognito-idp"))
            .await
    }

    /// An unsigned call to user pools.
    pub async fn public(&self, operation: &str, input: Value) -> Got {
        self.send(Draft::json(&COGNITO_IDP, operation, &input)).await
    }

    /// A signed call to IAM.
    pub async fn iam(&self, key: &Key, action: &str, parameters: &[(&str, &str)]) -> Got {
        self.send(Draft::query(&IAM, action, parameters).signed(key, "iam"))
            .await
    }

    /// A new pool whose users confirm their mail address, with this issuer if it is to have its own, and a client of it.
    pub async fn pool(&self, key: &Key, issuer: Option<&str>) -> (String, String) {
        let tags = issuer.map_or_else(|| json!({}), |issuer| json!({"poolhouse:issuer": issuer}));
        let settings = json!({"PoolName": "staff", "AutoVerifiedAttributes": ["email"], "UserPoolTags": tags});
        let pool = self
            .idp(key, "CreateUserPool", settings)
            .await
            .ok()
            .text("/UserPool/Id");
        let flows = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"];
        let settings = json!({"UserPoolId": pool, "ClientName": "web", "ExplicitAuthFlows": flows});
        let client = self
            .idp(key, "CreateUserPoolClient", settings)
            .await
            .ok()
            .text("/UserPoolClient/ClientId");
        (pool, client)
    }

    /// Somebody signs up: a code goes to the address.
    pub async fn sign_up(&self, client: &str, address: &str) {
        let attributes = json!([{"Name": "email", "Value": address}]);
        let input = json!({
            "ClientId": client, "Username": address, "Password": "Passw0rd!", "UserAttributes": attributes,
        });
        self.public("SignUp", input).await.ok();
    }
}
