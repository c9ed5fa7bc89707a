//! How many forms, returns from identity providers and failed client authentications are taken of one address: a minute's counts, of this node, in memory.
//! Users have locks of their own, which hold wherever guesses come from; this stops who tries many names, or fills in many sign-ups.
//! Programs and proxies of a private network are not counted: whole offices come by one of their addresses. docs/security.md

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, PoisonError},
};

use kernel::{PoolId, Timestamp, network};

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Attempt {
    /// A form of the sign-in's pages was sent.
    Form,
    /// A client did not prove to be one.
    Client,
    /// Somebody came back from an identity provider.
    Return,
    /// A message of SAML was posted.
    Saml,
}

/// Messages of SAML in a minute, at the most: a long one costs a core as much as dozens of sign-ins.
const MOST_OF_SAML: u32 = 30;

/// Addresses that are counted at a time; more are somebody's who has them all.
const MOST_ADDRESSES: usize = 100_000;

pub struct Turnstile {
    /// In a minute; 0: any number.
    most: u32,
    minute: Mutex<Minute>,
}

#[derive(Default)]
struct Minute {
    /// Since 1970.
    number: i64,
    counts: HashMap<Key, u32>,
}

type Key = (Attempt, PoolId, IpAddr);

impl Turnstile {
    /// `most`: how many in a minute, of an address and a pool; 0: any number.
    pub fn new(most: u32) -> Self {
        Self {
            most,
            minute: Mutex::default(),
        }
    }

    /// 0: any number.
    fn most(&self, attempt: Attempt) -> u32 {
        match attempt {
            Attempt::Saml => self.most.min(MOST_OF_SAML),
            Attempt::Form | Attempt::Client | Attempt::Return => self.most,
        }
    }

    /// One more of this address: whether that is more than are taken.
    pub fn is_too_many(&self, now: Timestamp, of: (Attempt, &PoolId, IpAddr)) -> bool {
        let most = self.most(of.0);
        if most == 0 {
            return false;
        }
        let key = key(of);
        let mut minute = self.minute.lock().unwrap_or_else(PoisonError::into_inner);
        minute.begin(now);
        if minute.counts.len() >= MOST_ADDRESSES && !minute.counts.contains_key(&key) {
            return false;
        }
        let count = minute.counts.entry(key).or_default();
        *count = count.saturating_add(1);
        *count > most
    }

    /// Whether one more would be too many.
    pub fn is_full(&self, now: Timestamp, of: (Attempt, &PoolId, IpAddr)) -> bool {
        let most = self.most(of.0);
        let mut minute = self.minute.lock().unwrap_or_else(PoisonError::into_inner);
        minute.begin(now);
        most > 0 && minute.counts.get(&key(of)).is_some_and(|count| *count >= most)
    }
}

fn key((attempt, pool, ip): (Attempt, &PoolId, IpAddr)) -> Key {
    (attempt, pool.clone(), network(ip))
}

impl Minute {
    fn begin(&mut self, now: Timestamp) {
        let number = now.secs().div_euclid(60);
        if number != self.number {
            *self = Self {
                number,
                counts: HashMap::new(),
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_counts_networks() {
        let turnstile = Turnstile::new(2);
        let (pool, other) = (PoolId::new("eu-west-1_a"), PoolId::new("eu-west-1_b"));
        let at = Timestamp::from_secs;
        let more = |secs: i64, pool: &PoolId, ip: &str| {
            turnstile.is_too_many(at(secs), (Attempt::Form, pool, ip.parse().unwrap()))
        };
        let full =
            |secs: i64, attempt: Attempt, ip: &str| turnstile.is_full(at(secs), (attempt, &pool, ip.parse().unwrap()));
        for (secs, of, ip, too_many) in [
            (60, &pool, "203.0.113.7", false),
            (61, &pool, "203.0.113.8", false),
            (119, &pool, "::ffff:203.0.113.7", false),
            (119, &pool, "203.0.113.7", true),
            (119, &other, "203.0.113.7", false),
            (119, &pool, "2001:db8::1", false),
            (119, &pool, "2001:db8::ffff:0:0:1", false),
            (119, &pool, "2001:db8::2", true),
            (119, &pool, "2001:db8:0:1::1", false),
        ] {
            assert_eq!(more(secs, of, ip), too_many, "{secs} {ip}");
        }
        assert!(full(119, Attempt::Form, "203.0.113.7") && !full(119, Attempt::Client, "203.0.113.7"));
        assert!(!full(120, Attempt::Form, "203.0.113.7"));
        assert!(!more(120, &pool, "203.0.113.7"));
        assert!(!Turnstile::new(0).is_too_many(at(0), (Attempt::Form, &pool, [203, 0, 113, 7].into())));
    }

    #[test]
    fn messages_of_saml_are_fewer_and_counted_apart() {
        let pool = PoolId::new("eu-west-1_a");
        let taken = |most: u32, attempt: Attempt| {
            let turnstile = Turnstile::new(most);
            let of = (attempt, &pool, [203, 0, 113, 7].into());
            (0..400)
                .filter(|_| !turnstile.is_too_many(Timestamp::from_secs(0), of))
                .count()
        };
        assert_eq!((taken(300, Attempt::Saml), taken(300, Attempt::Return)), (30, 300));
        assert_eq!((taken(7, Attempt::Saml), taken(0, Attempt::Saml)), (7, 400));
    }
}
