//! Dev's reset: an empty database, as migrated. What it is (its keyring's check value, its account) stays.

use crate::{StoreError, Tx};

/// One statement a table. What no statement names survives a reset; a test compares them with the schema.
const EMPTY: &[&str] = &[
    "DELETE FROM access_key_owners",
    "DELETE FROM acme_accounts",
    "DELETE FROM acme_certificates",
    "DELETE FROM acme_challenges",
    "DELETE FROM attempts",
    "DELETE FROM bucket_names",
    "DELETE FROM buckets",
    "DELETE FROM classic_looks",
    "DELETE FROM client_owners",
    "DELETE FROM client_secrets",
    "DELETE FROM clients",
    "DELETE FROM codes",
    "DELETE FROM contents",
    "DELETE FROM deleted_identity_pools",
    "DELETE FROM deleted_pools",
    "DELETE FROM device_grants",
    "DELETE FROM devices",
    "DELETE FROM domain_owners",
    "DELETE FROM domains",
    "DELETE FROM external_users",
    "DELETE FROM finished_uploads",
    "DELETE FROM iam_access_keys",
    "DELETE FROM iam_attachments",
    "DELETE FROM iam_entities",
    "DELETE FROM iam_inline_policies",
    "DELETE FROM iam_memberships",
    "DELETE FROM iam_policy_versions",
    "DELETE FROM identities",
    "DELETE FROM identity_owners",
    "DELETE FROM identity_pools",
    "DELETE FROM identity_providers",
    "DELETE FROM inbox",
    "DELETE FROM issuers",
    "DELETE FROM jobs",
    "DELETE FROM key_owners",
    "DELETE FROM login_styles",
    "DELETE FROM logins",
    "DELETE FROM logouts",
    "DELETE FROM memberships",
    "DELETE FROM message_budgets",
    "DELETE FROM names",
    "DELETE FROM objects",
    "DELETE FROM outbox",
    "DELETE FROM passkeys",
    "DELETE FROM passwords",
    "DELETE FROM pictures",
    "DELETE FROM pools",
    "DELETE FROM proofs",
    "DELETE FROM provider_documents",
    "DELETE FROM provider_identifiers",
    "DELETE FROM pushed_requests",
    "DELETE FROM recovery_codes",
    "DELETE FROM registrations",
    "DELETE FROM resource_servers",
    "DELETE FROM saml_keys",
    "DELETE FROM sessions",
    "DELETE FROM sso_sessions",
    "DELETE FROM authorization_codes",
    "DELETE FROM signing_keys",
    "DELETE FROM software_tokens",
    "DELETE FROM spent",
    "DELETE FROM terms",
    "DELETE FROM upload_parts",
    "DELETE FROM uploads",
    "DELETE FROM user_groups",
    "DELETE FROM users",
    "DELETE FROM versions",
];

/// Removes every row but the facts about the database itself. Caches must be cleared afterwards: versions begin anew.
pub fn empty(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    for statement in EMPTY {
        tx.exec(statement, ())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use kernel::Timestamp;
    use testkit::Folder;

    use super::*;
    use crate::{Config, Read, Store, records::facts, schema::MIGRATIONS};

    /// The word after each occurrence of `before`.
    fn words_after<'a>(text: &'a str, before: &'a str) -> impl Iterator<Item = &'a str> {
        text.split(before)
            .skip(1)
            .filter_map(|rest| rest.split([' ', '(', '\n']).next())
    }

    #[test]
    fn every_table_of_the_schema_is_emptied() {
        let made: BTreeSet<_> = MIGRATIONS
            .iter()
            .flat_map(|(_, text)| words_after(text, "CREATE TABLE "))
            .collect();
        let dropped: BTreeSet<_> = MIGRATIONS
            .iter()
            .flat_map(|(_, text)| words_after(text, "DROP TABLE "))
            .collect();
        let emptied: BTreeSet<_> = EMPTY
            .iter()
            .flat_map(|text| words_after(text, "DELETE FROM "))
            .collect();
        let kept = BTreeSet::from(["facts"]);
        let left: BTreeSet<_> = made.difference(&dropped).copied().collect();
        assert_eq!(emptied, left.difference(&kept).copied().collect());
        assert_eq!(emptied.len(), EMPTY.len());
    }

    #[tokio::test]
    async fn only_facts_stay() {
        let folder = Folder::new().unwrap();
        let store = Store::open(Config::Sqlite {
            path: folder.path().join("test.db"),
        })
        .unwrap();
        store.migrate(Timestamp::from_secs(0)).await.unwrap();
        let filled = store.write(|tx| {
            facts::set_fact(tx, "keyring", "1:ab")?;
            tx.exec("INSERT INTO versions (scope, version) VALUES ('a', 1)", ())?;
            Ok(())
        });
        filled.await.unwrap();
        store.write(|tx| Ok(empty(tx)?)).await.unwrap();
        let left = store.read(|r| {
            let versions: Vec<(String,)> = r.rows("SELECT scope FROM versions", ())?;
            Ok((versions.len(), facts::fact(r, "keyring")?))
        });
        assert_eq!(left.await.unwrap(), (0, Some("1:ab".to_owned())));
    }
}
