//! Logs: for people or for machines, and never about guests.

use std::io::{self, IsTerminal, Write};

use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::config::{Format, Log};

/// Starts logging to standard error; a second call changes nothing.
pub fn start(log: &Log) {
    let filter = log.filter.clone();
    let lines = tracing_subscriber::fmt::layer().with_ansi(io::stderr().is_terminal()).with_writer(Discreet);
    let started = match log.format {
        Format::Pretty => tracing_subscriber::registry().with(filter).with(lines).try_init(),
        Format::Json => {
            let lines = lines.json().flatten_event(true).with_current_span(true).with_span_list(false);
            tracing_subscriber::registry().with(filter).with(lines).try_init()
        }
    };
    if started.is_ok() {
        log_panics();
    }
}

/// A panic is a line like any other, so that it carries the request's id and passes the same filter.
fn log_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let words = panic.payload_as_str().unwrap_or("without words");
        tracing::error!(%place, words, "a panic");
    }));
}

/// Standard error, with mail addresses, telephone numbers and tokens blackened.
///
/// Our own lines name none. What outside parts say about a failure (a mail server's answer, a connection string) may.
#[derive(Clone, Copy, Debug)]
struct Discreet;

impl<'w> MakeWriter<'w> for Discreet {
    type Writer = Self;

    fn make_writer(&'w self) -> Self {
        Self
    }
}

impl Write for Discreet {
    // The formatter hands over whole lines.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        io::stderr().lock().write_all(discreet(&String::from_utf8_lossy(line)).as_bytes())?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}

/// The text with everything personal replaced by what it was.
fn discreet(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let length = rest.find(|c| !in_word(c)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(length);
        out.push_str(blackened(word).unwrap_or(word));
        let mut beyond = after.chars();
        out.extend(beyond.next());
        rest = beyond.as_str();
    }
    out
}

fn in_word(c: char) -> bool {
    c.is_alphanumeric() || "@._%+-~".contains(c)
}

fn blackened(word: &str) -> Option<&'static str> {
    // Ids and hashes stay readable: they are shorter than any token of ours, and without a plus.
    if word.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty()) {
        Some("[mail]")
    } else if word.split_once('+').is_some_and(|(_, number)| is_number(number)) {
        Some("[phone]")
    } else if word.len() >= 43
        && word.bytes().any(|b| b.is_ascii_digit())
        && word.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
    {
        Some("[token]")
    } else {
        None
    }
}

fn is_number(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    (7..=15).contains(&digits) && text.bytes().all(|b| b.is_ascii_digit() || b"-.".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::discreet;

    #[test]
    fn what_is_personal_is_blackened() {
        let said = "550 <ana.b+x@example.com>: no such user; call +351912345678 or +351-912-345-678";
        assert_eq!(discreet(said), "550 <[mail]>: no such user; call [phone] or [phone]");
        assert_eq!(discreet("postgres://trestle:swordfish@127.0.0.1:5432/x"), "postgres://trestle:[mail]:5432/x");
        let token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIwMTkifQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        assert_eq!(discreet(&format!("GET /bookings/{token}?new=1")), "GET /bookings/[token]?new=1");
    }

    #[test]
    fn everything_else_stays() {
        let line = "2026-11-21T02:50:00.123456Z  WARN request{request_id=0123456789abcdef0123456789abcdef path=/api/v1/holds/{token}}: \
                    backend::outbox: later id=01939c1e-7b1a-7c3e-9d43-2f6a1b7c8d9e after +2 s, 50% of the_constraint_that_has_a_very_long_name_of_words\n";
        assert_eq!(discreet(line), line);
    }
}
