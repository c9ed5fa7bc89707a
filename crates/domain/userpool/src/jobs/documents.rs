//! What SAML identity providers publish of themselves is read anew by the time it is six hours old; what can't be had, or is no metadata,
//! leaves what there was. Reference: oauth-and-federation 11.1.

use std::time::Duration;

use futures_util::{StreamExt, stream};
use kernel::{ApiError, Cx};
use store::records::provider_documents::{self as documents, ProviderDocument};

use crate::{UserPools, pool::stored, provider::metadata};

const BATCH: i64 = 100;
/// How many providers are asked at once.
const AT_ONCE: usize = 8;
/// Until a provider is asked again that could not be.
const PAUSE: Duration = Duration::from_secs(3600);

impl UserPools {
    /// Asks for all whose time has come. Returns how many documents were others than before.
    pub async fn renew_documents(&self, cx: &Cx) -> Result<u64, ApiError> {
        let mut changed = 0;
        loop {
            let now = cx.now();
            let due = self.store.read(move |r| documents::due(r, now, BATCH)).await?;
            if due.is_empty() {
                return Ok(changed);
            }
            let renewals = due.into_iter().map(|document| self.renew_document(cx, document));
            let mut renewals = stream::iter(renewals).buffer_unordered(AT_ONCE);
            while let Some(is_another) = renewals.next().await {
                changed += u64::from(is_another?);
            }
        }
    }

    /// What somebody else has written meanwhile stays.
    async fn renew_document(&self, cx: &Cx, before: ProviderDocument) -> Result<bool, ApiError> {
        let fetched = metadata::fetched(&self.upstream, &before.address).await;
        let reach = self.upstream.tenants_reach();
        let fetched = fetched.and_then(|text| metadata::renewed(&text, reach).map(|_| text));
        let text = match fetched {
            Ok(text) => text,
            Err(because) => {
                tracing::warn!(
                    pool = %before.pool, provider = before.provider, because,
                    "the metadata of an identity provider can't be renewed"
                );
                let due = cx.now().plus(PAUSE);
                let put_off = self.store.write(move |tx| Ok(documents::postpone(tx, &before, due)?));
                put_off.await?;
                return Ok(false);
            }
        };
        let due = cx.now().plus(metadata::LIFE);
        let written = self.store.write(move |tx| {
            let is_another = documents::renew(tx, &before, &text, due)? && text != before.document;
            if is_another {
                stored::touch(tx, &before.pool)?;
            }
            Ok(is_another)
        });
        Ok(written.await?)
    }
}
