//! Our account with the authority: one for all nodes, made when it is first needed. RFC 8555 7.3.

use instant_acme::{Account, AccountCredentials, ExternalAccountKey, NewAccount};
use store::records::acme_accounts;
use vault::{Purpose, Secret};
use zeroize::Zeroizing;

use crate::{Acme, http::Http, order::OrderError};

const TABLE: &str = "acme_accounts";

impl Acme {
    /// What the account is proved by. Errors: the authority's or the store's.
    pub(crate) async fn credentials(&self) -> Result<Secret, OrderError> {
        if let Some(kept) = self.kept_credentials().await? {
            return Ok(kept);
        }
        let made = self.new_account(Http::new(self.upstream.clone())).await?;
        let sealed = self
            .keyring
            .seal(Purpose::PrivateKey, &self.place(), &made, self.env.rng.as_ref())
            .map_err(kernel::ApiError::from)?;
        let directory = self.settings.directory.clone();
        let keep = self
            .store
            .write(move |tx| Ok(acme_accounts::keep(tx, &directory, &sealed)?));
        if keep.await.map_err(kernel::ApiError::from)? {
            tracing::info!(
                directory = self.settings.directory,
                "there is an account with the certificate authority"
            );
        }
        // Another node's, if that was quicker.
        let kept = self.kept_credentials().await?;
        kept.ok_or(OrderError::Missing("the account"))
    }

    /// As whom orders are placed.
    pub(crate) async fn account(&self, credentials: &Secret, http: Http) -> Result<Account, OrderError> {
        let credentials: AccountCredentials =
            serde_json::from_slice(credentials.as_bytes()).map_err(instant_acme::Error::from)?;
        let builder = Account::builder_with_http(Box::new(http));
        Ok(builder.from_credentials(credentials).await?)
    }

    /// The authority says that it knows no such account: the next order makes one anew.
    pub(crate) async fn forget_account(&self) -> Result<(), kernel::ApiError> {
        tracing::warn!(
            directory = self.settings.directory,
            "the certificate authority knows our account no more"
        );
        let directory = self.settings.directory.clone();
        let forget = self.store.write(move |tx| Ok(acme_accounts::forget(tx, &directory)?));
        Ok(forget.await?)
    }

    async fn kept_credentials(&self) -> Result<Option<Secret>, kernel::ApiError> {
        let directory = self.settings.directory.clone();
        let sealed = self
            .store
            .read(move |r| acme_accounts::credentials(r, &directory))
            .await?;
        let Some(sealed) = sealed else { return Ok(None) };
        Ok(Some(self.keyring.open(Purpose::PrivateKey, &self.place(), &sealed)?))
    }

    async fn new_account(&self, http: Http) -> Result<Zeroizing<Vec<u8>>, OrderError> {
        let contact = self
            .settings
            .contact
            .as_ref()
            .map(|address| format!("mailto:{address}"));
        let contact: Vec<&str> = contact.iter().map(String::as_str).collect();
        let account = NewAccount {
            contact: &contact,
            terms_of_service_agreed: true,
            only_return_existing: false,
        };
        let binding = self.settings.binding.as_ref();
        let binding = binding.map(|binding| ExternalAccountKey::new(binding.key_id.clone(), &binding.key));
        let (_, credentials) = Account::builder_with_http(Box::new(http))
            .create(&account, self.settings.directory.clone(), binding.as_ref())
            .await?;
        let credentials = serde_json::to_vec(&credentials).map_err(instant_acme::Error::from)?;
        Ok(Zeroizing::new(credentials))
    }

    fn place(&self) -> [&str; 2] {
        [TABLE, &self.settings.directory]
    }
}
