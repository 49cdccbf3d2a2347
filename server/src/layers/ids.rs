//! Names for requests: one of our own for each, and one that travels with what it sets in motion.

use axum::extract::Request;
use http::{HeaderMap, HeaderName, HeaderValue};
use uuid::Uuid;

const REQUEST: HeaderName = HeaderName::from_static("x-request-id");
const CORRELATION: HeaderName = HeaderName::from_static("x-correlation-id");

/// The ids of one request, as headers.
#[derive(Clone, Debug)]
pub(crate) struct Ids {
    request: HeaderValue,
    correlation: HeaderValue,
}

impl Ids {
    /// Takes over what the client says when it is well-formed, else makes it up; leaves both for the handlers.
    pub fn take(request: &mut Request) -> Self {
        let theirs = |headers: &HeaderMap, name| headers.get(name).filter(|value| is_well_formed(value)).cloned();
        let id = theirs(request.headers(), REQUEST).unwrap_or_else(mint);
        let correlation = theirs(request.headers(), CORRELATION).unwrap_or_else(|| id.clone());
        let ids = Self { request: id, correlation };
        request.extensions_mut().insert(ids.clone());
        ids
    }

    /// Names this very request.
    pub fn request(&self) -> &str {
        self.request.to_str().unwrap_or_default()
    }

    /// Names everything that one step of a client sets in motion.
    pub fn correlation(&self) -> &str {
        self.correlation.to_str().unwrap_or_default()
    }

    pub fn put(self, headers: &mut HeaderMap) {
        headers.insert(REQUEST, self.request);
        headers.insert(CORRELATION, self.correlation);
    }
}

/// Letters, digits, `-`, `_` and `.`, 8 to 64 of them: nothing that could forge a line of a log, or hold a mail address.
fn is_well_formed(value: &HeaderValue) -> bool {
    let bytes = value.as_bytes();
    (8..=64).contains(&bytes.len()) && bytes.iter().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(b))
}

/// 128 random bits, as trace ids are (W3C Trace Context).
fn mint() -> HeaderValue {
    let mut digits = Uuid::encode_buffer();
    let id = Uuid::from_u128(rand::random()).simple().encode_lower(&mut digits);
    HeaderValue::from_str(id).expect("hexadecimal digits are visible ASCII")
}
