//! The pages and what they are made of: Leptos, its server functions, and the browser's files.

use std::sync::Arc;

use app::ssr::{Cookies, Facts, Posted, Trouble};
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use axum::{Extension, Json, Router};
use backend::{Backend, SignedIn};
use http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, REFERRER_POLICY, RETRY_AFTER,
};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, Uri};
use leptos::config::LeptosOptions;
use leptos::nonce::Nonce;
use leptos::prelude::{provide_context, use_context};
use leptos_axum::{LeptosRoutes, render_app_async_with_context};
use tower::ServiceExt;
use tower_http::services::ServeDir;

use crate::extract::{self, Client};
use crate::layers::{self, Ids};
use crate::problem::{Answer, Kind, Problem};

/// Everything a page needs, however it is rendered. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Pages {
    backend: Backend,
    public_url: Arc<str>,
    site: LeptosOptions,
    /// Sources that scripts may talk to, beyond our own while cargo-leptos watches.
    connect: &'static str,
}

impl Pages {
    pub(crate) fn new(backend: Backend, public_url: &str, site: LeptosOptions, watched: bool) -> Self {
        // The page that cargo-leptos watches listens for changes on a port of its own.
        let connect = if watched { "'self' ws:" } else { "'self'" };
        Self { backend, public_url: public_url.into(), site, connect }
    }

    /// Every page, server function and file.
    pub(crate) fn routes(&self) -> Router {
        let context = self.context();
        let pages = Router::new()
            .leptos_routes_with_context(&self.site, app::ssr::routes(), context.clone(), self.shell())
            .layer(from_fn(keep_form))
            .layer(from_fn_with_state(self.connect, secure))
            .with_state(self.site.clone());
        Router::new()
            .merge(pages)
            .route("/bookings/{token}/calendar.ics", get(calendar))
            .route("/account/export.json", get(export))
            .route(
                "/robots.txt",
                get(
                    async || "User-agent: *\nDisallow: /api/\nDisallow: /book/\nDisallow: /bookings/\nDisallow: /ui/\n",
                ),
            )
            .fallback(file_or_nothing)
            .with_state(self.clone())
    }

    /// The page that says what went wrong.
    pub(crate) async fn trouble(&self, uri: Uri, ids: &Ids, problem: &Problem) -> Response {
        let trouble = Trouble { status: problem.status(), retry_after: problem.retry_after() };
        let context = self.context();
        let context = move || {
            context();
            provide_context(trouble);
        };
        let mut request = Request::builder()
            .method(Method::GET)
            .uri(uri)
            .body(Body::empty())
            .expect("a method and an address make a request");
        request.extensions_mut().insert(ids.clone());
        let mut response = self.render(request, context).await;
        *response.status_mut() = problem.status();
        if let Some(seconds) = problem.retry_after() {
            response.headers_mut().insert(RETRY_AFTER, seconds.into());
        }
        response
    }

    /// A file of the site, if this is its address.
    async fn file(&self, asked: Request) -> Option<Response> {
        let is_kept = is_hashed(asked.uri().path());
        let files = ServeDir::new(&*self.site.site_root)
            .append_index_html_on_directories(false)
            .precompressed_br()
            .precompressed_gzip();
        let mut found =
            files.oneshot(asked).await.ok().filter(|found| found.headers().contains_key(ETAG))?.into_response();
        let keep = if is_kept { "public, max-age=31536000, immutable" } else { "public, max-age=86400" };
        found.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static(keep));
        name_charset(found.headers_mut());
        Some(found)
    }

    async fn render(&self, mut request: Request, context: impl Fn() + Clone + Send + Sync + 'static) -> Response {
        let nonce = give_nonce(&mut request);
        let mut response = render_app_async_with_context(context, self.shell())(request).await;
        protect(&mut response, &nonce, self.connect);
        response
    }

    fn context(&self) -> impl Fn() + Clone + Send + Sync + 'static {
        let (backend, public_url) = (self.backend.clone(), self.public_url.clone());
        let cookies = Cookies::of(&public_url);
        move || {
            let parts: Option<Parts> = use_context();
            let extensions = parts.map(|parts| parts.extensions).unwrap_or_default();
            let request_id = extensions.get::<Ids>().map(|ids| ids.request().to_owned()).unwrap_or_default();
            provide_context(backend.clone());
            provide_context(Facts { public_url: public_url.clone(), request_id, cookies });
            // After Leptos provided a nonce of its own, which no header knows.
            if let Some(nonce) = extensions.get::<Nonce>() {
                provide_context(nonce.clone());
            }
        }
    }

    fn shell(&self) -> impl Fn() -> leptos::prelude::AnyView + Clone + Send + Sync + 'static {
        let site = self.site.clone();
        move || leptos::prelude::IntoAny::into_any(app::shell(site.clone()))
    }
}

/// Gives each page a nonce and the policy that names it.
async fn secure(State(connect): State<&'static str>, mut request: Request, next: Next) -> Response {
    let nonce = give_nonce(&mut request);
    let mut response = next.run(request).await;
    protect(&mut response, &nonce, connect);
    response
}

fn give_nonce(request: &mut Request) -> Nonce {
    let nonce = Nonce::new();
    request.extensions_mut().insert(nonce.clone());
    nonce
}

/// What a page may do: load what is ours, and run what is ours or has this answer's nonce. No style stands in a page, so none is allowed
/// there.
fn protect(response: &mut Response, nonce: &Nonce, connect: &str) {
    if response.headers().get(CONTENT_TYPE).is_none_or(|kind| !kind.as_bytes().starts_with(b"text/html")) {
        return;
    }
    let policy = format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; font-src 'self'; \
         connect-src {connect}; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    );
    let policy = HeaderValue::try_from(policy).expect("a nonce is Base64");
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
}

/// A booking as a calendar file.
async fn calendar(State(pages): State<Pages>, Path(token): Path<String>) -> Answer<impl IntoResponse> {
    let calendar = pages.backend.calendar(&pages.backend.admit(&token, None, None).await?).await?;
    let head = [
        (CONTENT_TYPE, "text/calendar; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"booking.ics\""),
        (REFERRER_POLICY, "no-referrer"),
    ];
    Ok((head, calendar))
}

/// What a browser does with everything we hold about somebody: it keeps it as a file.
pub(crate) const AS_A_FILE: &str = "attachment; filename=\"trestle.json\"";

/// Everything we hold about whoever is signed in. Unlike its twin for programs, it goes on with a session whose access token has run out.
async fn export(State(pages): State<Pages>, caller: Option<Extension<SignedIn>>) -> Answer<Response> {
    let Some(Extension(caller)) = caller else {
        return Ok(Redirect::to("/sign-in?next=%2Faccount").into_response());
    };
    let head = [(CONTENT_DISPOSITION, AS_A_FILE), (CACHE_CONTROL, "no-store")];
    Ok((head, Json(pages.backend.export(&caller).await?)).into_response())
}

/// Reads the form of a post to a page, before Leptos drops the body.
async fn keep_form(request: Request, next: Next) -> Answer<Response> {
    let is_form = request.method() == Method::POST
        && request
            .headers()
            .get(CONTENT_TYPE)
            .is_some_and(|kind| kind.as_bytes().starts_with(b"application/x-www-form-urlencoded"));
    if !is_form {
        return Ok(next.run(request).await);
    }
    let (mut parts, body) = request.into_parts();
    let bytes = extract::read(body).await?;
    parts.extensions.insert(Posted(bytes.clone()));
    Ok(next.run(Request::from_parts(parts, Body::from(bytes))).await)
}

/// A file of the site, else the page that says there is nothing.
async fn file_or_nothing(State(pages): State<Pages>, Client(payer): Client, request: Request) -> Answer<Response> {
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    if is_read && let Some(file) = pages.file(extract::head_of(&request)).await {
        return Ok(file);
    }
    let counted = layers::nothing_found(&pages.backend, request.method(), &payer).await?;
    let nothing = if is_read {
        pages.render(request, pages.context()).await
    } else {
        Problem::new(Kind::NotFound).into_response()
    };
    Ok((counted, nothing).into_response())
}

/// Says that a text is UTF-8, as all of ours are; what serves the files does not know.
fn name_charset(headers: &mut HeaderMap) {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    if let Some(kind) = kind.filter(|kind| kind.starts_with("text/") && !kind.contains("charset"))
        && let Ok(kind) = HeaderValue::try_from(format!("{kind}; charset=utf-8"))
    {
        headers.insert(CONTENT_TYPE, kind);
    }
}

/// Whether a file's name changes with its content: `trestle.Wz1fHfkHJjwIXHdhwyq04g.css`.
fn is_hashed(path: &str) -> bool {
    let mut parts = path.rsplit('/').next().unwrap_or_default().rsplit('.');
    let hash = parts.nth(1).unwrap_or_default();
    parts.next().is_some() && hash.len() >= 16 && hash.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use axum::routing::post;
    use http::StatusCode;
    use tower_http::timeout::DeadlineBody;

    use super::*;

    #[tokio::test]
    async fn a_form_that_does_not_arrive_is_too_slow_and_not_too_large() {
        let pages = Router::new().route("/", post(async || ())).layer(from_fn(keep_form));
        let slow = Body::from_stream(futures::stream::pending::<Result<String, std::io::Error>>());
        let request = Request::post("/").header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        let request = request.body(Body::new(DeadlineBody::new(Duration::from_millis(20), slow))).unwrap();
        assert_eq!(pages.oneshot(request).await.unwrap().status(), StatusCode::REQUEST_TIMEOUT);
    }

    #[test]
    fn only_names_that_change_with_the_content_are_kept_for_ever() {
        assert!(is_hashed("/pkg/trestle.Wz1fHfkHJjwIXHdhwyq04g.css"));
        for other in [
            "/pkg/trestle.css",
            "/fonts/fraunces.woff2",
            "/fraunces-variable-latin-font.woff2",
            "/",
            "/a.b/c",
            "/pkg/trestle.min.js",
        ] {
            assert!(!is_hashed(other), "{other}");
        }
    }
}
