//! How each name stands, for whoever runs the server.

use kernel::{ApiError, Timestamp};
use store::{Store, records::acme_certificates};

const PAGE: i64 = 200;

/// Of one host name.
pub struct State {
    pub name: String,
    pub directory: String,
    /// Of the certificate that it has.
    pub expires: Option<Timestamp>,
    /// When the next one is ordered.
    pub due: Timestamp,
    /// Orders in a row that came to nothing.
    pub failures: i64,
    /// Why the last one did.
    pub error: Option<String>,
}

impl State {
    /// Of all names that are to have a certificate, as the job last knew them.
    pub async fn all(store: &Store) -> Result<Vec<Self>, ApiError> {
        let mut all: Vec<Self> = Vec::new();
        loop {
            let after = all.last().map_or_else(String::new, |last| last.name.clone());
            let page = store.read(move |r| acme_certificates::page(r, &after, PAGE)).await?;
            if page.is_empty() {
                return Ok(all);
            }
            all.extend(page.into_iter().map(|row| Self {
                name: row.domain,
                directory: row.directory,
                expires: row.expires,
                due: row.due,
                failures: row.failures,
                error: row.error,
            }));
        }
    }
}
