//! What every request passes: ids, limits, deadline, a net for panics; and every answer: manners, headers, a line in the log.

mod body;
mod head;
mod ids;

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use futures::FutureExt;
use http::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_LENGTH, ETAG, EXPECT};
use http::{Extensions, HeaderMap, HeaderValue, StatusCode, Uri, Version};
use http_body_util::BodyExt;
use tower::ServiceBuilder;
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};
use tower_http::csrf::CsrfLayer;
use tower_http::timeout::DeadlineBody;
use tracing::Instrument;

use self::body::Bounded;
pub(crate) use self::body::TooLarge;
pub(crate) use self::ids::Ids;
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
    /// Says what went wrong to those who read pages.
    pub pages: Pages,
}

/// What fits into the first round trip of a connection (RFC 6928: ten segments) gains nothing from being compressed.
const WORTH_COMPRESSING: u64 = 14_000;

/// Puts all manners around the routes.
pub(crate) fn around(routes: Router, manners: Manners, csrf: CsrfLayer) -> Router {
    let worth = SizeAbove::new(WORTH_COMPRESSING)
        .and(NotForContentType::IMAGES)
        .and(NotForContentType::const_new("font/"))
        .and(is_unnamed);
    let csrf = csrf.with_rejection_response(|_| Problem::new(Kind::CrossSite).into_response());
    let layers = ServiceBuilder::new()
        .layer(from_fn_with_state(Arc::new(manners), attend))
        .layer(CompressionLayer::new().quality(CompressionLevel::Precise(4)).compress_when(worth))
        .layer(csrf);
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
        method = %request.method(),
        path = %path.as_ref().map_or("-", MatchedPath::as_str),
        request_id = %ids.request(),
        correlation_id = (ids.correlation() != ids.request()).then(|| tracing::field::display(ids.correlation())),
    );
    async move {
        let begun = Instant::now();
        let secret = head::is_secret(&request, path.as_ref());
        let listener = Listener::of(&request);
        let mut response = manners.serve(request, next).await;
        if let Some(problem) = response.extensions_mut().remove().or_else(|| unsaid(&response)) {
            log_cause(&problem);
            response = manners.explain(&problem, &ids, listener, response).await;
        }
        head::complete(&mut response, secret, manners.https);
        ids.put(response.headers_mut());
        log(&response, begun.elapsed());
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
        let announced = request.headers().get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
        if announced.is_some_and(|bytes: u64| bytes > self.body_limit as u64) {
            drain(request, self.body_deadline).await;
            return Err(
                Problem::new(Kind::TooLarge).saying(format!("A body has at most {} bytes here.", self.body_limit))
            );
        }
        if http_body::Body::is_end_stream(request.body()) {
            return Ok(request);
        }
        Ok(request.map(|body| Body::new(DeadlineBody::new(self.body_deadline, Bounded::new(body, self.body_limit)))))
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
        if !path.starts_with("/api/") && request.headers().get(ACCEPT).is_some_and(reads) {
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

fn log(response: &Response, took: Duration) {
    let (status, took_ms) = (response.status().as_u16(), u64::try_from(took.as_millis()).unwrap_or(u64::MAX));
    match response.status() {
        StatusCode::SERVICE_UNAVAILABLE => tracing::warn!(status, took_ms, "turned away"),
        code if code.is_server_error() => tracing::error!(status, took_ms, "failed"),
        _ => tracing::debug!(status, took_ms, "answered"),
    }
}

#[cfg(test)]
mod tests;
