//! The engine against an oracle, the clock against a calendar, forms against bad input.

#![expect(clippy::unwrap_used, reason = "helpers of tests may fail like tests")]

mod calendar;
mod clock;
mod engine;
mod evening;
mod form;
mod history;
mod hours;
mod house;
mod oracle;
mod random;
mod reviews;
mod seats;
mod words;
