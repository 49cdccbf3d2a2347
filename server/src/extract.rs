//! Takes requests apart; whatever does not fit is a problem that says so.

mod at;
mod caller;
mod shape;

use axum::body::{Body, Bytes};
use axum::extract::{FromRef, FromRequest, FromRequestParts, RawPathParams, Request};
use backend::{Backend, Key, Proof, SignedIn};
use domain::field::{Complaint, FieldErrors};
use domain::id::{ReservationId, ReviewId};
use http::header::CONTENT_TYPE;
use http::request::Parts;
use http::{HeaderMap, HeaderValue};
use http_body_util::BodyExt;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;
use tower_http::timeout::TimeoutError;
use validator::Validate;

pub use self::at::{At, OfHouse};
pub(crate) use self::caller::token;
pub use self::caller::{Caller, Client, MaybeCaller};
use crate::layers::TooLarge;
use crate::problem::{Kind, Problem};
use app::ssr::Cookies;

/// A JSON body. Not JSON is 415, malformed is 400, too large is 413, and a wrong shape is 422 with every wrong field named.
#[derive(Clone, Copy, Debug)]
pub struct Json<T>(pub T);

impl<T, S> FromRequest<S> for Json<T>
where
    T: DeserializeOwned + Validate,
    S: Sync,
{
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        if !is_json(request.headers()) {
            return Err(Problem::new(Kind::NotJson));
        }
        let bytes = read(request.into_body()).await?;
        // Or serde would take a list for an object, field by field.
        if !bytes.trim_ascii_start().starts_with(b"{") {
            return Err(no_object(&bytes));
        }
        serde_json::from_slice(&bytes).map(Self).or_else(|error| match error.classify() {
            serde_json::error::Category::Data => sort_out(&bytes).map(Self),
            _ => Err(malformed(&error)),
        })
    }
}

/// The same request without its body.
pub(crate) fn head_of(request: &Request) -> Request {
    let mut head = Request::new(Body::empty());
    head.method_mut().clone_from(request.method());
    head.uri_mut().clone_from(request.uri());
    head.headers_mut().clone_from(request.headers());
    head
}

/// A whole body, or why it did not come.
pub(crate) async fn read(body: Body) -> Result<Bytes, Problem> {
    let body = body.collect().await.map_err(|error| {
        let mut causes = std::iter::successors(Some(&error as &dyn std::error::Error), |error| error.source());
        let kind = causes.find_map(|cause| match cause {
            _ if cause.is::<TooLarge>() => Some(Kind::TooLarge),
            _ if cause.is::<TimeoutError>() => Some(Kind::TooSlow),
            _ => None,
        });
        kind.map_or_else(|| Problem::new(Kind::Malformed).saying("The body ended before its time."), Problem::new)
    })?;
    Ok(body.to_bytes())
}

/// Names everything that is wrong; or nothing, where only the same field came twice, which JSON leaves open.
fn sort_out<T: DeserializeOwned + Validate>(bytes: &[u8]) -> Result<T, Problem> {
    let value: Value = serde_json::from_slice(bytes).map_err(|error| malformed(&error))?;
    T::deserialize(&value).map_err(|_| shape::complaints::<T>(value).into())
}

fn malformed(error: &serde_json::Error) -> Problem {
    Problem::new(Kind::Malformed).saying(format!(
        "The body is no JSON: it goes wrong in line {}, column {}.",
        error.line(),
        error.column()
    ))
}

fn no_object(bytes: &[u8]) -> Problem {
    match serde_json::from_slice::<IgnoredAny>(bytes) {
        Ok(_) => FieldErrors::one("", &Complaint::new("Write an object.")).into(),
        Err(error) => malformed(&error),
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let Some(mime) = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()) else { return false };
    let mime = mime.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    mime == "application/json" || (mime.starts_with("application/") && mime.ends_with("+json"))
}

/// The query of an address; unknown and repeated parameters are named like wrong fields.
#[derive(Clone, Copy, Debug)]
pub struct Query<T>(pub T);

impl<T, S> FromRequestParts<S> for Query<T>
where
    T: DeserializeOwned + Validate,
    S: Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let query = parts.uri.query().unwrap_or_default();
        serde_urlencoded::from_str(query).map(Self).or_else(|_| {
            let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query)
                .map_err(|_| Problem::new(Kind::Malformed).saying("The query cannot be read."))?;
            let mut repeated = FieldErrors::default();
            let mut value = serde_json::Map::new();
            for (name, text) in pairs {
                if value.insert(name.clone(), text.into()).is_some() {
                    repeated.add(&shape::pointer("", &name), &Complaint::new("Give this only once."));
                }
            }
            repeated.0.extend(shape::complaints::<T>(Value::Object(value)).0);
            repeated.0.sort_by(|a, b| a.pointer.cmp(&b.pointer));
            Err(repeated.into())
        })
    }
}

/// The last changing part of a path, or 404 when it can be no such thing.
#[derive(Clone, Copy, Debug)]
pub struct Path<T>(pub T);

impl<T, S> FromRequestParts<S> for Path<T>
where
    T: std::str::FromStr,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let nothing = || Problem::new(Kind::NotFound);
        let params = RawPathParams::from_request_parts(parts, state).await.map_err(|_| nothing())?;
        let (_, text) = params.iter().last().ok_or_else(nothing)?;
        text.parse().map(Self).map_err(|_| nothing())
    }
}

/// The header `Idempotency-Key`, if the client sent one.
#[derive(Clone, Debug)]
pub struct IdempotencyKey(pub Option<Key>);

impl<S: Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let parse = |value: &HeaderValue| {
            let key = value.to_str().unwrap_or_default().parse();
            key.map_err(|complaint| FieldErrors::one("/Idempotency-Key", &complaint))
        };
        Ok(Self(parts.headers.get("idempotency-key").map(parse).transpose()?))
    }
}

/// The right to the booking that the path names, shown by the header `X-Manage-Token` or, without it, by the session of its owner.
#[derive(Debug)]
pub struct Admitted(pub Proof);

impl<S> FromRequestParts<S> for Admitted
where
    Backend: FromRef<S>,
    Cookies: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let right = Right::shown(parts, state).await?;
        let Path(name) = Path::<String>::from_request_parts(parts, state).await?;
        // The router cannot tell `{id}` from `{id}.ics`.
        let id = name.strip_suffix(CALENDAR).unwrap_or(&name);
        let id = id.parse().map_err(|_| Problem::new(Kind::NotFound))?;
        Ok(Self(right.admit(&Backend::from_ref(state), id).await?))
    }
}

/// The right to the review that the path names: the right to the booking of its visit.
#[derive(Debug)]
pub struct Author {
    /// The review.
    pub review: ReviewId,
    /// What shows the right to its booking.
    pub proof: Proof,
}

impl<S> FromRequestParts<S> for Author
where
    Backend: FromRef<S>,
    Cookies: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let right = Right::shown(parts, state).await?;
        let Path(review) = Path::<ReviewId>::from_request_parts(parts, state).await?;
        let backend = Backend::from_ref(state);
        let booking = backend.booking_of_review(review).await?;
        Ok(Self { review, proof: right.admit(&backend, booking).await? })
    }
}

/// What somebody shows to be let in to a booking: its manage token, or else that they are signed in.
enum Right {
    /// The audit names whoever is signed in beside it, and it is good without them.
    Token(HeaderValue, Option<SignedIn>),
    Owner(SignedIn),
}

impl Right {
    /// What the request shows, before anything is looked up.
    async fn shown<S>(parts: &mut Parts, state: &S) -> Result<Self, Problem>
    where
        Backend: FromRef<S>,
        Cookies: FromRef<S>,
        S: Send + Sync,
    {
        if let Some(token) = parts.headers.get(MANAGE_TOKEN) {
            return Ok(Self::Token(token.clone(), parts.extensions.get().copied()));
        }
        let MaybeCaller(caller) = MaybeCaller::from_request_parts(parts, state).await?;
        caller.map(Self::Owner).ok_or_else(|| Problem::new(Kind::Unauthenticated))
    }

    async fn admit(&self, backend: &Backend, booking: ReservationId) -> Result<Proof, Problem> {
        let proof = match self {
            Self::Token(token, caller) => {
                let token = token.to_str().map_err(|_| Problem::new(Kind::NotFound))?;
                backend.admit(token, Some(booking), caller.as_ref()).await
            }
            Self::Owner(caller) => backend.admit_owner(caller, booking).await,
        };
        Ok(proof?)
    }
}

/// The header that carries a manage token.
pub const MANAGE_TOKEN: &str = "x-manage-token";

/// What the address of a booking ends with when its calendar entry is meant.
pub(crate) const CALENDAR: &str = ".ics";

#[cfg(test)]
mod tests;
