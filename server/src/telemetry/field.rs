//! What a line of the log may say beside its message: names, and the form of what stands behind each.

use std::fmt::{self, Write};

use backend::{Fault, Tag};
use tracing::field::{Field as Named, Visit};

use crate::problem::Kind;

/// What is written where a value has not the form of its field.
const MASKED: &str = "[masked]";

/// Values longer than this have not the form of anything.
const LONGEST: usize = 160;

/// The form of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// A number or a truth, as a number or a truth.
    Plain,
    /// A number that is read in hexadecimal digits, so many.
    Hex(usize),
    /// What clients and we name requests by.
    Tag,
    /// An id of ours.
    Uuid,
    /// A kind of problem.
    Kind,
    /// A method of HTTP.
    Method,
    /// The pattern of a route, never an address as it was asked for; `-` for none.
    Route,
    /// A place in the source, or on the network.
    Place,
    /// An error, told by [`Fault`].
    Fault,
    /// Words as they stand in the source.
    Words,
}

macro_rules! fields {
    ($($name:ident: $form:expr, $words:literal;)+) => {
        /// A field that may be written.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[expect(non_camel_case_types, reason = "they are called as the log calls them")]
        pub(super) enum Field { $(#[doc = $words] $name),+ }

        impl Field {
            /// The field of this name, if the log knows it.
            pub(super) fn named(name: &str) -> Option<Self> {
                $(if name == stringify!($name) { return Some(Self::$name); })+
                None
            }

            /// Its name.
            pub(super) const fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name)),+ }
            }

            const fn form(self) -> Form {
                match self { $(Self::$name => $form),+ }
            }
        }
    };
}

fields! {
    message: Form::Words, "What happened.";
    status: Form::Plain, "The status of an answer.";
    kind: Form::Kind, "The kind of problem, as in `/problems/{kind}`.";
    took_ms: Form::Plain, "Milliseconds from question to answer.";
    method: Form::Method, "The method of a request.";
    path: Form::Route, "The route of a request.";
    request_id: Form::Tag, "Names a request.";
    correlation_id: Form::Tag, "Names what belongs together, where the client said it.";
    trace_id: Form::Hex(32), "Names a trace (W3C Trace Context).";
    span_id: Form::Hex(16), "Names our part of a trace.";
    error: Form::Fault, "What went wrong.";
    place: Form::Place, "Where in the source.";
    words: Form::Words, "What a panic says.";
    address: Form::Place, "Where the server listens.";
    url: Form::Place, "Where guests reach it.";
    letter: Form::Plain, "A row of the outbox.";
    attempts: Form::Plain, "How often a letter was tried.";
    tried: Form::Plain, "How often a write was tried.";
    left: Form::Plain, "How many are left.";
    crashed: Form::Plain, "Whether it crashed.";
    venue: Form::Uuid, "A venue.";
    session: Form::Uuid, "A session.";
    account: Form::Uuid, "An account.";
    act: Form::Words, "What somebody wanted to do, as in `domain::policy` or with what was not theirs.";
    why: Form::Words, "Why they may not.";
    elapsed_secs: Form::Plain, "Seconds, as other crates count them.";
    rows_affected: Form::Plain, "Rows that a statement changed.";
    rows_returned: Form::Plain, "Rows that a statement found.";
}

/// A value that may be written.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Unsigned(u64),
    Signed(i64),
    Float(f64),
    Flag(bool),
    /// A number with so many hexadecimal digits.
    Hex(u128, usize),
    Text(String),
}

/// What one event or span says, as far as the log lets it.
#[derive(Debug, Default)]
pub(super) struct Facts {
    pub values: Vec<(Field, Value)>,
    /// Whether it comes from other crates, of which only numbers are taken.
    is_foreign: bool,
}

impl Facts {
    /// Nothing yet, of an event or span with this target.
    pub fn of(target: &str) -> Self {
        let root = target.split("::").next().unwrap_or_default();
        let is_ours = ["server", "backend", "app", "domain", "trestle"].contains(&root);
        Self { values: Vec::with_capacity(8), is_foreign: !is_ours }
    }

    /// Takes the message out; other crates' is none of ours to tell.
    pub fn take_message(&mut self) -> Option<String> {
        let place = self.values.iter().position(|(field, _)| *field == Field::message)?;
        match self.values.remove(place).1 {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    fn add(&mut self, field: &Named, value: Value) {
        if let Some(known) = Field::named(field.name()) {
            let value = match (known.form(), value) {
                (Form::Plain, value) => value,
                (Form::Hex(digits), Value::Unsigned(number)) => Value::Hex(number.into(), digits),
                (Form::Hex(digits), Value::Hex(number, _)) => Value::Hex(number, digits),
                _ => Value::Text(MASKED.to_owned()),
            };
            self.values.push((known, value));
        }
    }

    fn add_text(&mut self, field: &Named, text: &str) {
        if let Some(known) = Field::named(field.name()).filter(|_| !self.is_foreign) {
            let fits = known.form().fits(text);
            self.values.push((known, Value::Text(if fits { text } else { MASKED }.to_owned())));
        }
    }
}

impl Form {
    fn fits(self, text: &str) -> bool {
        let made_of = |fits: fn(u8) -> bool| (1..=LONGEST).contains(&text.len()) && text.bytes().all(fits);
        match self {
            Self::Words => text.len() <= LONGEST,
            Self::Tag => Tag::read(text.as_bytes()).is_some(),
            Self::Uuid => text.parse::<uuid::Uuid>().is_ok(),
            Self::Kind => Kind::find(text).is_some(),
            Self::Method => ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "OTHER"].contains(&text),
            Self::Route => {
                text == "-"
                    || text.starts_with('/') && made_of(|b| b.is_ascii_alphanumeric() || b"/-_.{}*".contains(&b))
            }
            Self::Place => made_of(|b| b.is_ascii_alphanumeric() || b"/-_.:[]".contains(&b)),
            Self::Plain | Self::Hex(_) | Self::Fault => false,
        }
    }
}

impl Visit for Facts {
    fn record_u64(&mut self, field: &Named, value: u64) {
        self.add(field, Value::Unsigned(value));
    }

    fn record_i64(&mut self, field: &Named, value: i64) {
        self.add(field, Value::Signed(value));
    }

    fn record_u128(&mut self, field: &Named, value: u128) {
        self.add(field, Value::Hex(value, 32));
    }

    fn record_f64(&mut self, field: &Named, value: f64) {
        self.add(field, Value::Float(value));
    }

    fn record_bool(&mut self, field: &Named, value: bool) {
        self.add(field, Value::Flag(value));
    }

    fn record_str(&mut self, field: &Named, value: &str) {
        self.add_text(field, value);
    }

    fn record_error(&mut self, field: &Named, value: &(dyn std::error::Error + 'static)) {
        if field.name() == Field::error.name() && !self.is_foreign {
            self.values.push((Field::error, Value::Text(Fault::of(value).to_string())));
        }
    }

    fn record_debug(&mut self, field: &Named, value: &dyn fmt::Debug) {
        if !self.is_foreign && Field::named(field.name()).is_some() {
            let mut text = Short::default();
            // What is too long is cut off, and then too long for its form.
            let _ = write!(text, "{value:?}");
            self.add_text(field, &text.0);
        }
    }
}

/// The beginning of a text.
#[derive(Default)]
struct Short(String);

impl Write for Short {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.push_str(text);
        if self.0.len() > LONGEST { Err(fmt::Error) } else { Ok(()) }
    }
}
