//! How often codes of devices may be guessed: by one browser, from one address, and in a pool altogether. A code has 34.5 bits, so that only
//! the rate makes it safe (RFC 8628 section 5.1): with a thousand codes waiting and all guesses used up, from at least 34 addresses, one is
//! hit in about three years. docs/oauth.md

use std::{
    net::{IpAddr, Ipv6Addr},
    time::Duration,
};

use kernel::{PoolId, Sub, Timestamp};
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
        Self([
            (Sub::new(format!("browser/{browser}")), OF_A_BROWSER),
            (Sub::new(format!("address/{}", network(address))), OF_AN_ADDRESS),
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

/// Whoever has one address of the sixth version has 2^64.
fn network(address: Option<IpAddr>) -> String {
    match address {
        None => String::new(),
        Some(IpAddr::V4(address)) => address.to_string(),
        Some(IpAddr::V6(address)) => {
            let [a, b, c, d, ..] = address.segments();
            let net = || Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).to_string();
            address.to_ipv4_mapped().map_or_else(net, |address| address.to_string())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::network;

    #[test]
    fn neighbours_of_one_network_are_one() {
        for (address, expected) in [
            ("192.0.2.7", "192.0.2.7"),
            ("::ffff:192.0.2.7", "192.0.2.7"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ] {
            assert_eq!(network(Some(address.parse().unwrap())), expected);
        }
        assert_eq!(network(None), "");
    }
}
