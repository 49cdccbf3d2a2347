//! Names for requests: one of our own for each, one that travels with what it sets in motion, and its part in a trace.

use axum::extract::Request;
use backend::{Origin, Tag, Trace, trace_state};
use http::{HeaderMap, HeaderName, HeaderValue};

const REQUEST: HeaderName = HeaderName::from_static("x-request-id");
const CORRELATION: HeaderName = HeaderName::from_static("x-correlation-id");
const TRACE_PARENT: HeaderName = HeaderName::from_static("traceparent");
const TRACE_STATE: HeaderName = HeaderName::from_static("tracestate");

/// The ids of one request.
#[derive(Clone, Debug)]
pub(crate) struct Ids {
    request: Tag,
    origin: Origin,
}

impl Ids {
    /// Takes over what the client says when it is well-formed, else makes it up; leaves all for the handlers.
    pub fn take(request: &mut Request) -> Self {
        let headers = request.headers();
        let theirs = |name| headers.get(name).and_then(|value: &HeaderValue| Tag::read(value.as_bytes()));
        // 128 random bits name a request, and the trace that begins with it: by default they are the same.
        let fresh: u128 = rand::random();
        let id = theirs(REQUEST).unwrap_or_else(|| written(fresh));
        let correlation = theirs(CORRELATION).unwrap_or(id);
        let (trace, state) = match parent(headers) {
            Some(parent) => (parent.going_on(rand::random()), state(headers)),
            None => (Trace::begin(fresh, rand::random()), None),
        };
        let ids = Self { request: id, origin: Origin { correlation, trace, state } };
        request.extensions_mut().insert(ids.clone());
        ids
    }

    /// Names this very request.
    pub fn request(&self) -> &str {
        self.request.as_str()
    }

    /// Names everything that one step of a client sets in motion, where that is not this very request.
    pub fn correlation(&self) -> Option<&str> {
        (self.origin.correlation != self.request).then(|| self.origin.correlation.as_str())
    }

    /// What goes along with whatever this request leaves behind.
    pub const fn origin(&self) -> &Origin {
        &self.origin
    }

    /// Tells the client. The trace is not told: `traceresponse` is a draft that nobody reads, and these two lead to it.
    pub fn put(&self, headers: &mut HeaderMap) {
        let request = header(self.request);
        let correlation =
            if self.origin.correlation == self.request { request.clone() } else { header(self.origin.correlation) };
        headers.insert(REQUEST, request);
        headers.insert(CORRELATION, correlation);
    }
}

fn header(tag: Tag) -> HeaderValue {
    HeaderValue::from_str(tag.as_str()).expect("a tag is visible ASCII")
}

/// The part of a trace that this request comes from. Two of them would contradict each other.
fn parent(headers: &HeaderMap) -> Option<Trace> {
    let mut parents = headers.get_all(TRACE_PARENT).iter();
    let (Some(parent), None) = (parents.next(), parents.next()) else { return None };
    Trace::read(parent.as_bytes())
}

fn state(headers: &HeaderMap) -> Option<std::sync::Arc<str>> {
    trace_state(headers.get_all(TRACE_STATE).iter().map(HeaderValue::as_bytes)).map(Into::into)
}

/// An id in 32 digits, as trace ids are written.
fn written(id: u128) -> Tag {
    let mut digits = uuid::Uuid::encode_buffer();
    let digits = uuid::Uuid::from_u128(id).simple().encode_lower(&mut digits);
    Tag::read(digits.as_bytes()).expect("32 digits are a tag")
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    const PARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    fn of(headers: &[(&str, &str)]) -> Ids {
        let mut request = Request::builder();
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Ids::take(&mut request.body(Body::empty()).unwrap())
    }

    #[test]
    fn without_headers_a_request_begins_a_trace_of_its_own_name() {
        let ids = of(&[]);
        assert_eq!(ids.request(), format!("{:032x}", ids.origin().trace.id()));
        assert!(ids.correlation().is_none() && ids.origin().correlation.as_str() == ids.request());
        assert_ne!(ids.origin().trace.id(), of(&[]).origin().trace.id());
        assert_eq!(ids.origin().state, None);
    }

    #[test]
    fn a_trace_goes_on_here_with_a_part_of_our_own() {
        let ids = of(&[("traceparent", PARENT), ("tracestate", "a=1"), ("tracestate", "b=2")]);
        let trace = ids.origin().trace.to_string();
        assert!(trace.starts_with(&PARENT[..36]) && trace.ends_with("-01"), "{trace}");
        assert_ne!(trace, PARENT);
        assert_eq!(ids.origin().state.as_deref(), Some("a=1,b=2"));
    }

    #[test]
    fn of_a_trace_that_makes_no_sense_nothing_is_taken() {
        for headers in [
            &[("traceparent", "00-xyz"), ("tracestate", "a=1")] as &[_],
            &[("traceparent", PARENT), ("traceparent", PARENT), ("tracestate", "a=1")],
            &[("tracestate", "a=1")],
        ] {
            let origin = of(headers).origin().clone();
            assert!(origin.state.is_none() && !origin.trace.to_string().starts_with(&PARENT[..36]), "{headers:?}");
        }
        // The trace goes on, though of its state nothing can be read.
        let ids = of(&[("traceparent", PARENT), ("tracestate", "nonsense")]);
        assert!(ids.origin().trace.to_string().starts_with(&PARENT[..36]) && ids.origin().state.is_none());
    }
}
