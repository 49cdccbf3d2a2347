//! What a page or server function knows of its request, and what the server needs to serve the pages.

mod cookies;
pub mod forms;
mod visitor;

pub use cookies::{Cookies, SetCookies, set_cookies};
pub use visitor::{account, caller, here, may_go_to, sign_in, signed_in, take_tokens};

use std::pin::Pin;
use std::sync::Arc;

use axum::body::Bytes;
use axum::response::{IntoResponse, Response};
use backend::{Backend, Key, Proof};
use domain::field::{Complaint, FieldErrors};
use http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderName, LOCATION, REFERRER_POLICY, RETRY_AFTER};
use http::request::Parts;
use http::{HeaderValue, Method, StatusCode};
use leptos::prelude::*;
use leptos::server_fn::error::FromServerFnError;
use leptos_axum::{AxumRouteListing, ResponseOptions, generate_route_list};

use crate::error::UiError;

/// What the server knows about itself and this request; it goes into the context.
#[derive(Clone, Debug)]
pub struct Facts {
    /// Where guests reach the site, without a slash at the end.
    pub public_url: Arc<str>,
    /// The request's id, for people who write to us.
    pub request_id: String,
    /// How browsers carry a session.
    pub cookies: Cookies,
}

/// Put into the context, it makes the shell render this trouble instead of the page.
#[derive(Clone, Copy, Debug)]
pub struct Trouble {
    /// What happened.
    pub status: StatusCode,
    /// Seconds to wait.
    pub retry_after: Option<u32>,
}

/// A form posted to a page.
#[derive(Clone, Debug, Default)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// What stands in a body.
    #[must_use]
    pub fn parse(body: &[u8]) -> Self {
        Self(form_urlencoded::parse(body).into_owned().collect())
    }

    /// The first value of this name, or nothing.
    #[must_use]
    pub fn get(&self, name: &str) -> String {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone()).unwrap_or_default()
    }

    /// Every value of this name.
    #[must_use]
    pub fn all(&self, name: &str) -> Vec<String> {
        self.0.iter().filter(|(key, _)| key == name).map(|(_, value)| value.clone()).collect()
    }
}

/// The pages' routes; pages with forms also listen for posts.
#[must_use]
pub fn routes() -> Vec<AxumRouteListing> {
    const WITH_FORMS: [&str; 11] = [
        "/venues/{slug}",
        "/book/{token}",
        "/bookings/{token}",
        "/sign-in",
        "/register",
        "/forgot",
        "/account",
        "/account/erase",
        "/account/favorites",
        "/account/confirm/{token}",
        "/account/reset/{token}",
    ];
    let take_posts = |page: AxumRouteListing| {
        if WITH_FORMS.contains(&page.path()) {
            let methods = [leptos_router::Method::Get, leptos_router::Method::Post];
            AxumRouteListing::new(page.path().to_owned(), page.mode().clone(), methods, vec![])
        } else {
            page
        }
    };
    generate_route_list(crate::App).into_iter().map(take_posts).collect()
}

/// The body of a form posted to a page, which the server puts into the request's extensions.
#[derive(Clone)]
pub struct Posted(pub Bytes);

/// The form posted to this page, if it was posted to.
pub fn posted() -> Option<Fields> {
    let parts = use_context::<Parts>()?;
    (parts.method == Method::POST)
        .then(|| parts.extensions.get::<Posted>().map(|posted| Fields::parse(&posted.0)).unwrap_or_default())
}

/// The query of this page's address.
pub fn query() -> Fields {
    let parts = use_context::<Parts>();
    Fields::parse(parts.as_ref().and_then(|parts| parts.uri.query()).unwrap_or_default().as_bytes())
}

/// The languages the visitor prefers, as the browser says them.
pub fn languages() -> String {
    let parts = use_context::<Parts>();
    let header = parts.as_ref().and_then(|parts| parts.headers.get(http::header::ACCEPT_LANGUAGE)?.to_str().ok());
    header.unwrap_or_default().to_owned()
}

/// The site's address, and this request's id.
pub fn facts() -> Facts {
    use_context().unwrap_or_else(|| Facts {
        public_url: Arc::from(""),
        request_id: String::new(),
        cookies: Cookies::of(""),
    })
}

/// The use cases.
///
/// # Errors
/// The server forgot to put them into the context.
pub fn backend() -> Result<Backend, UiError> {
    use_context().ok_or(UiError::Broken)
}

/// How long a table is held at first, in words: "five minutes".
pub fn held_for() -> String {
    let minutes = backend().map(|backend| backend.hold_for().as_secs() / 60);
    match minutes.ok().and_then(|minutes| usize::try_from(minutes).ok()) {
        None => "a few minutes".to_owned(),
        Some(1) => "one minute".to_owned(),
        Some(minutes) => format!("{} minutes", crate::format::number(minutes)),
    }
}

/// Lets the bearer of a manage link in, who may be signed in as its owner.
///
/// # Errors
/// `NotFound` for a link that is foreign, unknown or revoked.
pub async fn admit(token: &str) -> Result<(Backend, Proof), UiError> {
    let backend = backend()?;
    let proof = backend.admit(token, None, caller().as_ref()).await?;
    Ok((backend, proof))
}

/// A key for a form about to be shown.
pub fn fresh_key() -> String {
    Key::new().as_str().to_owned()
}

/// The outcome of a server function, its status told to whoever asked.
///
/// The work is boxed: with a whole use case inside, it would weigh 20 kB in each future that awaits it.
pub fn answer<'w, T>(
    work: impl Future<Output = Result<T, UiError>> + Send + 'w,
) -> Pin<Box<dyn Future<Output = Result<T, UiError>> + Send + 'w>> {
    Box::pin(async {
        let outcome = work.await;
        if let Err(error) = &outcome {
            tell_status(error);
        }
        outcome
    })
}

/// Makes the response say what went wrong.
pub fn tell_status(error: &UiError) {
    if let Some(response) = use_context::<ResponseOptions>() {
        response.set_status(StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR));
        if let Some(seconds) = error.retry_after() {
            response.insert_header(RETRY_AFTER, HeaderValue::from(seconds));
        }
    }
}

/// Makes the response say this.
pub fn set_status(status: StatusCode) {
    if let Some(response) = use_context::<ResponseOptions>() {
        response.set_status(status);
    }
}

/// Sends the visitor of a plain form on.
pub fn see_other(path: &str) {
    if let Some(response) = use_context::<ResponseOptions>()
        && let Ok(path) = HeaderValue::from_str(path)
    {
        response.insert_header(LOCATION, path);
        response.set_status(StatusCode::SEE_OTHER);
    }
}

/// Marks a page whose address is a secret: not stored, not indexed, not passed on.
pub fn keep_private() {
    if let Some(response) = use_context::<ResponseOptions>() {
        response.insert_header(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response.insert_header(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
        response.insert_header(HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex"));
    }
}

/// An answer to a server function's caller from a layer that never reached it.
#[must_use]
pub fn ui_error(status: StatusCode, retry_after: Option<u32>) -> Response {
    let wait = retry_after.unwrap_or(5);
    let error = match status {
        StatusCode::TOO_MANY_REQUESTS => UiError::Throttled { retry_after: wait },
        StatusCode::SERVICE_UNAVAILABLE => UiError::Unavailable { retry_after: wait },
        StatusCode::REQUEST_TIMEOUT | StatusCode::GATEWAY_TIMEOUT => UiError::TimedOut,
        StatusCode::FORBIDDEN => UiError::Forbidden,
        StatusCode::NOT_FOUND => UiError::NotFound,
        status if status.is_client_error() => {
            UiError::Invalid(FieldErrors::one("", &Complaint::new("We could not read this request.")))
        }
        _ => UiError::Broken,
    };
    let mut response = (status, [(CONTENT_TYPE, "application/json")], error.ser()).into_response();
    if let Some(seconds) = error.retry_after() {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_may_say_a_thing_twice() {
        let fields = Fields::parse(b"needs=step_free&name=In%C3%AAs+Duarte&needs=pram");
        assert_eq!(fields.all("needs"), ["step_free", "pram"]);
        assert_eq!(fields.get("name"), "Inês Duarte");
        assert_eq!(fields.get("phone"), "");
    }
}
