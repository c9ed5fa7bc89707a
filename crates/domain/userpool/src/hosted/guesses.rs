//! How often codes of devices may be guessed: by one browser, from one address, and in a pool altogether. A code has 34.5 bits, so that only
//! the rate makes it safe (RFC 8628 section 5.1): with a thousand codes waiting and all guesses used up, from at least 34 addresses, one is
//! hit in about three years. docs/oauth.md

use std::{net::IpAddr, time::Duration};

use kernel::{PoolId, Sub, Timestamp, network};
use store::{
    Read, StoreError, Tx,
    records::attempts::{self, Attempts},
};

/// Counters of one window of time, which begins with the first wrong guess.
const WINDOW: Duration = Duration::from_secs(3600);

/// Wrong guesses in a window.
const OF_A_BROWSER: i64 = 10;
const OF_AN_ADDRESS: i64 = 30;
const OF_A_POOL: i64 = 1000;

const KIND: &str = "device-code";

/// Who guesses. What they are counted under is no user's id.
pub(super) struct Guesser([(Sub, i64); 3]);

impl Guesser {
    /// `browser`: the digest of its cookie.
    pub fn new(browser: &str, address: Option<IpAddr>) -> Self {
        let address = address.map(network).map(|address| address.to_string());
        let address = address.unwrap_or_default();
        Self([
            (Sub::new(format!("browser/{browser}")), OF_A_BROWSER),
            (Sub::new(format!("address/{address}")), OF_AN_ADDRESS),
            (Sub::new("everybody"), OF_A_POOL),
        ])
    }

    /// Whether one of the counters has run out: then a right guess gains nothing either.
    pub fn is_exhausted(&self, r: &mut impl Read, pool: &PoolId, now: Timestamp) -> Result<bool, StoreError> {
        for (who, most) in &self.0 {
            if running(r, (pool, who), now)?.is_some_and(|counted| counted.count >= *most) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// A guess was wrong.
    pub fn count(&self, tx: &mut Tx<'_>, pool: &PoolId, now: Timestamp) -> Result<(), StoreError> {
        for (who, _) in &self.0 {
            let next = match running(tx, (pool, who), now)? {
                Some(counted) => Attempts {
                    count: counted.count + 1,
                    ..counted
                },
                None => Attempts { count: 1, since: now },
            };
            attempts::put(tx, pool, who, KIND, next)?;
        }
        Ok(())
    }
}

fn running(r: &mut impl Read, (pool, who): (&PoolId, &Sub), now: Timestamp) -> Result<Option<Attempts>, StoreError> {
    let counted = attempts::find(r, pool, who, KIND)?;
    Ok(counted.filter(|counted| now.since(counted.since) < WINDOW))
}
