//! The heads of answers: what may be kept, and what browsers must not do.

use axum::extract::{MatchedPath, Request};
use axum::response::Response;
use http::header::{
    AUTHORIZATION, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, Entry, REFERRER_POLICY,
    STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::extract::MANAGE_TOKEN;

const OPENER: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const RESOURCE: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
const PERMISSIONS: HeaderName = HeaderName::from_static("permissions-policy");
const ROBOTS: HeaderName = HeaderName::from_static("x-robots-tag");

/// Whether the answer is about one guest, and must be kept nowhere.
pub(super) fn is_secret(request: &Request, path: Option<&MatchedPath>) -> bool {
    let of_one_guest = |path: &MatchedPath| {
        let path = path.as_str();
        path.starts_with("/api/v1/reviews/")
            || path.split('/').any(|part| {
                matches!(part, "reservations" | "sessions" | "me" | "host" | "detailed") || part.ends_with("token}")
            })
    };
    !request.method().is_safe()
        || path.is_some_and(of_one_guest)
        || [MANAGE_TOKEN, AUTHORIZATION.as_str()].iter().any(|name| request.headers().contains_key(*name))
}

/// Adds what the handler did not say itself.
pub(super) fn complete(response: &mut Response, secret: bool, https: bool) {
    let is_page = response.headers().get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    let headers = response.headers_mut();
    headers.reserve(12);
    if secret {
        // Whatever a handler said: an answer about a guest is kept nowhere.
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        add(headers, ROBOTS, "noindex");
    } else {
        add(headers, CACHE_CONTROL, "no-cache");
    }
    add(headers, X_CONTENT_TYPE_OPTIONS, "nosniff");
    add(headers, REFERRER_POLICY, "same-origin");
    add(headers, RESOURCE, "same-origin");
    // Data is no document; should a browser be talked into showing it as one, nothing in it runs and nobody frames it.
    add(headers, CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'");
    if is_page {
        add(headers, X_FRAME_OPTIONS, "DENY");
        add(headers, OPENER, "same-origin");
        add(headers, PERMISSIONS, "camera=(), geolocation=(), microphone=(), payment=(), usb=()");
    }
    if https {
        add(headers, STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains");
    }
}

fn add(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    if let Entry::Vacant(entry) = headers.entry(name) {
        entry.insert(HeaderValue::from_static(value));
    }
}
