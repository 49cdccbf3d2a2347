//! The engine against an oracle, the clock against a calendar, forms against bad input.

#![expect(clippy::unwrap_used, reason = "helpers of tests may fail like tests")]

mod clock;
mod engine;
mod examples;
mod form;
mod history;
mod house;
mod oracle;
mod words;
