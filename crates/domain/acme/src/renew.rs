//! The job: which names are to have a certificate, which of them are due, and an order for each of these.
//!
//! ```text
//! new, or of another directory ─▶ due at once ─▶ order ─ came ──▶ due when two thirds of its life are over ─▶ ...
//! no more wanted ─▶ forgotten                      └──── did not ─▶ due after a pause, which doubles ────────▶ ...
//! ```

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use futures_util::{StreamExt as _, stream};
use kernel::ApiError;
use store::{
    Scope,
    records::{
        acme_accounts,
        acme_certificates::{self, Issued, Past},
        acme_challenges, versions,
    },
};
use vault::{Purpose, Secret};

use crate::{
    Acme,
    certificate::place,
    http::Http,
    order::{Came, OrderError},
    pace,
};

/// Rows that are read or written at once.
const PAGE: usize = 200;

/// Orders under way beside each other: a name that can't be proved takes minutes.
const AT_ONCE: usize = 4;

/// Characters of an error that are kept.
const LONGEST_ERROR: usize = 500;

impl Acme {
    /// Brings the certificates there are nearer to those that are wanted: of one node at a time. `wanted`: all names, in lower
    /// case. Returns how many names came, went or got a certificate. Errors: internal; what the authority refuses is noted
    /// with the name and is none.
    pub async fn renew(&self, wanted: &BTreeSet<String>) -> Result<u64, ApiError> {
        let mut done = self.take_stock(wanted).await?;
        let mut is_over = false;
        for past in [Past::Certificate, Past::Nothing, Past::Failures] {
            let mut end = None;
            while end.is_none() {
                let round = self.round(past).await?;
                done += round.issued;
                end = round.end;
            }
            match end {
                Some(End::NoAccount) => break,
                Some(End::Over) => is_over = true,
                Some(End::Done) | None => {}
            }
        }
        if is_over {
            tracing::warn!(
                orders_per_hour = self.settings.orders_per_hour,
                "more certificates are due than may be ordered in an hour; the rest waits"
            );
        }
        Ok(done)
    }

    /// Orders for some of the names that are due.
    async fn round(&self, past: Past) -> Result<Round, ApiError> {
        let (now, limit) = (self.env.clock.wall(), i64::try_from(PAGE).unwrap_or(i64::MAX));
        let due = self
            .store
            .read(move |r| acme_certificates::due(r, past, now, limit))
            .await?;
        if due.is_empty() {
            return Ok(Round::ended(End::Done));
        }
        let credentials = match self.credentials().await {
            Ok(credentials) => credentials,
            Err(error) => {
                for (name, failures) in &due {
                    self.note_failure(name, *failures, &error, None).await?;
                }
                return Ok(Round::ended(End::NoAccount));
            }
        };
        let most = pace::share(past, self.settings.orders_per_hour.get());
        let mut turns = stream::iter(due)
            .map(|(name, failures)| self.turn(name, failures, most, &credentials))
            .buffer_unordered(AT_ONCE);
        let mut round = Round { issued: 0, end: None };
        while let Some(turn) = turns.next().await {
            match turn? {
                Turn::Issued => round.issued += 1,
                Turn::Failed => {}
                Turn::Over => round.end = Some(End::Over),
            }
        }
        Ok(round)
    }

    /// Takes in the names that are new and forgets those that are wanted no more.
    async fn take_stock(&self, wanted: &BTreeSet<String>) -> Result<u64, ApiError> {
        let known = self.known().await?;
        let ours = |name: &String| known.get(name) == Some(&self.settings.directory);
        let new: Vec<String> = wanted.iter().filter(|name| !ours(name)).cloned().collect();
        let gone: Vec<String> = known.into_keys().filter(|name| !wanted.contains(name)).collect();
        for names in new.chunks(PAGE) {
            let (names, directory, now) = (names.to_vec(), self.settings.directory.clone(), self.env.clock.wall());
            let write = self.store.write(move |tx| {
                for name in &names {
                    acme_certificates::want(tx, name, &directory, now)?;
                }
                Ok(())
            });
            write.await?;
        }
        for names in gone.chunks(PAGE) {
            let names = names.to_vec();
            let write = self.store.write(move |tx| {
                for name in &names {
                    acme_certificates::forget(tx, name)?;
                    acme_challenges::drop(tx, name)?;
                }
                Ok(versions::bump(tx, Scope::certificates())?)
            });
            write.await?;
        }
        Ok(u64::try_from(new.len() + gone.len()).unwrap_or(u64::MAX))
    }

    /// The names that are known, and the directory of each.
    async fn known(&self) -> Result<BTreeMap<String, String>, ApiError> {
        let (mut known, mut after) = (BTreeMap::new(), String::new());
        loop {
            let (from, limit) = (after.clone(), i64::try_from(PAGE).unwrap_or(i64::MAX));
            let page = self
                .store
                .read(move |r| acme_certificates::names(r, &from, limit))
                .await?;
            let Some((last, _)) = page.last() else { return Ok(known) };
            after.clone_from(last);
            known.extend(page);
        }
    }

    async fn turn(&self, name: String, failures: i64, most: u32, credentials: &Secret) -> Result<Turn, ApiError> {
        let directory = self.settings.directory.clone();
        let hour = pace::hour(self.env.clock.wall());
        let begin = self
            .store
            .write(move |tx| Ok(acme_accounts::begin_order(tx, &directory, hour, most)?));
        if !begin.await? {
            return Ok(Turn::Over);
        }
        let http = Http::new(self.upstream.clone());
        let ordered = async {
            let account = self.account(credentials, http.clone()).await?;
            self.order(&account, &name).await
        };
        match ordered.await {
            Ok(came) => {
                self.keep(&name, came).await?;
                Ok(Turn::Issued)
            }
            Err(error) => {
                if error.is_of_the_account() {
                    self.forget_account().await?;
                }
                self.note_failure(&name, failures, &error, http.asked_pause()).await?;
                Ok(Turn::Failed)
            }
        }
    }

    /// Nothing if the name is wanted no more.
    async fn keep(&self, name: &str, came: Came) -> Result<(), ApiError> {
        let (expires, due) = (came.life.1, pace::renewal(came.life, self.env.clock.wall()));
        let rng = self.env.rng.as_ref();
        let issued = Issued {
            chain: came.chain,
            private: self
                .keyring
                .seal(Purpose::PrivateKey, &place(name), &came.private, rng)?,
            expires,
            due,
        };
        let (of, directory) = (name.to_owned(), self.settings.directory.clone());
        let write = self.store.write(move |tx| {
            acme_certificates::issue(tx, &of, &directory, &issued)?;
            Ok(versions::bump(tx, Scope::certificates())?)
        });
        write.await?;
        tracing::info!(
            name,
            expires = expires.iso8601(),
            renewal = due.iso8601(),
            "a certificate came"
        );
        Ok(())
    }

    /// `failures`: before this one.
    async fn note_failure(
        &self,
        name: &str,
        failures: i64,
        error: &OrderError,
        asked: Option<Duration>,
    ) -> Result<(), ApiError> {
        let error: String = error
            .to_string()
            .chars()
            .filter(|c| !c.is_control())
            .take(LONGEST_ERROR)
            .collect();
        let due = self
            .env
            .clock
            .wall()
            .plus(pace::after_failure(failures.saturating_add(1), asked));
        tracing::warn!(name, error, again = due.iso8601(), "no certificate came");
        let (of, directory) = (name.to_owned(), self.settings.directory.clone());
        let write = self
            .store
            .write(move |tx| Ok(acme_certificates::fail(tx, &of, &directory, &error, due)?));
        Ok(write.await?)
    }
}

/// What became of some names that were due.
struct Round {
    issued: u64,
    /// None: others may be due yet.
    end: Option<End>,
}

enum End {
    /// None is due any more.
    Done,
    /// The orders that such names may have in an hour are used up.
    Over,
    /// The authority has none for us: it would say so to each of the others too.
    NoAccount,
}

impl Round {
    fn ended(end: End) -> Self {
        Self {
            issued: 0,
            end: Some(end),
        }
    }
}

/// What became of a name that was due.
enum Turn {
    Issued,
    Failed,
    /// The hour's orders are used up: it waits.
    Over,
}
