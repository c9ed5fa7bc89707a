//! Host names that are to have a certificate by ACME, and the one that they have.

use kernel::Timestamp;

use crate::{Read, StoreError, Tx, record::record};

#[derive(Clone, Debug)]
pub struct AcmeCertificate {
    pub domain: String,
    /// The authority's, that of which the next one comes.
    pub directory: String,
    /// When the next one is to be ordered.
    pub due: Timestamp,
    /// Orders in a row that came to nothing.
    pub failures: i64,
    /// Of the last of them.
    pub error: Option<String>,
    pub expires: Option<Timestamp>,
    /// As PEM, the name's own first. None: there was none yet.
    pub chain: Option<String>,
    /// Its key: PKCS#8, sealed.
    pub private: Option<Vec<u8>>,
}

record! { $ AcmeCertificate from acme_certificates as acme_certificate_columns: []
(domain) directory, due, failures, error, expires, chain, private }

/// What names have behind them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Past {
    /// A certificate.
    Certificate,
    Nothing,
    /// Orders that came to nothing, and no certificate ever.
    Failures,
}

/// What an order came to.
#[derive(Clone, Debug)]
pub struct Issued {
    pub chain: String,
    pub private: Vec<u8>,
    pub expires: Timestamp,
    /// When the next one is to be ordered.
    pub due: Timestamp,
}

macro_rules! due_where {
    ($past:literal) => {
        concat!(
            "SELECT domain, failures FROM acme_certificates WHERE due <= $1 AND ",
            $past,
            " ORDER BY due, domain LIMIT $2"
        )
    };
}

/// The name is to have one, of this directory and from `due` on; what it has of another it keeps until then.
pub fn want(tx: &mut Tx<'_>, domain: &str, directory: &str, due: Timestamp) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO acme_certificates (domain, directory, due, failures) VALUES ($1, $2, $3, 0)
         ON CONFLICT (domain) DO UPDATE SET directory = excluded.directory, due = excluded.due, failures = 0, error = NULL",
        (domain, directory, due),
    )?;
    Ok(())
}

/// The name is to have none, and has none any more.
pub fn forget(tx: &mut Tx<'_>, domain: &str) -> Result<(), StoreError> {
    tx.exec("DELETE FROM acme_certificates WHERE domain = $1", (domain,))?;
    Ok(())
}

pub fn find(r: &mut impl Read, domain: &str) -> Result<Option<AcmeCertificate>, StoreError> {
    r.one(
        concat!(
            "SELECT ",
            acme_certificate_columns!(),
            " FROM acme_certificates WHERE domain = $1"
        ),
        (domain,),
    )
}

/// Names and the directory of each, from after a name on.
pub fn names(r: &mut impl Read, after: &str, limit: i64) -> Result<Vec<(String, String)>, StoreError> {
    r.rows(
        "SELECT domain, directory FROM acme_certificates WHERE domain > $1 ORDER BY domain LIMIT $2",
        (after, limit),
    )
}

/// Whole rows, from after a name on.
pub fn page(r: &mut impl Read, after: &str, limit: i64) -> Result<Vec<AcmeCertificate>, StoreError> {
    r.rows(
        concat!(
            "SELECT ",
            acme_certificate_columns!(),
            " FROM acme_certificates WHERE domain > $1 ORDER BY domain LIMIT $2"
        ),
        (after, limit),
    )
}

/// Names of such a past whose time has come, the longest overdue first, and how often each has failed.
pub fn due(r: &mut impl Read, past: Past, now: Timestamp, limit: i64) -> Result<Vec<(String, i64)>, StoreError> {
    let sql = match past {
        Past::Certificate => due_where!("expires IS NOT NULL"),
        Past::Nothing => due_where!("expires IS NULL AND failures = 0"),
        Past::Failures => due_where!("expires IS NULL AND failures > 0"),
    };
    r.rows(sql, (now, limit))
}

/// False if the name is to have none, or one of another directory, meanwhile.
pub fn issue(tx: &mut Tx<'_>, domain: &str, directory: &str, issued: &Issued) -> Result<bool, StoreError> {
    let changed = tx.exec(
        "UPDATE acme_certificates SET chain = $3, private = $4, expires = $5, due = $6, failures = 0, error = NULL
         WHERE domain = $1 AND directory = $2",
        (
            domain,
            directory,
            &issued.chain,
            issued.private.as_slice(),
            issued.expires,
            issued.due,
        ),
    )?;
    Ok(changed == 1)
}

/// An order came to nothing; the next one is due then.
pub fn fail(tx: &mut Tx<'_>, domain: &str, directory: &str, error: &str, due: Timestamp) -> Result<(), StoreError> {
    tx.exec(
        "UPDATE acme_certificates SET failures = failures + 1, error = $3, due = $4
         WHERE domain = $1 AND directory = $2",
        (domain, directory, error, due),
    )?;
    Ok(())
}
