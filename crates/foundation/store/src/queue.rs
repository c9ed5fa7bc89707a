//! The bounded line in front of a set of threads.

use std::{
    collections::VecDeque,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
};

use crate::{
    StoreError,
    task::{PATIENCE, Task},
};

pub(crate) struct Queue {
    line: Mutex<Line>,
    changed: Condvar,
    limit: usize,
}

struct Line {
    tasks: VecDeque<Box<dyn Task>>,
    closed: bool,
}

impl Queue {
    pub fn new(limit: usize) -> Self {
        Self {
            line: Mutex::new(Line {
                tasks: VecDeque::new(),
                closed: false,
            }),
            changed: Condvar::new(),
            limit: limit.max(1),
        }
    }

    /// Overloaded when the line is full, Closed after [`Queue::close`].
    pub fn push(&self, task: Box<dyn Task>) -> Result<(), StoreError> {
        let mut line = self.lock();
        if line.closed {
            return Err(StoreError::Closed);
        }
        if line.tasks.len() >= self.limit {
            return Err(StoreError::Overloaded);
        }
        line.tasks.push_back(task);
        drop(line);
        self.changed.notify_one();
        Ok(())
    }

    /// Waits for work. None: closed, and everything that was waiting has been taken.
    pub fn pop(&self) -> Option<Box<dyn Task>> {
        let mut line = self.lock();
        loop {
            match take(&mut line) {
                Some(task) => return Some(task),
                None if line.closed => return None,
                None => line = self.changed.wait(line).unwrap_or_else(PoisonError::into_inner),
            }
        }
    }

    /// What is waiting now, if anything is.
    pub fn try_pop(&self) -> Option<Box<dyn Task>> {
        take(&mut self.lock())
    }

    pub fn len(&self) -> usize {
        self.lock().tasks.len()
    }

    pub fn close(&self) {
        self.lock().closed = true;
        self.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, Line> {
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A caller that has gone away wants nothing done any more, and one that waited too long must not wait for longer.
fn take(line: &mut Line) -> Option<Box<dyn Task>> {
    while let Some(task) = line.tasks.pop_front() {
        if task.age() > PATIENCE {
            task.answer(Err(StoreError::Overloaded));
        } else if !task.abandoned() {
            return Some(task);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use std::{
        sync::mpsc::{Sender, channel},
        time::Duration,
    };

    use super::*;
    use crate::connection::Connection;

    struct Waiting {
        name: &'static str,
        age: Duration,
        abandoned: bool,
        heard: Sender<(&'static str, StoreError)>,
    }

    impl Task for Waiting {
        fn run(&mut self, _: Connection<'_>) -> Result<(), StoreError> {
            Ok(())
        }

        fn answer(self: Box<Self>, outcome: Result<(), StoreError>) {
            if let Err(error) = outcome {
                self.heard.send((self.name, error)).unwrap();
            }
        }

        fn abandoned(&self) -> bool {
            self.abandoned
        }

        fn age(&self) -> Duration {
            self.age
        }
    }

    #[test]
    fn who_waited_too_long_is_told_and_who_left_is_passed_over() {
        let (heard, answers) = channel();
        let queue = Queue::new(3);
        let now = Duration::ZERO;
        for (name, age, abandoned) in [("late", PATIENCE * 2, false), ("gone", now, true), ("here", now, false)] {
            queue
                .push(Box::new(Waiting {
                    name,
                    age,
                    abandoned,
                    heard: heard.clone(),
                }))
                .unwrap();
        }
        let more = Box::new(Waiting {
            name: "more",
            age: now,
            abandoned: false,
            heard: heard.clone(),
        });
        assert!(matches!(queue.push(more), Err(StoreError::Overloaded)));

        queue.pop().unwrap().answer(Err(StoreError::Closed));
        assert!(matches!(answers.try_recv().unwrap(), ("late", StoreError::Overloaded)));
        assert!(matches!(answers.try_recv().unwrap(), ("here", StoreError::Closed)));
        assert!(queue.try_pop().is_none() && answers.try_recv().is_err());
    }

    #[test]
    fn a_closed_line_is_emptied_first() {
        let (heard, _answers) = channel();
        let queue = Queue::new(3);
        let task = || {
            Box::new(Waiting {
                name: "job",
                age: Duration::ZERO,
                abandoned: false,
                heard: heard.clone(),
            })
        };
        queue.push(task()).unwrap();
        queue.close();
        assert!(matches!(queue.push(task()), Err(StoreError::Closed)));
        assert!(queue.pop().is_some());
        assert!(queue.pop().is_none());
    }
}
