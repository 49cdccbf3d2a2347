//! What the server answered, and what a test may say about it.

use std::fmt;

use reqwest::header::HeaderMap;
use serde_json::Value;

/// One answer, read to its end.
#[derive(Clone)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
    /// What was asked, for complaints.
    asked: String,
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} answered {}: {}", self.asked, self.status, self.text())
    }
}

impl Answer {
    pub(crate) const fn new(asked: String, status: u16, headers: HeaderMap, body: Vec<u8>) -> Self {
        Self { status, headers, body, asked }
    }

    pub(crate) async fn read(asked: String, response: reqwest::Response) -> reqwest::Result<Self> {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Ok(Self::new(asked, status, headers, response.bytes().await?.to_vec()))
    }

    /// The body as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    #[must_use]
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("no JSON ({error}): {self:?}"))
    }

    /// What is at this JSON pointer, `null` when nothing is.
    #[must_use]
    #[track_caller]
    pub fn at(&self, pointer: &str) -> Value {
        self.json().pointer(pointer).cloned().unwrap_or_default()
    }

    /// The text at this JSON pointer.
    #[must_use]
    #[track_caller]
    pub fn word(&self, pointer: &str) -> String {
        self.at(pointer).as_str().unwrap_or_else(|| panic!("no text at {pointer}: {self:?}")).to_owned()
    }

    /// The number at this JSON pointer.
    #[must_use]
    #[track_caller]
    pub fn number(&self, pointer: &str) -> i64 {
        self.at(pointer).as_i64().unwrap_or_else(|| panic!("no number at {pointer}: {self:?}"))
    }

    /// A header, empty when it is not there.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// Insists on this status.
    #[track_caller]
    #[must_use]
    pub fn is(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{self:?}");
        self
    }

    /// Insists on being sent on, and says where.
    #[track_caller]
    #[must_use]
    pub fn onward(&self) -> String {
        assert_eq!(self.status, 303, "{self:?}");
        self.header("location").to_owned()
    }

    /// Insists on a problem document of this status and kind, complete and consistent with the headers.
    #[track_caller]
    #[must_use]
    pub fn problem(self, status: u16, kind: &str) -> Self {
        assert_eq!(self.status, status, "{self:?}");
        assert_eq!(self.header("content-type"), "application/problem+json", "{self:?}");
        let document = self.json();
        assert_eq!(document["type"], format!("/problems/{kind}"), "{self:?}");
        assert_eq!(document["status"], status, "{self:?}");
        for field in ["title", "detail", "request_id"] {
            assert!(document[field].as_str().is_some_and(|text| !text.is_empty()), "no {field}: {self:?}");
        }
        assert_eq!(document["request_id"], self.header("x-request-id"), "{self:?}");
        if !document["retry_after"].is_null() {
            assert_eq!(document["retry_after"].to_string(), self.header("retry-after"), "{self:?}");
        }
        self
    }

    /// Insists on a refusal for this reason.
    #[track_caller]
    #[must_use]
    pub fn refused(self, reason: &str) -> Self {
        assert_eq!(self.status, 409, "{self:?}");
        assert_eq!(self.at("/reason"), reason, "{self:?}");
        assert!(self.at("/type").as_str().is_some_and(|kind| kind.starts_with("/problems/")), "{self:?}");
        self
    }

    /// Insists on a complaint about each of these fields, and no other.
    #[track_caller]
    #[must_use]
    pub fn complains_about(self, pointers: &[&str]) -> Self {
        let answer = self.problem(422, "invalid-input");
        let errors = answer.json()["errors"].as_array().cloned().unwrap_or_default();
        let mut named: Vec<&str> = errors.iter().filter_map(|error| error["pointer"].as_str()).collect();
        named.sort_unstable();
        named.dedup();
        let mut expected = pointers.to_vec();
        expected.sort_unstable();
        assert_eq!(named, expected, "{answer:?}");
        assert!(errors.iter().all(|error| error["detail"].as_str().is_some_and(|words| words.len() > 5)), "{answer:?}");
        answer
    }

    /// The starts offered instead.
    #[must_use]
    #[track_caller]
    pub fn alternatives(&self) -> Vec<String> {
        let starts = self.json()["alternatives"].as_array().cloned().unwrap_or_default();
        starts.iter().filter_map(|start| Some(start["start"].as_str()?.to_owned())).collect()
    }

    /// The body for a snapshot: what differs from run to run is replaced by what it is.
    #[must_use]
    #[track_caller]
    pub fn tidy(&self) -> Value {
        let mut body = self.json();
        tidy(&mut body);
        body
    }
}

fn tidy(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields.iter_mut() {
                match (name.as_str(), &field) {
                    ("id" | "reference" | "request_id" | "token" | "manage_token", Value::String(_)) => {
                        *field = format!("[{name}]").into();
                    }
                    ("created_at" | "changed_at" | "expires_at" | "extendable_until", Value::String(_)) => {
                        *field = "[instant]".into();
                    }
                    _ => tidy(field),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(tidy),
        _ => {}
    }
}
