//! Logs: for people or for machines, and never about guests.
//!
//! Three things keep guests out. Only fields of the list in `field.rs` are written, each only where its value has the form of what the
//! name stands for. Of an error nobody reads the words but [`backend::Fault`], which knows what each kind may say. And of what other
//! crates tell, their numbers and the place are written, never the words. What is left passes `discreet.rs`.

mod discreet;
mod field;
mod line;

use std::io::{self, IsTerminal};

use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use self::line::Lines;
use crate::config::Log;

/// Starts logging to standard error; a second call changes nothing.
pub fn start(log: &Log) {
    let lines = Lines { format: log.format, is_painted: io::stderr().is_terminal(), out: io::stderr };
    if tracing_subscriber::registry().with(log.filter.clone()).with(lines).try_init().is_ok() {
        log_panics();
    }
}

/// A panic is a line like any other, so that it carries the request's id.
fn log_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        // Words that stand in the source know nobody; those that were put together may.
        let words = panic.payload().downcast_ref::<&'static str>().copied();
        tracing::error!(place, words, "a panic");
    }));
}

#[cfg(test)]
mod tests;
