//! The report: one line a figure, with its limit and whether it holds.

use std::{fmt::Write as _, time::Duration};

#[derive(Default)]
pub struct Figures(String);

impl Figures {
    pub fn title(&mut self, text: &str) {
        let _ = writeln!(self.0, "\n{text}");
    }

    /// A figure that must not exceed its limit.
    pub fn at_most(&mut self, name: &str, value: f64, limit: f64, unit: &str) {
        let verdict = if value <= limit { "ok" } else { "OVER" };
        let _ = writeln!(
            self.0,
            "  {name:<58} {value:>9.3} {unit:<6} (at most {limit}) {verdict}"
        );
    }

    /// A figure that must reach its limit.
    pub fn at_least(&mut self, name: &str, value: f64, limit: f64, unit: &str) {
        let verdict = if value >= limit { "ok" } else { "UNDER" };
        let _ = writeln!(
            self.0,
            "  {name:<58} {value:>9.3} {unit:<6} (at least {limit}) {verdict}"
        );
    }

    pub fn plain(&mut self, name: &str, value: f64, unit: &str) {
        let _ = writeln!(self.0, "  {name:<58} {value:>9.3} {unit}");
    }

    /// What was not measured, and why.
    pub fn note(&mut self, text: &str) {
        let _ = writeln!(self.0, "  {text}");
    }

    pub fn finish(self) -> String {
        self.0
    }
}

pub fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

pub fn ratio(a: Duration, b: Duration) -> f64 {
    a.as_secs_f64() / b.as_secs_f64().max(f64::EPSILON)
}
