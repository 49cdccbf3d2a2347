//! Writes one line for each event: what it says, and what the requests around it say.

use std::fmt::Write as _;
use std::io::Write as _;

use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::{FormatTime, SystemTime};
use tracing_subscriber::layer::{Context, Layer};
use tracing_subscriber::registry::LookupSpan;

use super::discreet::discreet;
use super::field::{Facts, Field, Value};
use crate::config::Format;

/// What stands for the words of other crates, which may quote what guests wrote.
const WITHHELD: &str = "[withheld]";

/// The layer that writes them.
pub(super) struct Lines<W> {
    pub format: Format,
    /// Whether levels have colours.
    pub is_painted: bool,
    pub out: W,
}

impl<S, W> Layer<S> for Lines<W>
where
    S: Subscriber + for<'s> LookupSpan<'s>,
    W: for<'w> MakeWriter<'w> + 'static,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        if let Some(span) = context.span(id) {
            let mut facts = Facts::of(attributes.metadata().target());
            attributes.record(&mut facts);
            span.extensions_mut().insert(facts);
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        if let Some(span) = context.span(id)
            && let Some(facts) = span.extensions_mut().get_mut::<Facts>()
        {
            values.record(facts);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut line = Line::begin(self.format, self.is_painted, event);
        if let Some(scope) = context.event_scope(event) {
            for span in scope {
                if let Some(facts) = span.extensions().get::<Facts>() {
                    line.add(facts);
                }
            }
        }
        // There is nobody to tell that a line cannot be written.
        let _ = self.out.make_writer().write_all(line.end().as_bytes());
    }
}

/// A line that is being written.
struct Line {
    format: Format,
    text: String,
    /// What it says already: the innermost span is right.
    said: Vec<Field>,
}

impl Line {
    fn begin(format: Format, is_painted: bool, event: &Event<'_>) -> Self {
        let metadata = event.metadata();
        let mut facts = Facts::of(metadata.target());
        event.record(&mut facts);
        let message = facts.take_message();
        let place = message.is_none().then(|| place_of(metadata));
        let message = message.as_deref().map_or_else(|| WITHHELD.into(), discreet);
        let mut text = String::with_capacity(384);
        match format {
            Format::Json => {
                text.push_str("{\"timestamp\":\"");
                tell_time(&mut text);
                // Neither a level nor a target has anything to escape.
                let _ = write!(text, "\",\"level\":\"{}\",\"target\":\"{}\"", metadata.level(), metadata.target());
                text.push_str(",\"message\":");
                push_json(&mut text, &message);
            }
            Format::Pretty => {
                tell_time(&mut text);
                let (before, after) = if is_painted { paint(*metadata.level()) } else { ("", "") };
                let _ = write!(text, " {before}{:>5}{after} {}: ", metadata.level(), metadata.target());
                push_plain(&mut text, &message);
            }
        }
        let mut line = Self { format, text, said: Vec::with_capacity(8) };
        line.add(&facts);
        if let Some(place) = place {
            line.put(Field::place, &Value::Text(place));
        }
        line
    }

    fn add(&mut self, facts: &Facts) {
        for (field, value) in &facts.values {
            self.put(*field, value);
        }
    }

    fn put(&mut self, field: Field, value: &Value) {
        if self.said.contains(&field) {
            return;
        }
        self.said.push(field);
        let is_json = self.format == Format::Json;
        let text = &mut self.text;
        let _ = if is_json { write!(text, ",\"{}\":", field.name()) } else { write!(text, " {}=", field.name()) };
        // Writing into a text does not fail.
        let _ = match value {
            Value::Unsigned(number) => write!(text, "{number}"),
            Value::Signed(number) => write!(text, "{number}"),
            Value::Float(number) if number.is_finite() => write!(text, "{number}"),
            Value::Float(_) => write!(text, "null"),
            Value::Flag(flag) => write!(text, "{flag}"),
            Value::Hex(number, width) if is_json => write!(text, "\"{number:0width$x}\"", width = *width),
            Value::Hex(number, width) => write!(text, "{number:0width$x}", width = *width),
            Value::Text(words) if is_json => {
                push_json(text, &discreet(words));
                Ok(())
            }
            Value::Text(words) => {
                push_plain(text, &discreet(words));
                Ok(())
            }
        };
    }

    fn end(mut self) -> String {
        self.text.push_str(if self.format == Format::Json { "}\n" } else { "\n" });
        self.text
    }
}

fn tell_time(text: &mut String) {
    // A clock that stands before 1970 is told as it is.
    let _ = SystemTime.format_time(&mut Writer::new(text));
}

/// Where an event stands: the last two parts of the path, since the rest is about the machine that compiled it.
fn place_of(metadata: &Metadata<'_>) -> String {
    let file = metadata.file().unwrap_or("-");
    let from = file.rmatch_indices('/').nth(1).map_or(0, |(at, _)| at + 1);
    format!("{}:{}", &file[from..], metadata.line().unwrap_or_default())
}

fn push_json(text: &mut String, words: &str) {
    text.push_str(&serde_json::to_string(words).expect("a text can be written as JSON"));
}

/// Nothing that is said may look like another line.
fn push_plain(text: &mut String, words: &str) {
    for letter in words.chars() {
        if letter.is_control() {
            text.extend(letter.escape_default());
        } else {
            text.push(letter);
        }
    }
}

const fn paint(level: Level) -> (&'static str, &'static str) {
    let colour = match level {
        Level::ERROR => "\u{1b}[31m",
        Level::WARN => "\u{1b}[33m",
        Level::INFO => "\u{1b}[32m",
        Level::DEBUG => "\u{1b}[34m",
        Level::TRACE => "\u{1b}[35m",
    };
    (colour, "\u{1b}[0m")
}
