//! What every request passes: ids, limits, deadline, a net for panics; and every answer: manners, headers, a line in the log.

mod body;
mod client;
mod head;
mod ids;
mod limits;
mod visitor;

use std::convert::Infallible;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use app::ssr::Cookies;
use axum::Router;
use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use backend::Backend;
use futures::FutureExt;
use http::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_LENGTH, ETAG, EXPECT, ORIGIN};
use http::{Extensions, HeaderMap, HeaderValue, Method, StatusCode, Uri, Version};
use http_body_util::BodyExt;
use ipnet::IpNet;
use tower::{Layer, ServiceBuilder, ServiceExt, service_fn};
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};
use tower_http::csrf::CsrfLayer;
use tower_http::timeout::DeadlineBody;
use tracing::Instrument;

use self::body::Bounded;
pub(crate) use self::body::TooLarge;
pub(crate) use self::client::{Peer, counted_as};
pub(crate) use self::ids::Ids;
pub(crate) use self::limits::nothing_found;
use crate::extract;
use crate::problem::{self, Kind, Problem};
use crate::ui::Pages;

/// How requests are treated.
#[derive(Clone)]
pub(crate) struct Manners {
    /// Bytes of a body at most.
    pub body_limit: usize,
    /// How long a client may take to send one.
    pub body_deadline: Duration,
    /// How long a request may take.
    pub deadline: Duration,
    /// Whether browsers are told to use https from now on.
    pub https: bool,
    /// Knows what the page of another site sends.
    pub csrf: CsrfLayer,
    /// Who may say on whose behalf a request comes.
    pub trusted_proxies: Vec<IpNet>,
    /// Counts what each client asks for, and knows who is signed in.
    pub backend: Backend,
    /// How browsers carry a session.
    pub cookies: Cookies,
    /// Says what went wrong to those who read pages.
    pub pages: Pages,
}

/// What fits into the first round trip of a connection (RFC 6928: ten segments) gains nothing from being compressed.
const WORTH_COMPRESSING: u64 = 14_000;

/// Lines of a request's head at most: what hyper reads of HTTP/1 without asking for memory at each request.
const HEADER_LINES: usize = 100;

/// Puts all manners around the routes.
pub(crate) fn around(routes: Router, manners: Manners) -> Router {
    let worth = SizeAbove::new(WORTH_COMPRESSING)
        .and(NotForContentType::IMAGES)
        .and(NotForContentType::const_new("font/"))
        .and(is_unnamed);
    let layers = ServiceBuilder::new()
        .layer(from_fn_with_state(Arc::new(manners), attend))
        .layer(CompressionLayer::new().quality(CompressionLevel::Precise(4)).compress_when(worth));
    routes.layer(layers)
}

/// A strong tag names exact bytes, and compression would change them under it.
fn is_unnamed(_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions) -> bool {
    !headers.contains_key(ETAG)
}

async fn attend(State(manners): State<Arc<Manners>>, mut request: Request, next: Next) -> Response {
    let ids = Ids::take(&mut request);
    forget_refusals(request.headers_mut());
    let path = request.extensions().get::<MatchedPath>().cloned();
    // Never the path itself, which may be a key to a booking; and always on, so that no line lacks its ids.
    let span = tracing::error_span!(
        "request",
        method = known_method(request.method()),
        path = path.as_ref().map_or("-", MatchedPath::as_str),
        request_id = ids.request(),
        correlation_id = ids.correlation(),
        trace_id = ids.origin().trace.id(),
        span_id = ids.origin().trace.part(),
    );
    async move {
        let begun = Instant::now();
        let secret = head::is_secret(&request, path.as_ref());
        let listener = Listener::of(&request);
        let is_forged = manners.is_forged(&request);
        let toll = if is_forged { limits::FORGED } else { limits::toll(request.method(), path.as_ref()) };
        let (visitor, mut verdict) = manners.meet(&mut request, toll).await;
        // In boxes, as below, so that the many requests that only read do not carry the space for the rest.
        let mut response = match verdict.as_ref().and_then(limits::refusal) {
            Some(refusal) => {
                Box::pin(drain(request, manners.body_deadline)).await;
                refusal.into_response()
            }
            None if is_forged => Problem::new(Kind::CrossSite).into_response(),
            None if request.method().is_safe() => manners.serve(request, next).await,
            // Only what changes something leaves anything behind that would say where it comes from.
            None => Box::pin(ids.origin().clone().scope(manners.serve(request, next))).await,
        };
        let mut kind = None;
        if let Some(problem) = response.extensions_mut().remove().or_else(|| unsaid(&response)) {
            log_cause(&problem);
            kind = Some(problem.kind());
            verdict = problem.verdict().or(verdict);
            response = Box::pin(manners.explain(&problem, &ids, listener, response)).await;
        }
        if let Some(verdict) = &verdict {
            limits::tell(verdict, response.headers_mut());
        }
        visitor.leave(&mut response);
        head::complete(&mut response, secret, manners.https);
        ids.put(response.headers_mut());
        log(response.status(), kind, begun.elapsed());
        response
    }
    .instrument(span)
    .await
}

/// The compression layer answers 406 to who refuses plain answers (`identity;q=0`), after the work was done. They get plain ones.
fn forget_refusals(headers: &mut HeaderMap) {
    let refuses = |value: &HeaderValue| value.to_str().is_ok_and(|value| value.split(',').any(is_refusal));
    if headers.get_all(ACCEPT_ENCODING).iter().any(refuses) {
        headers.remove(ACCEPT_ENCODING);
    }
}

/// Whether a coding is one that is not wanted at all: `identity;q=0`, but not `identity;q=0.8`.
fn is_refusal(coding: &str) -> bool {
    let weight = coding.split(';').skip(1).find_map(|parameter| parameter.trim().strip_prefix("q="));
    weight.is_some_and(|weight| weight.parse() == Ok(0.0_f32))
}

impl Manners {
    /// Whether the page of another site sends this, or one that anybody on the way could have written.
    fn is_forged(&self, request: &Request) -> bool {
        if request.method().is_safe() {
            return false;
        }
        // The check compares hosts alone.
        if self.https && is_without_lock(request.headers()) {
            return true;
        }
        let let_in = service_fn(async |_: Request| Ok::<Response, Infallible>(Response::default()));
        // It waits for nothing.
        let answer = self.csrf.layer(let_in).oneshot(extract::head_of(request)).now_or_never();
        !answer.is_some_and(|answer| answer.is_ok_and(|answer| answer.status().is_success()))
    }

    /// A body that ends in time and before it is too large.
    fn bound(&self, body: Body) -> Body {
        Body::new(DeadlineBody::new(self.body_deadline, Bounded::new(body, self.body_limit)))
    }

    fn is_announced_too_large(&self, headers: &HeaderMap) -> bool {
        let announced = headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
        announced.is_some_and(|bytes: u64| bytes > self.body_limit as u64)
    }

    async fn serve(&self, request: Request, next: Next) -> Response {
        let request = match self.admit(request).await {
            Ok(request) => request,
            Err(problem) => return problem.into_response(),
        };
        let work = AssertUnwindSafe(next.run(request)).catch_unwind();
        match tokio::time::timeout(self.deadline, work).await {
            Ok(Ok(response)) => response,
            // The panic itself was logged where it happened.
            Ok(Err(_panic)) => Problem::new(Kind::Internal).into_response(),
            Err(_late) => Problem::new(Kind::TimedOut).again_in(Duration::from_secs(5)).into_response(),
        }
    }

    /// Turns away what no handler should see, and bounds the body of the rest.
    async fn admit(&self, request: Request) -> Result<Request, Problem> {
        if request.uri().path_and_query().is_none() {
            return Err(Problem::new(Kind::Malformed).saying("This request names no path."));
        }
        // HTTP/1 has the same limit, by hyper itself.
        if request.headers().len() > HEADER_LINES {
            let words = format!("A request has at most {HEADER_LINES} header lines here.");
            return Err(Problem::new(Kind::HeadTooLarge).saying(words));
        }
        if self.is_announced_too_large(request.headers()) {
            Box::pin(drain(request, self.body_deadline)).await;
            return Err(
                Problem::new(Kind::TooLarge).saying(format!("A body has at most {} bytes here.", self.body_limit))
            );
        }
        if http_body::Body::is_end_stream(request.body()) {
            return Ok(request);
        }
        Ok(request.map(|body| self.bound(body)))
    }

    /// Says what went wrong in the way the client reads.
    async fn explain(&self, problem: &Problem, ids: &Ids, listener: Listener, mut response: Response) -> Response {
        match listener {
            Listener::Program => {
                problem::write(problem, ids.request(), &mut response);
                response
            }
            Listener::Island => app::ssr::ui_error(problem.status(), problem.retry_after()),
            Listener::Person(uri) => {
                // A page about trouble may be in trouble itself.
                let page = AssertUnwindSafe(self.pages.trouble(uri, ids, problem)).catch_unwind().await;
                page.unwrap_or_else(|_panic| problem.status().into_response())
            }
        }
    }
}

/// Whether a request is for the REST interface.
fn is_program(request: &Request) -> bool {
    request.uri().path().starts_with("/api/")
}

/// Whether a request comes from a page that came over plain http.
fn is_without_lock(headers: &HeaderMap) -> bool {
    headers.get(ORIGIN).is_some_and(|origin| origin.as_bytes().starts_with(b"http://"))
}

/// Reads a body that nobody wants, unless the client waits to be asked for it.
async fn drain(request: Request, patience: Duration) {
    if !request.headers().contains_key(EXPECT) {
        // Whether all of it came does not matter.
        let _ = DeadlineBody::new(patience, Bounded::new(request.into_body(), 0)).collect().await;
    }
}

/// Who reads the answer.
enum Listener {
    /// A client of the REST interface.
    Program,
    /// The part of a page that calls server functions.
    Island,
    /// Somebody in front of a browser.
    Person(Uri),
}

impl Listener {
    fn of(request: &Request) -> Self {
        let path = request.uri().path();
        if path.starts_with("/ui/") {
            return Self::Island;
        }
        let reads = |value: &HeaderValue| value.to_str().is_ok_and(|kinds| kinds.contains("text/html"));
        if !is_program(request) && request.headers().get(ACCEPT).is_some_and(reads) {
            return Self::Person(request.uri().clone());
        }
        Self::Program
    }
}

/// The problem behind an error without words.
fn unsaid(response: &Response) -> Option<Arc<Problem>> {
    let is_bare = http_body::Body::size_hint(response.body()).exact() == Some(0);
    Problem::of_status(response.status()).filter(|_| is_bare).map(Arc::new)
}

fn log_cause(problem: &Problem) {
    if let Some(cause) = problem.cause() {
        tracing::error!(error = cause as &dyn std::error::Error, "a fault of ours");
    }
}

fn log(status: StatusCode, kind: Option<Kind>, took: Duration) {
    let (took_ms, kind) = (u64::try_from(took.as_millis()).unwrap_or(u64::MAX), kind.map(Kind::slug));
    let code = status.as_u16();
    match status {
        StatusCode::SERVICE_UNAVAILABLE => tracing::warn!(status = code, kind, took_ms, "turned away"),
        _ if status.is_server_error() => tracing::error!(status = code, kind, took_ms, "failed"),
        _ => tracing::debug!(status = code, kind, took_ms, "answered"),
    }
}

/// A method as the log may name it; clients make up others.
fn known_method(method: &Method) -> &str {
    let known = [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS];
    if known.contains(method) { method.as_str() } else { "OTHER" }
}

#[cfg(test)]
mod tests;
