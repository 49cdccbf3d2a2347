//! Who calls.

use axum::extract::{FromRef, FromRequestParts};
use backend::{Backend, Payer, SignedIn};
use http::HeaderMap;
use http::header::AUTHORIZATION;
use http::request::Parts;

use crate::problem::{Kind, Problem};
use app::ssr::Cookies;

/// Somebody who is signed in, shown by `Authorization: Bearer` or, where that header is absent, by the cookie of a session.
#[derive(Clone, Copy, Debug)]
pub struct Caller(pub SignedIn);

impl<S> FromRequestParts<S> for Caller
where
    Backend: FromRef<S>,
    Cookies: FromRef<S>,
    S: Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        // The layers have looked already; where they saw nobody, this finds out why.
        if let Some(caller) = parts.extensions.get::<SignedIn>() {
            return Ok(Self(*caller));
        }
        let token = token(&parts.headers, Cookies::from_ref(state)).ok_or_else(|| Problem::new(Kind::SignedOut))?;
        Ok(Self(Backend::from_ref(state).recognise(token).await?))
    }
}

/// Whom a request is counted for: an account, or else an address.
#[derive(Clone, Copy, Debug)]
pub struct Client(pub Payer);

impl<S: Sync> FromRequestParts<S> for Client {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get().copied().map(Self).ok_or_else(|| Problem::new(Kind::Internal))
    }
}

/// Whoever is signed in, or nobody. A token that is shown and is not good is refused: its bearer believes to be somebody.
#[derive(Clone, Copy, Debug)]
pub struct MaybeCaller(pub Option<SignedIn>);

impl<S> FromRequestParts<S> for MaybeCaller
where
    Backend: FromRef<S>,
    Cookies: FromRef<S>,
    S: Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let shows_nothing =
            !parts.headers.contains_key(AUTHORIZATION) && Cookies::from_ref(state).access(&parts.headers).is_none();
        if shows_nothing {
            return Ok(Self(None));
        }
        let Caller(caller) = Caller::from_request_parts(parts, state).await?;
        Ok(Self(Some(caller)))
    }
}

/// What a request shows of who calls.
pub(crate) fn token(headers: &HeaderMap, cookies: Cookies) -> Option<&str> {
    if headers.contains_key(AUTHORIZATION) { bearer(headers) } else { cookies.access(headers) }
}

/// The one token of the one header, or nothing (RFC 6750 section 2.1).
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let (Some(value), None) = (values.next(), values.next()) else { return None };
    let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
