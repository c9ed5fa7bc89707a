//! Who comes next: two lines, each in order of arrival. Pure.

use std::collections::VecDeque;

/// How many last steps in a row may go before new work that waits: of five turns new work has at least one.
const LAST_STEPS_IN_A_ROW: usize = 4;

/// Which line a job stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// What begins here; so many places and no more.
    New,
    /// What had its turn and needs one more to be done. Goes before new work, because its request holds what it has taken
    /// until then. There can't be more of them than were admitted.
    LastStep,
}

pub(super) struct Lines<J> {
    new: VecDeque<J>,
    last_steps: VecDeque<J>,
    /// Places in the line of new work that are promised and not taken yet.
    reserved: usize,
    capacity: usize,
    /// Last steps taken since new work was.
    in_a_row: usize,
}

impl<J> Lines<J> {
    pub fn new(capacity: usize) -> Self {
        Self {
            new: VecDeque::new(),
            last_steps: VecDeque::new(),
            reserved: 0,
            capacity,
            in_a_row: 0,
        }
    }

    /// Whether there is a place for new work.
    pub fn has_room(&self) -> bool {
        self.new.len() + self.reserved < self.capacity
    }

    pub fn are_waiting(&self) -> bool {
        !(self.new.is_empty() && self.last_steps.is_empty())
    }

    /// Promises a place in the line of new work, which [`Lines::give_back`] or [`Lines::push`] takes back. False if there is none.
    pub fn reserve(&mut self) -> bool {
        let room = self.has_room();
        self.reserved += usize::from(room);
        room
    }

    pub fn give_back(&mut self) {
        self.reserved = self.reserved.saturating_sub(1);
    }

    /// Puts a job at the end of its line; new work in the place that it has reserved.
    pub fn push(&mut self, line: Line, job: J) {
        match line {
            Line::New => {
                self.give_back();
                self.new.push_back(job);
            }
            Line::LastStep => self.last_steps.push_back(job),
        }
    }

    /// The job whose turn it is.
    pub fn take(&mut self) -> Option<J> {
        let new_is_due = self.in_a_row >= LAST_STEPS_IN_A_ROW && !self.new.is_empty();
        if !new_is_due && let Some(job) = self.last_steps.pop_front() {
            self.in_a_row += 1;
            return Some(job);
        }
        self.in_a_row = 0;
        self.new.pop_front()
    }
}

#[cfg(test)]
mod tests {
    use super::{Line::*, *};

    fn taken(lines: &mut Lines<u32>) -> Vec<u32> {
        std::iter::from_fn(|| lines.take()).collect()
    }

    #[test]
    fn last_steps_go_first_each_line_keeps_its_order_and_new_work_has_its_share() {
        for (pushed, expected) in [
            (vec![], vec![]),
            (vec![(New, 1), (New, 2), (New, 3)], vec![1, 2, 3]),
            (vec![(LastStep, 1), (LastStep, 2), (LastStep, 3)], vec![1, 2, 3]),
            (
                vec![(New, 1), (LastStep, 11), (New, 2), (LastStep, 12)],
                vec![11, 12, 1, 2],
            ),
            (
                vec![
                    (New, 1),
                    (New, 2),
                    (LastStep, 11),
                    (LastStep, 12),
                    (LastStep, 13),
                    (LastStep, 14),
                    (LastStep, 15),
                    (LastStep, 16),
                ],
                vec![11, 12, 13, 14, 1, 15, 16, 2],
            ),
        ] {
            let mut lines = Lines::new(8);
            for (line, job) in pushed.iter().copied() {
                if line == New {
                    assert!(lines.reserve());
                }
                lines.push(line, job);
            }
            assert_eq!(taken(&mut lines), expected, "{pushed:?}");
        }
    }

    #[test]
    fn endless_last_steps_leave_new_work_one_turn_in_five() {
        let mut lines = Lines::new(8);
        for job in 0..8 {
            assert!(lines.reserve());
            lines.push(New, job);
        }
        let mut turns = Vec::new();
        for step in 100..140 {
            lines.push(LastStep, step);
            turns.extend(lines.take());
        }
        let new: Vec<u32> = turns.into_iter().filter(|job| *job < 100).collect();
        assert_eq!(new, [0, 1, 2, 3, 4, 5, 6, 7]);
    }

    #[test]
    fn places_are_bounded_reserved_ones_too_and_last_steps_need_none() {
        let mut lines = Lines::new(2);
        assert!(lines.reserve() && lines.reserve());
        assert!(!lines.reserve() && !lines.has_room());
        lines.push(New, 1);
        assert!(!lines.reserve(), "it stands where it had reserved");
        lines.give_back();
        assert!(lines.has_room());
        lines.push(LastStep, 2);
        assert!(lines.reserve() && !lines.has_room());
        assert_eq!(taken(&mut lines), [2, 1]);
        assert!(lines.has_room());
    }
}
