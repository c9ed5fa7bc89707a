//! A certificate that came, as handshakes use it.

use std::sync::Arc;

use kernel::ApiError;
use rustls::{
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, pem::PemObject},
    sign::CertifiedKey,
};
use store::{Record, Scope, StoreError, records::acme_certificates};
use vault::{Keyring, Purpose};

use crate::Acme;

const TABLE: &str = "acme_certificates";

/// Where the key of a name's certificate lies.
pub(crate) fn place(name: &str) -> [&str; 2] {
    [TABLE, name]
}

impl Acme {
    /// What a name, in lower case, is answered with; the same until a newer one has come, here or on another node. Names that are to
    /// have none, or have none yet, have none. Errors: internal.
    pub async fn certificate(&self, name: &str) -> Result<Option<Arc<CertifiedKey>>, ApiError> {
        let name = name.to_owned();
        let (wanted, keyring) = (name.clone(), Arc::clone(&self.keyring));
        let load = move |r: &mut store::Reader<'_>| {
            let row = acme_certificates::find(r, &wanted)?;
            row.map_or(Ok(None), |row| usable(&row, &keyring))
        };
        Ok(self.certificates.load(&name, Scope::certificates, load).await?)
    }
}

fn usable(row: &acme_certificates::AcmeCertificate, keyring: &Keyring) -> Result<Option<CertifiedKey>, StoreError> {
    let (Some(chain), Some(private)) = (&row.chain, &row.private) else {
        return Ok(None);
    };
    let private = keyring.open(Purpose::PrivateKey, &place(&row.domain), private);
    let private = private.map_err(|error| row.corrupt("private", error))?;
    let certified = certified(chain, private.as_bytes());
    certified.map(Some).map_err(|error| row.corrupt("chain", error))
}

/// Errors: it is no chain, or the key is another's; in words.
pub(crate) fn certified(chain: &str, private: &[u8]) -> Result<CertifiedKey, String> {
    let chain = CertificateDer::pem_slice_iter(chain.as_bytes()).collect::<Result<Vec<_>, _>>();
    let chain = chain.map_err(|error| error.to_string())?;
    let private = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(private.to_vec()));
    CertifiedKey::from_der(chain, private, &aws_lc_rs::default_provider()).map_err(|error| error.to_string())
}
