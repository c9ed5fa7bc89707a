//! One order: a name is proved to be ours, and a certificate comes of it. RFC 8555 7.4.

use std::time::Duration;

use instant_acme::{
    Account, AuthorizationStatus, ChallengeType, Error, Identifier, NewOrder, Order, OrderStatus, RetryPolicy,
};
use kernel::{ApiError, Timestamp};
use rcgen::{CertificateParams, DistinguishedName, KeyPair};
use rustls::{client::verify_server_name, pki_types::ServerName, server::ParsedCertificate};
use store::records::acme_challenges;
use thiserror::Error;
use zeroize::Zeroizing;

use crate::{Acme, Proof, certificate::certified, life::life};

/// How long the authority may take to prove a name, and again to sign.
const PATIENCE: Duration = Duration::from_secs(90);

/// That the account does not exist. RFC 8555 6.7.
const NO_ACCOUNT: &str = "urn:ietf:params:acme:error:accountDoesNotExist";

/// Why an order came to nothing.
#[derive(Debug, Error)]
pub(crate) enum OrderError {
    #[error("the authority: {0}")]
    Authority(#[from] Error),
    #[error("{0} could not be proved: {1}")]
    Unproved(String, String),
    #[error("the authority offers no {0}")]
    NoSuchProof(&'static str),
    #[error("what the authority gave can't be used: {0}")]
    Unusable(String),
    #[error("{0} is not there")]
    Missing(&'static str),
    /// Of our own.
    #[error("{0:?}")]
    Internal(#[from] ApiError),
}

impl OrderError {
    pub fn is_of_the_account(&self) -> bool {
        matches!(self, Self::Authority(Error::Api(problem)) if problem.r#type.as_deref() == Some(NO_ACCOUNT))
    }
}

/// What came of it.
pub(crate) struct Came {
    /// As PEM.
    pub chain: String,
    /// PKCS#8.
    pub private: Zeroizing<Vec<u8>>,
    pub life: (Timestamp, Timestamp),
}

impl Acme {
    /// Errors: as [`OrderError`] says; nothing is left behind.
    pub(crate) async fn order(&self, account: &Account, name: &str) -> Result<Came, OrderError> {
        let outcome = self.place_order(account, name).await;
        let proved = name.to_owned();
        let dropped = self.store.write(move |tx| Ok(acme_challenges::drop(tx, &proved)?));
        let dropped = dropped.await.map_err(ApiError::from);
        let came = outcome?;
        dropped?;
        Ok(came)
    }

    async fn place_order(&self, account: &Account, name: &str) -> Result<Came, OrderError> {
        let wanted = [Identifier::Dns(name.to_owned())];
        let mut order = account.new_order(&NewOrder::new(&wanted)).await?;
        self.prove(&mut order, name).await?;
        let patience = RetryPolicy::new().timeout(PATIENCE);
        // What was proved lately is ready at once.
        if order.state().status == OrderStatus::Pending {
            let status = order.poll_ready(&patience).await;
            if !matches!(status, Ok(OrderStatus::Ready)) {
                return Err(unproved(&mut order, name, status).await);
            }
        }
        let key = KeyPair::generate().map_err(|error| Error::Other(error.into()))?;
        let mut request = CertificateParams::new([name.to_owned()]).map_err(|error| Error::Other(error.into()))?;
        request.distinguished_name = DistinguishedName::new();
        let request = request
            .serialize_request(&key)
            .map_err(|error| Error::Other(error.into()))?;
        order.finalize_csr(request.der()).await?;
        let chain = order.poll_certificate(&patience).await?;
        let private = Zeroizing::new(key.serialize_der());
        let life = check(&chain, &private, name, self.env.clock.wall()).map_err(OrderError::Unusable)?;
        Ok(Came { chain, private, life })
    }

    /// Shows what the authority asks for, on every node, and says that it is there.
    async fn prove(&self, order: &mut Order, name: &str) -> Result<(), OrderError> {
        let mut authorizations = order.authorizations();
        while let Some(authorization) = authorizations.next().await {
            let mut authorization = authorization?;
            match authorization.status {
                AuthorizationStatus::Valid => continue,
                AuthorizationStatus::Pending => {}
                other => return Err(OrderError::Unproved(name.to_owned(), format!("{other:?}"))),
            }
            let (proof, word) = match self.settings.proof {
                Proof::TlsAlpn => (ChallengeType::TlsAlpn01, "tls-alpn-01"),
                Proof::Http => (ChallengeType::Http01, "http-01"),
            };
            let challenge = authorization.challenge(proof);
            let mut challenge = challenge.ok_or(OrderError::NoSuchProof(word))?;
            let (token, shown) = (
                challenge.token.clone(),
                challenge.key_authorization().as_str().to_owned(),
            );
            let of = name.to_owned();
            let put = self
                .store
                .write(move |tx| Ok(acme_challenges::put(tx, &of, &token, &shown)?));
            put.await.map_err(ApiError::from)?;
            let ready = challenge.set_ready().await;
            ready.map_err(|error| OrderError::Unproved(name.to_owned(), error.to_string()))?;
        }
        Ok(())
    }
}

/// In the authority's words where it says which proof failed and how.
async fn unproved(order: &mut Order, name: &str, status: Result<OrderStatus, Error>) -> OrderError {
    let mut authorizations = order.authorizations();
    while let Some(Ok(mut authorization)) = authorizations.next().await {
        let Ok(state) = authorization.refresh().await else {
            continue;
        };
        if let Some(problem) = state.challenges.iter().find_map(|challenge| challenge.error.as_ref()) {
            return OrderError::Unproved(name.to_owned(), problem.to_string());
        }
    }
    match status {
        Ok(status) => OrderError::Unproved(name.to_owned(), format!("{status:?}")),
        Err(error) => error.into(),
    }
}

/// Whether clients would take it under the name. Returns its life.
fn check(chain: &str, private: &[u8], name: &str, now: Timestamp) -> Result<(Timestamp, Timestamp), String> {
    let certified = certified(chain, private)?;
    let own = certified.end_entity_cert().map_err(|error| error.to_string())?;
    let parsed = ParsedCertificate::try_from(own).map_err(|error| error.to_string())?;
    let host = ServerName::try_from(name).map_err(|error| error.to_string())?;
    verify_server_name(&parsed, &host).map_err(|error| error.to_string())?;
    let life = life(own).ok_or("it does not say until when it holds")?;
    if life.1 <= now {
        return Err("it has expired".to_owned());
    }
    Ok(life)
}
