//! Finds everything that is wrong with the shape of an input, where serde stops at the first.
//!
//! Each complaint is mended with a stand-in of the right shape, and the input is read again, until it fits; then the rules of the
//! fields that needed no stand-in are checked too. So one answer names every field.

use domain::field::{Complaint, FieldErrors};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use serde_path_to_error::Segment;
use validator::Validate;

/// Complaints about one input at most; whoever sends more has not read the document.
const ENOUGH: usize = 32;

/// Everything that keeps the value from being a `T`.
pub(super) fn complaints<T: DeserializeOwned + Validate>(mut value: Value) -> FieldErrors {
    let mut found = FieldErrors::default();
    while found.0.len() < ENOUGH {
        match serde_path_to_error::deserialize::<_, T>(&value) {
            Ok(read) => {
                add_broken_rules(&read, &mut found);
                break;
            }
            Err(error) => {
                let fault = Fault::of(&error);
                found.add(&fault.pointer, &fault.complaint);
                if !mend::<T>(&mut value, &fault) {
                    break;
                }
            }
        }
    }
    found.0.sort_by(|a, b| a.pointer.cmp(&b.pointer));
    found
}

/// Stand-ins may break rules too; of those nobody needs to hear.
fn add_broken_rules(read: &impl Validate, found: &mut FieldErrors) {
    let broken = read.validate().err().map(FieldErrors::from).unwrap_or_default();
    let new = broken.0.into_iter().filter(|rule| !found.0.iter().any(|said| covers(&said.pointer, &rule.pointer)));
    let new: Vec<_> = new.collect();
    found.0.extend(new);
}

fn covers(said: &str, pointer: &str) -> bool {
    pointer.strip_prefix(said).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// One thing serde stumbled over.
struct Fault {
    pointer: String,
    complaint: Complaint,
    kind: FaultKind,
}

#[derive(PartialEq, Eq)]
enum FaultKind {
    Missing,
    Unknown,
    Wrong,
}

impl Fault {
    /// Reads serde's words, which are the only account there is of what it expected.
    fn of(error: &serde_path_to_error::Error<serde_json::Error>) -> Self {
        let words = error.inner().to_string();
        let path = address(error.path());
        let named = |prefix: &str| words.strip_prefix(prefix)?.split_once('`').map(|(name, _)| name.to_owned());
        if let Some(name) = named("missing field `") {
            return Self {
                pointer: pointer(&path, &name),
                complaint: Complaint::new("This is missing."),
                kind: FaultKind::Missing,
            };
        }
        if let Some(name) = named("unknown field `") {
            // The path may or may not end with the field already.
            let end = pointer("", &name);
            let pointer = if path.ends_with(&end) { path } else { format!("{path}{end}") };
            return Self { pointer, complaint: Complaint::new("There is no such field."), kind: FaultKind::Unknown };
        }
        Self { pointer: path, complaint: expectation(&words), kind: FaultKind::Wrong }
    }
}

/// `invalid type: string "two", expected i64` in words for people, without repeating what was sent.
fn expectation(words: &str) -> Complaint {
    let expected = words.rsplit_once("expected ").map_or("", |(_, expected)| expected);
    let number = matches!(expected.as_bytes(), [b'i' | b'u', rest @ ..] if rest.iter().all(u8::is_ascii_digit) && !rest.is_empty());
    Complaint::new(match expected {
        _ if number && words.starts_with("invalid value") => "This number is out of range.",
        _ if number => "Write a whole number.",
        "a string" => "Write a text.",
        "a boolean" => "Write true or false.",
        "a sequence" => "Write a list.",
        _ if expected.starts_with("struct ") || expected == "a map" => "Write an object.",
        _ => "This has the wrong form.",
    })
}

fn address(path: &serde_path_to_error::Path) -> String {
    path.iter().fold(String::new(), |so_far, segment| match segment {
        Segment::Seq { index } => format!("{so_far}/{index}"),
        Segment::Map { key } => pointer(&so_far, key),
        Segment::Enum { variant } => pointer(&so_far, variant),
        Segment::Unknown => so_far,
    })
}

/// The pointer of a field below another (RFC 6901).
pub(super) fn pointer(parent: &str, name: &str) -> String {
    format!("{parent}/{}", name.replace('~', "~0").replace('/', "~1"))
}

/// Makes the fault go away, if it can be done.
fn mend<T: DeserializeOwned>(value: &mut Value, fault: &Fault) -> bool {
    if fault.kind == FaultKind::Unknown {
        return remove(value, &fault.pointer);
    }
    let stand_ins = [json!(""), json!(1), json!([]), Value::Object(Map::new()), json!(true), Value::Null];
    stand_ins.into_iter().any(|stand_in| put(value, &fault.pointer, stand_in) && fits::<T>(value, &fault.pointer))
}

/// Whether serde no longer stumbles over this very place.
fn fits<T: DeserializeOwned>(value: &Value, place: &str) -> bool {
    match serde_path_to_error::deserialize::<_, T>(value) {
        Ok(_) => true,
        Err(error) => {
            let next = Fault::of(&error);
            next.pointer != place || next.kind != FaultKind::Wrong
        }
    }
}

fn remove(value: &mut Value, pointer: &str) -> bool {
    let Some((parent, name)) = pointer.rsplit_once('/') else { return false };
    let parent = value.pointer_mut(parent).and_then(Value::as_object_mut);
    parent.is_some_and(|parent| parent.remove(&plain(name)).is_some())
}

fn put(value: &mut Value, pointer: &str, stand_in: Value) -> bool {
    if let Some(place) = value.pointer_mut(pointer) {
        *place = stand_in;
        return true;
    }
    let Some((parent, name)) = pointer.rsplit_once('/') else { return false };
    let Some(parent) = value.pointer_mut(parent).and_then(Value::as_object_mut) else { return false };
    parent.insert(plain(name), stand_in);
    true
}

fn plain(name: &str) -> String {
    name.replace("~1", "/").replace("~0", "~")
}
