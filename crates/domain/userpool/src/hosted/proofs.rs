//! What a client signs, and shows once: an assertion of who it is (RFC 7523), a proof that it has the key that its tokens are bound to
//! (RFC 9449). What they have to say is the crate `oauth`'s to check; here is who signed, and whether it was shown before.

use std::time::Duration;

use kernel::{ApiError, Cx, PoolId, Timestamp};
use store::records::proofs;
use vault::{Expiring, Purpose, jws::Signed};

use super::Place;
use crate::{UserPools, client::keys::ClientKeys, session::login::digest};

/// How long what proofs repeat is good for.
const NONCE_LIFE: Duration = Duration::from_secs(5 * 60);

/// How much longer than it is good a row is kept: nodes' clocks differ.
const SLACK: Duration = Duration::from_secs(60);

/// Something signed whose signature was found right, by whoever it says, and in time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Once {
    digest: String,
    /// How long it would still be taken.
    left: Duration,
}

/// A proof of possession: of the key with this thumbprint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    pub key: String,
    pub once: Once,
}

impl Once {
    /// Of which kind it is, and of whom; `jti` is its own among theirs. `left`: how long it would still be taken.
    pub fn new([kind, of]: [&str; 2], jti: &str, left: Duration) -> Self {
        Self {
            // The length keeps the parts apart.
            digest: digest(&format!("{kind} {} {of} {jti}", of.len())),
            left,
        }
    }
}

impl UserPools {
    /// False if it was shown before, at whichever node. Errors: internal.
    pub async fn show_once(&self, cx: &Cx, pool: &PoolId, once: &Once) -> Result<bool, ApiError> {
        let (pool, digest, until) = (pool.clone(), once.digest.clone(), cx.now().plus(once.left).plus(SLACK));
        let first = self.store.write(move |tx| Ok(proofs::show(tx, &pool, &digest, until)?));
        Ok(first.await?)
    }

    /// Whether one of the client's keys signed it. What the header says of keys is not looked at, but for the name of one.
    pub async fn is_signed_by_client(&self, cx: &Cx, place: &Place, signed: &Signed<'_>) -> bool {
        match &place.client.keys {
            None => false,
            Some(ClientKeys::Here(set)) => set.signer(signed).is_some(),
            Some(ClientKeys::At(address)) => {
                let set = self.key_sets.at(address, signed, cx.wall()).await;
                set.is_some_and(|set| set.signer(signed).is_some())
            }
        }
    }

    /// What the next proof is to repeat (RFC 9449 section 8): nothing is stored, and any node knows it again. Errors: internal.
    pub fn proof_nonce(&self, cx: &Cx, pool: &PoolId) -> Result<String, ApiError> {
        let sealed = self.keyring.seal_token(
            Purpose::ProofNonce,
            &[pool.as_str()],
            Expiring {
                payload: &[],
                at: cx.now().plus(NONCE_LIFE),
            },
            cx.rng(),
        );
        sealed.map_err(ApiError::internal)
    }

    /// Whether it is one of this pool's that is still good.
    pub fn is_proof_nonce(&self, now: Timestamp, pool: &PoolId, nonce: &str) -> bool {
        let place = [pool.as_str()];
        self.keyring.open_token(Purpose::ProofNonce, &place, nonce, now).is_ok()
    }
}
