//! Lists page by page. The token that continues a list is sealed: it holds the last key that was shown, and serves nobody for
//! another list.

use std::time::Duration;

use kernel::{Cx, Timestamp};

use crate::{Expiring, Keyring, Purpose, SealError};

/// How long a list can be continued.
const LIFETIME: Duration = Duration::from_secs(3600);

/// One page of one list.
#[derive(Clone, Debug)]
pub struct Page {
    place: Vec<String>,
    size: usize,
    after: String,
}

/// A token that is outdated, was issued for another list, or is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no token of this list")]
pub struct ForeignToken;

impl Page {
    /// `place` says which list it is: owner, operation, filter. Errors: [`ForeignToken`].
    pub fn open(
        keyring: &Keyring,
        place: &[&str],
        size: usize,
        token: Option<&str>,
        now: Timestamp,
    ) -> Result<Self, ForeignToken> {
        let after = match token {
            None => String::new(),
            Some(token) => {
                let opened = keyring.open_token(Purpose::PageToken, place, token, now);
                let key = opened.ok().and_then(|key| key.as_str().map(str::to_owned));
                key.ok_or(ForeignToken)?
            }
        };
        Ok(Self {
            place: place.iter().map(|part| (*part).to_owned()).collect(),
            size: size.max(1),
            after,
        })
    }

    /// The last key that was shown; empty at the beginning.
    pub fn after(&self) -> String {
        self.after.clone()
    }

    /// How many rows to look up: one more than are shown tells whether there is a next page.
    pub fn limit(&self) -> i64 {
        i64::try_from(self.size).unwrap_or(i64::MAX).saturating_add(1)
    }

    /// The rows to show, and the token that continues after them if there are more.
    pub fn cut<T>(
        &self,
        keyring: &Keyring,
        cx: &Cx,
        mut rows: Vec<T>,
        key: impl Fn(&T) -> String,
    ) -> Result<(Vec<T>, Option<String>), SealError> {
        if rows.len() <= self.size {
            return Ok((rows, None));
        }
        rows.truncate(self.size);
        let last = rows.last().map(key).unwrap_or_default();
        let place: Vec<&str> = self.place.iter().map(String::as_str).collect();
        let page = Expiring {
            payload: last.as_bytes(),
            at: cx.now().plus(LIFETIME),
        };
        let token = keyring.seal_token(Purpose::PageToken, &place, page, cx.rng())?;
        Ok((rows, Some(token)))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use kernel::{AccountId, Env, Region, SystemClock};

    use super::*;
    use crate::testing::{SeededRng, keyring};

    #[test]
    fn pages_follow_each_other_in_their_own_list_for_an_hour() {
        let (keyring, clock) = (keyring(), Arc::new(SystemClock::default()));
        let env = Arc::new(Env {
            clock: clock.clone(),
            rng: Arc::new(SeededRng::new(7)),
            account: AccountId::new("123456789012"),
            default_region: Region::new("eu-west-1"),
        });
        let cx = Cx::internal(&env, "");
        let all: Vec<u32> = (0..7).collect();
        let open = |place: &[&str], token: Option<&str>| Page::open(&keyring, place, 3, token, cx.now());
        let (mut seen, mut token, mut tokens) = (Vec::new(), None, Vec::new());
        loop {
            let page = open(&["pool", "ListUsers"], token.as_deref()).unwrap();
            let after: Option<u32> = page.after().parse().ok();
            let rows = all.iter().copied().filter(|n| after.is_none_or(|after| *n > after));
            let rows = rows.take(usize::try_from(page.limit()).unwrap()).collect();
            let (shown, next) = page.cut(&keyring, &cx, rows, u32::to_string).unwrap();
            seen.push(shown.len());
            tokens.extend(next.clone());
            token = next;
            if token.is_none() {
                break;
            }
        }
        assert_eq!((seen, tokens.len()), (vec![3, 3, 1], 2));
        for (place, token) in [
            (["pool", "ListGroups"], tokens[0].as_str()),
            (["other", "ListUsers"], &tokens[0]),
            (["pool", "ListUsers"], "no token"),
        ] {
            assert_eq!(open(&place, Some(token)).unwrap_err(), ForeignToken, "{place:?}");
        }
        clock.advance(LIFETIME);
        assert_eq!(
            open(&["pool", "ListUsers"], Some(&tokens[0])).unwrap_err(),
            ForeignToken
        );
    }
}
