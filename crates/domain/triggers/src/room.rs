//! Room for invocations. While there is enough everybody has it; when it is full, what becomes free goes to the function that
//! has the least of it, and of those that have as little to the one that has waited longest, so that a slow function keeps its own callers waiting and not those of the others.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::oneshot::{self, Sender};

#[derive(Clone)]
pub(crate) struct Room(Arc<Mutex<State>>);

struct State {
    free: usize,
    /// How many have waited so far.
    tickets: u64,
    /// By the function's ARN; none of it is empty.
    functions: HashMap<Arc<str>, Share>,
}

/// What one function has of the room, and who wants more of it, in order of arrival.
#[derive(Default)]
struct Share {
    held: usize,
    waiting: VecDeque<(u64, Sender<Place>)>,
}

/// Given back when dropped.
pub(crate) struct Place(Option<(Room, Arc<str>)>);

impl Room {
    pub fn new(places: usize) -> Self {
        Self(Arc::new(Mutex::new(State {
            free: places,
            tickets: 0,
            functions: HashMap::new(),
        })))
    }

    /// Waits for a place; whoever stops waiting has none.
    pub async fn enter(&self, function: &str) -> Place {
        let function = Arc::<str>::from(function);
        let granted = {
            let mut state = self.state();
            if state.free > 0 {
                state.free -= 1;
                state.functions.entry(Arc::clone(&function)).or_default().held += 1;
                None
            } else {
                let (sender, receiver) = oneshot::channel();
                state.tickets += 1;
                let ticket = state.tickets;
                let share = state.functions.entry(Arc::clone(&function)).or_default();
                share.waiting.push_back((ticket, sender));
                Some(receiver)
            }
        };
        let place = match granted {
            None => None,
            Some(receiver) => receiver.await.ok(),
        };
        // A sender is dropped only when its receiver is gone.
        place.unwrap_or_else(|| Place(Some((self.clone(), function))))
    }

    fn leave(&self, function: &Arc<str>) {
        let mut state = self.state();
        state.free += 1;
        if let Some(share) = state.functions.get_mut(function) {
            share.held = share.held.saturating_sub(1);
        }
        self.hand_on(&mut state);
        state
            .functions
            .retain(|_, share| share.held > 0 || !share.waiting.is_empty());
    }

    fn hand_on(&self, state: &mut State) {
        while state.free > 0 {
            let wanting = state.functions.iter_mut().filter_map(|(function, share)| {
                let (ticket, _) = share.waiting.front()?;
                Some(((share.held, *ticket), function, share))
            });
            let Some((_, function, share)) = wanting.min_by_key(|(rank, ..)| *rank) else {
                return;
            };
            let Some((_, sender)) = share.waiting.pop_front() else {
                return;
            };
            match sender.send(Place(Some((self.clone(), Arc::clone(function))))) {
                Ok(()) => {
                    share.held += 1;
                    state.free -= 1;
                }
                // Nobody waits there any more: nothing was given, so nothing comes back.
                Err(mut place) => place.0 = None,
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some((room, function)) = self.0.take() {
            room.leave(&function);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{
        future::poll_fn,
        pin::{Pin, pin},
        task::Poll,
    };

    use super::*;

    /// What is there without waiting.
    async fn now<F: Future>(mut future: Pin<&mut F>) -> Option<F::Output> {
        poll_fn(|cx| {
            Poll::Ready(match future.as_mut().poll(cx) {
                Poll::Ready(output) => Some(output),
                Poll::Pending => None,
            })
        })
        .await
    }

    async fn is_full(room: &Room, function: &str) -> bool {
        now(pin!(room.enter(function))).await.is_none()
    }

    #[tokio::test]
    async fn what_becomes_free_goes_to_who_has_least() {
        let room = Room::new(3);
        let (first, _second, _third) = (
            room.enter("slow").await,
            room.enter("slow").await,
            room.enter("slow").await,
        );
        let (mut fourth, mut quick) = (pin!(room.enter("slow")), pin!(room.enter("quick")));
        assert!(now(fourth.as_mut()).await.is_none());
        assert!(now(quick.as_mut()).await.is_none());
        drop(first);
        assert!(now(fourth.as_mut()).await.is_none());
        let place = now(quick.as_mut()).await;
        assert!(place.is_some(), "it came later, but has less");
        drop(place);
        assert!(now(fourth.as_mut()).await.is_some());
    }

    #[tokio::test]
    async fn who_stops_waiting_takes_nothing_along() {
        let room = Room::new(1);
        let only = room.enter("a").await;
        for function in ["a", "b", "b"] {
            assert!(is_full(&room, function).await);
        }
        let mut patient = pin!(room.enter("b"));
        assert!(now(patient.as_mut()).await.is_none());
        drop(only);
        let place = now(patient.as_mut()).await;
        assert!(place.is_some());
        assert!(is_full(&room, "c").await);
        drop(place);
        assert!(!is_full(&room, "c").await);
        assert!(room.state().functions.is_empty(), "who has left is forgotten");
    }

    #[tokio::test]
    async fn a_place_given_to_who_just_left_comes_back() {
        let room = Room::new(1);
        let only = room.enter("a").await;
        {
            let mut gone = pin!(room.enter("b"));
            assert!(now(gone.as_mut()).await.is_none());
            // Given, and never looked at.
            drop(only);
        }
        assert!(!is_full(&room, "c").await);
    }

    /// Issue 7, "at most a set number in flight": a slow function keeps its own callers waiting, not those of the others.
    #[tokio::test]
    async fn functions_that_have_as_much_take_turns() {
        for _ in 0..32 {
            let room = Room::new(1);
            let only = room.enter("a").await;
            let mut other = pin!(room.enter("b"));
            assert!(now(other.as_mut()).await.is_none());
            let mut held = only;
            let mut served = false;
            for _ in 0..8 {
                // Somebody always wants more of it.
                let mut next = pin!(room.enter("a"));
                assert!(now(next.as_mut()).await.is_none());
                drop(held);
                if now(other.as_mut()).await.is_some() {
                    served = true;
                    break;
                }
                held = now(next.as_mut()).await.unwrap();
            }
            assert!(served, "the one that came first still waits");
        }
    }
}
