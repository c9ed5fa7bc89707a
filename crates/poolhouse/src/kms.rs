//! `poolhouse kms export`: the key that stands for a KMS key, for functions that decrypt what custom senders are told.

use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::json;
use zeroize::Zeroizing;

use crate::{failure::Result, settings::Settings, storage::Storage};

const FORMAT: &str = "poolhouse-kms-1";

/// The key file, as JSON: what a raw AES keyring of the AWS Encryption SDK wants to know, of each version of the keyring, the one
/// that encrypts first. docs/custom-senders.md describes it.
///
/// Errors: `key_id` is no ARN that a pool could have.
pub async fn export(settings: &Settings, key_id: &str) -> Result<Zeroizing<String>> {
    check(key_id)?;
    let storage = Storage::beside(settings).await?;
    let keys: Vec<_> = storage
        .keyring
        .kms_keys(key_id)
        .iter()
        .map(|key| {
            json!({
                "namespace": key.namespace(),
                "name": key.name(),
                "key": BASE64_STANDARD.encode(key.bytes()),
            })
        })
        .collect();
    storage.store.close().await;
    let file = json!({ "format": FORMAT, "key_id": key_id, "keys": keys });
    Ok(Zeroizing::new(format!("{file:#}\n")))
}

/// As CreateUserPool checks it, with its sentence.
fn check(key_id: &str) -> Result<()> {
    let Some(operation) = model::COGNITO_IDP.operation("CreateUserPool") else {
        return Ok(());
    };
    let input = json!({ "PoolName": "any", "LambdaConfig": { "KMSKeyID": key_id } });
    Ok(model::COGNITO_IDP.validate(operation, &input)?)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use kernel::SystemRng;
    use serde_json::Value;
    use testkit::Folder;
    use vault::Keyring;

    use super::*;
    use crate::{keyring::Absent, settings::Sources};

    const ARN: &str = "arn:aws:kms:us-east-1:000000000000:key/senders";

    fn settings(folder: &Folder, keyring: &Keyring) -> Settings {
        let path = folder.path().join("keyring.json");
        std::fs::write(&path, keyring.to_text().as_str()).unwrap();
        let flags = BTreeMap::from([
            ("data".to_owned(), folder.path().join("data").display().to_string()),
            ("keyring".to_owned(), path.display().to_string()),
        ]);
        Sources {
            flags,
            ..Sources::default()
        }
        .settings()
        .unwrap()
    }

    #[tokio::test]
    async fn the_keys_of_all_versions_are_exported_beside_a_server() {
        let folder = Folder::new().unwrap();
        let mut keyring = Keyring::generate(&SystemRng);
        let _server = Storage::open(&settings(&folder, &keyring), Absent::Create)
            .await
            .unwrap();
        let before: Value = serde_json::from_str(&export(&settings(&folder, &keyring), ARN).await.unwrap()).unwrap();
        assert_eq!(
            (&before["format"], &before["key_id"]),
            (&json!("poolhouse-kms-1"), &json!(ARN))
        );
        let key = BASE64_STANDARD.encode(keyring.kms_key(ARN).bytes());
        let first = json!({"namespace": "poolhouse", "name": format!("{ARN};keyring=1;"), "key": key});
        assert_eq!(before["keys"], json!([first]));

        keyring.rotate(&SystemRng);
        let after: Value = serde_json::from_str(&export(&settings(&folder, &keyring), ARN).await.unwrap()).unwrap();
        assert_eq!(after["keys"][0]["name"], format!("{ARN};keyring=2;"));
        assert_eq!(after["keys"][1], first);
        assert_ne!(after["keys"][0]["key"], first["key"]);
    }

    #[tokio::test]
    async fn what_no_pool_could_name_is_refused() {
        let folder = Folder::new().unwrap();
        let settings = settings(&folder, &Keyring::generate(&SystemRng));
        Storage::open(&settings, Absent::Create).await.unwrap();
        for wrong in ["senders", "alias/senders", ""] {
            assert!(export(&settings, wrong).await.is_err(), "{wrong}");
        }
    }
}
