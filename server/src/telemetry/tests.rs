use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use tracing_subscriber::layer::SubscriberExt;

use super::field::Field;
use super::line::Lines;
use crate::config::Format;

/// What was written.
#[derive(Clone, Default)]
struct Book(Arc<Mutex<Vec<u8>>>);

impl io::Write for Book {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The lines that come of something.
fn said(format: Format, what: impl FnOnce()) -> Vec<String> {
    let book = Book::default();
    let out = book.clone();
    let lines = Lines { format, is_painted: false, out: move || out.clone() };
    tracing::subscriber::with_default(tracing_subscriber::registry().with(lines), what);
    let text = String::from_utf8(book.0.lock().unwrap().clone()).unwrap();
    text.lines().map(str::to_owned).collect()
}

const NAME: &str = "Quirina Zweistein";

/// Whoever tries to say a guest's name, in every way there is.
fn gossip() {
    let span = tracing::error_span!(target: "server::layers", "request", request_id = "0123456789abcdef", path = NAME, guest = NAME);
    let _inside = span.enter();
    tracing::error!(target: "server::x", status = 500, guest = NAME, method = "QUIRINA", kind = %"Quirina", venue = ?"Quirina", url = NAME, "a fault");
    tracing::error!(target: "server::x", error = &io::Error::other(NAME) as &(dyn std::error::Error + 'static), "a fault");
    tracing::error!(target: "server::x", error = %io::Error::other(NAME), session = "Quirina", "a fault");
    tracing::warn!(target: "server::x", "the letter to {}", "quirina@secret.example");
    tracing::warn!(target: "sqlx::query", rows_affected = 3, summary = NAME, status = NAME, error = %NAME, "insert {NAME}");
    tracing::warn!(target: "lettre", error = &io::Error::other(NAME) as &(dyn std::error::Error + 'static), "{NAME}");
    tracing::warn!(target: "serverless::x", request_id = "QuirinaZweistein", "{NAME}");
}

#[test]
fn nobody_is_named_however_it_is_tried() {
    for format in [Format::Json, Format::Pretty] {
        let lines = said(format, gossip);
        assert_eq!(lines.len(), 7);
        for line in &lines {
            let line = line.to_lowercase();
            assert!(!line.contains("quirina") && !line.contains("zweistein"), "{line}");
        }
        assert!(
            lines[0].contains("500") && lines[0].contains("a fault") && lines[0].contains("[masked]"),
            "{}",
            lines[0]
        );
        assert!(lines.iter().all(|line| line.contains("0123456789abcdef")), "{lines:#?}");
        assert!(lines[1].contains("i/o: other error"), "{}", lines[1]);
        assert!(lines[3].contains("[mail]"), "{}", lines[3]);
        assert!(
            lines[4].contains("[withheld]") && lines[4].contains('3') && lines[4].contains("telemetry/tests.rs:"),
            "{}",
            lines[4]
        );
    }
}

#[test]
fn a_line_is_one_line_and_json_is_json() {
    let forge = || tracing::error!(target: "server::x", words = "one\n2026-11-21 ERROR two\u{1b}[31m\"", took_ms = 7, crashed = true, "a panic");
    let plain = said(Format::Pretty, forge);
    assert_eq!(plain.len(), 1);
    assert!(plain[0].contains("ERROR server::x: a panic words=one\\n") && !plain[0].contains('\u{1b}'), "{plain:?}");
    let json: serde_json::Value = serde_json::from_str(&said(Format::Json, forge)[0]).unwrap();
    assert_eq!(
        (&json["level"], &json["target"], &json["message"]),
        (&"ERROR".into(), &"server::x".into(), &"a panic".into())
    );
    assert_eq!((&json["took_ms"], &json["crashed"]), (&7.into(), &true.into()));
    assert!(json["timestamp"].as_str().unwrap().ends_with('Z'), "{json}");
}

#[test]
fn the_innermost_span_is_right_and_ids_of_traces_are_hexadecimal() {
    let lines = said(Format::Json, || {
        let _outer =
            tracing::error_span!(target: "server", "request", request_id = "outer-request", trace_id = 0xabc_u128)
                .entered();
        let _inner =
            tracing::error_span!(target: "backend", "letter", request_id = "inner-request", span_id = 0xdef_u64)
                .entered();
        tracing::debug!(target: "backend::outbox", "a letter is out");
    });
    let json: serde_json::Value = serde_json::from_str(&lines[0]).unwrap();
    assert_eq!(json["request_id"], "inner-request");
    assert_eq!(json["trace_id"], format!("{:032x}", 0xabc));
    assert_eq!(json["span_id"], format!("{:016x}", 0xdef));
}

/// Every Rust file below.
fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|kind| kind == "rs")
            && !path.components().any(|part| part.as_os_str() == "telemetry")
        {
            found.push(path);
        }
    }
}

/// The arguments of each macro of `tracing` that writes something.
fn events(source: &str) -> Vec<Vec<String>> {
    let mut events = Vec::new();
    for begin in ["error!(", "warn!(", "info!(", "debug!(", "trace!(", "error_span!("] {
        for (at, _) in source.match_indices(&format!("tracing::{begin}")) {
            let is_comment = source[..at].lines().next_back().is_some_and(|line| line.trim_start().starts_with("//"));
            if !is_comment {
                events.push(arguments(&source[at + "tracing::".len() + begin.len()..]));
            }
        }
    }
    events
}

fn arguments(text: &str) -> Vec<String> {
    let (mut depth, mut is_quoted, mut found) = (0, false, vec![String::new()]);
    for c in text.chars() {
        match c {
            '"' => is_quoted = !is_quoted,
            '(' | '[' | '{' if !is_quoted => depth += 1,
            ')' if !is_quoted && depth == 0 => break,
            ')' | ']' | '}' if !is_quoted => depth -= 1,
            ',' if !is_quoted && depth == 0 => {
                found.push(String::new());
                continue;
            }
            _ => {}
        }
        found.last_mut().unwrap().push(c);
    }
    found.into_iter().map(|argument| argument.trim().to_owned()).filter(|argument| !argument.is_empty()).collect()
}

#[test]
fn what_our_source_says_are_fixed_words_and_fields_that_the_log_knows() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut files = Vec::new();
    for folder in ["server/src", "server/backend/src", "app/src", "app/domain/src"] {
        sources(&root.join(folder), &mut files);
    }
    let mut count = 0;
    for file in files {
        for arguments in events(&std::fs::read_to_string(&file).unwrap()) {
            count += 1;
            for argument in arguments.iter().filter(|argument| !argument.starts_with("target:")) {
                let place = format!("{}: {argument}", file.display());
                if let Some(words) = argument.strip_prefix('"') {
                    assert!(!words.contains(['{', '}']) && words.ends_with('"'), "{place}: words are put together");
                    continue;
                }
                let name = argument.split('=').next().unwrap_or_default().trim().trim_start_matches(['%', '?']);
                assert!(Field::named(name).is_some(), "{place}: the log knows no field of this name");
            }
        }
    }
    assert!(count > 20, "only {count} events were found");
}
