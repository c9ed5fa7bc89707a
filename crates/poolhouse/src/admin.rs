//! `poolhouse admin`: what the owner of the data may do without an access key, beside a running server too.

use std::sync::Arc;

use ::acme::State;
use iam::{Iam, UnknownKeys};
use kernel::{CpuPool, Cx, Timestamp};
use serde_json::json;
use tokens::{IssuerMode, Issuers, Tokens};

use crate::{
    failure::{Failure, Result},
    settings::Settings,
    storage::Storage,
};

/// A new key of an administrator, as one JSON object. A running server knows it as soon as it looks at the account's
/// version again: within a second.
pub async fn create_access_key(settings: &Settings, user_name: &str) -> Result<String> {
    check(user_name)?;
    let storage = Storage::beside(settings).await?;
    let iam = iam(&storage)?;
    let cx = Cx::internal(&storage.env, "");
    iam.ensure_account(&cx).await?;
    let (id, secret) = iam.create_administrator_key(&cx, user_name).await?;
    drop(iam);
    storage.store.close().await;
    Ok(format!(
        "{}\n",
        json!({ "AccessKeyId": id.as_str(), "SecretAccessKey": secret })
    ))
}

/// Each host name that is to have a certificate by ACME, as a line of JSON.
pub async fn show_certificates(settings: &Settings) -> Result<String> {
    let storage = Storage::beside(settings).await?;
    let lines = State::all(&storage.store).await?.into_iter().map(|state| {
        let at = |at: Timestamp| at.iso8601();
        let line = json!({
            "Domain": state.name,
            "Directory": state.directory,
            "Expires": state.expires.map(at),
            "NextOrder": at(state.due),
            "Failures": state.failures,
            "Error": state.error,
        });
        format!("{line}\n")
    });
    let lines = lines.collect();
    storage.store.close().await;
    Ok(lines)
}

/// As CreateUser checks it, with its sentence.
fn check(user_name: &str) -> Result<()> {
    let Some(operation) = model::IAM.operation("CreateUser") else {
        return Ok(());
    };
    Ok(model::IAM.validate(operation, &json!({ "UserName": user_name }))?)
}

fn iam(storage: &Storage) -> Result<Iam> {
    let cpu = CpuPool::start(1).map_err(|error| Failure::new(format!("threads can't be started: {error}")))?;
    let issuers = Issuers {
        default: IssuerMode::Public,
        public_url: None,
        request_allowed: false,
    };
    let tokens = Tokens::new(storage.store.clone(), Arc::clone(&storage.keyring), cpu, issuers);
    Ok(Iam::new(
        storage.store.clone(),
        Arc::clone(&storage.keyring),
        tokens,
        UnknownKeys::Refused,
    ))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use kernel::AccessKeyId;
    use serde_json::Value;
    use testkit::Folder;

    use super::*;
    use crate::{keyring::Absent, settings::Sources};

    fn settings(folder: &Folder) -> Settings {
        let flags = BTreeMap::from([("data".to_owned(), folder.path().join("data").display().to_string())]);
        Sources {
            flags,
            ..Sources::default()
        }
        .settings()
        .unwrap()
    }

    #[tokio::test]
    async fn a_key_made_beside_a_server_is_known_to_it() {
        let folder = Folder::new().unwrap();
        let settings = settings(&folder);
        let server = Storage::open(&settings, Absent::Create).await.unwrap();
        let made = create_access_key(&settings, "ana").await.unwrap();
        let made: Value = serde_json::from_str(&made).unwrap();
        let (id, secret) = (
            made["AccessKeyId"].as_str().unwrap(),
            made["SecretAccessKey"].as_str().unwrap(),
        );
        assert!(id.starts_with("AKIA") && secret.len() == 40, "{id}");
        let cx = Cx::internal(&server.env, "");
        let known = iam(&server)
            .unwrap()
            .credential(&cx, &AccessKeyId::new(id), None, iam::Origin::Foreign)
            .await
            .unwrap();
        assert!(known.principal.arn.as_str().ends_with(":user/ana"));
    }

    #[tokio::test]
    async fn a_name_that_iam_refuses_is_refused() {
        let folder = Folder::new().unwrap();
        let settings = settings(&folder);
        Storage::open(&settings, Absent::Create).await.unwrap();
        for name in ["a b", "a/b", ""] {
            assert!(create_access_key(&settings, name).await.is_err(), "{name}");
        }
    }
}
