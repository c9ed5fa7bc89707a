//! Calls while the clock that expires things is ahead of true time, as `POST /_poolhouse/clock` moves it (decision 4).

use std::{sync::Arc, time::Duration};

use kernel::{Clock, Cx, Env, SystemRng, Timestamp};
use serde_json::Value;
use testkit::{Answer, BASE_URL, Call, MockClock};

use crate::tests::people::People;

/// By so much.
struct MovedAhead(Duration);

impl Clock for MovedAhead {
    fn wall(&self) -> Timestamp {
        MockClock::START
    }

    fn now(&self) -> Timestamp {
        self.wall().plus(self.0)
    }
}

impl People {
    pub async fn call_ahead(&self, span: Duration, operation: &str, input: Value) -> Answer {
        let env = Env {
            clock: Arc::new(MovedAhead(span)),
            rng: Arc::new(SystemRng),
            account: self.app.env.account.clone(),
            default_region: self.app.env.default_region.clone(),
        };
        let cx = Cx::internal(&Arc::new(env), BASE_URL);
        Call::of(&crate::ops::TABLE, operation, input)
            .on(&self.app.pools, &cx)
            .await
    }
}
