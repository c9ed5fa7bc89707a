//! A commit waits a moment for more to share its sync, while the cores have other work: it costs the same for one as for many,
//! and on a machine that has nothing to do nobody wants to wait.

use std::{sync::OnceLock, thread, time::Duration};

/// How long a commit may wait; far less than what else waits for a core when there is a line.
const MOMENT: Duration = Duration::from_millis(1);

/// With so many there already, the share of each is small enough.
const ENOUGH: usize = 16;

type IsBusy = Box<dyn Fn() -> bool + Send + Sync>;

/// Whoever knows whether the cores are busy says how to ask. Until then nothing waits.
#[derive(Default)]
pub(crate) struct Company {
    is_busy: OnceLock<IsBusy>,
}

impl Company {
    /// The first to say so is asked.
    pub fn ask(&self, is_busy: impl Fn() -> bool + Send + Sync + 'static) {
        let _ = self.is_busy.set(Box::new(is_busy));
    }

    /// Returns when a commit should begin; `waiting` are there beside its first.
    pub fn wait(&self, waiting: usize) {
        if waiting + 1 < ENOUGH && self.is_busy.get().is_some_and(|is_busy| is_busy()) {
            thread::sleep(MOMENT);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{
        sync::{
            Arc,
            atomic::{AtomicBool, Ordering},
        },
        time::Instant,
    };

    use super::*;

    #[test]
    fn only_busy_cores_make_a_commit_wait_and_only_for_company_that_is_not_there() {
        let company = Company::default();
        let waits = |waiting| {
            let begun = Instant::now();
            company.wait(waiting);
            begun.elapsed() >= MOMENT
        };
        let busy = Arc::new(AtomicBool::new(true));
        // What nobody says is asked of nobody; a thread that loses its core for so long is rare enough.
        assert!((0..10).any(|_| !waits(0)));
        company.ask({
            let busy = Arc::clone(&busy);
            move || busy.load(Ordering::Relaxed)
        });
        assert!(waits(0) && waits(ENOUGH - 2));
        assert!((0..10).any(|_| !waits(ENOUGH - 1)));
        busy.store(false, Ordering::Relaxed);
        assert!((0..10).any(|_| !waits(0)));
    }
}
