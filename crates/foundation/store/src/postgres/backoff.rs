//! How long to wait before a closure runs again, and when to give up.

use std::{thread, time::Duration};

use kernel::{Rng, SystemRng};

use crate::task::PATIENCE;

const FIRST: Duration = Duration::from_millis(1);
const LONGEST: Duration = Duration::from_millis(200);

pub(super) struct Backoff {
    next: Duration,
}

impl Backoff {
    pub fn new() -> Self {
        Self { next: FIRST }
    }

    /// Waits for a random part of a span that doubles each time, so that two that collided do not collide again.
    /// False, at once: the closure was handed in too long ago (`age`).
    pub fn wait(&mut self, age: Duration) -> bool {
        if age > PATIENCE {
            return false;
        }
        let mut chance = [0u8; 2];
        SystemRng.fill(&mut chance);
        thread::sleep(
            self.next
                .mul_f64(f64::from(u16::from_ne_bytes(chance)) / f64::from(u16::MAX)),
        );
        self.next = (self.next * 2).min(LONGEST);
        true
    }
}
