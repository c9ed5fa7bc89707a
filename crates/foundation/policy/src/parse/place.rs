//! Lines and columns of statements, counted once from front to back.

use crate::statement::{Position, Span};

pub(super) struct Places<'a> {
    text: &'a str,
    /// Bytes of `text` that `here` has passed.
    passed: usize,
    here: Position,
}

impl<'a> Places<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            text,
            passed: 0,
            here: Position { line: 1, column: 1 },
        }
    }

    pub(super) fn lone(&mut self, object: &'a str) -> Span {
        let start = self.advance(self.offset(object) + 1);
        Span {
            start,
            end: self.advance(self.offset(object) + object.len()),
        }
    }

    /// Passes the `[` of the list.
    pub(super) fn enter(&mut self, list: &'a str) {
        self.advance(self.offset(list) + 1);
    }

    pub(super) fn next(&mut self, object: &'a str) -> Span {
        let comma = self
            .text
            .get(self.passed..self.offset(object))
            .and_then(|between| between.find(','));
        let start = self.advance(self.passed + comma.map_or(0, |at| at + 1));
        Span {
            start,
            end: self.advance(self.offset(object) + object.len()),
        }
    }

    /// `part` is a slice of the text.
    fn offset(&self, part: &str) -> usize {
        part.as_ptr().addr().saturating_sub(self.text.as_ptr().addr())
    }

    fn advance(&mut self, to: usize) -> Position {
        for c in self.text.get(self.passed..to).unwrap_or_default().chars() {
            if c == '\n' {
                self.here = Position {
                    line: self.here.line + 1,
                    column: 1,
                };
            } else {
                self.here.column += 1;
            }
        }
        self.passed = to;
        self.here
    }
}
