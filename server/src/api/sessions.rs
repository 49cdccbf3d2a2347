//! Signing in, going on, and signing out.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use backend::{Backend, Page, SessionTokens, device};
use domain::account::Session;
use domain::field::FieldErrors;
use domain::form::{RefreshForm, SignInForm};
use domain::id::SessionId;
use http::header::{LOCATION, USER_AGENT};
use http::{HeaderMap, StatusCode};
use serde::Serialize;
use validator::Validate;

use crate::extract::{Caller, Json as Body, Path};
use crate::openapi::{Authenticated, Busy, Lookup, Sent};
use crate::problem::{Answer, Kind, Problem};
use app::ssr::Cookies;

/// A session that begins or goes on.
#[derive(Serialize, utoipa::ToSchema)]
pub(super) struct Issued {
    /// Names the session.
    session: SessionId,
    /// Seconds until the access token is no longer good.
    expires_in: u64,
    /// How a program sends the access token: `Bearer`. A browser has its tokens in cookies, and they are left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    token_type: Option<&'static str>,
    /// Shows who calls.
    #[serde(skip_serializing_if = "Option::is_none")]
    access_token: Option<String>,
    /// Gets the next pair, once.
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
}

/// Tells a program its tokens, and a browser that it has them.
fn issue(tokens: SessionTokens, browser: Option<Cookies>) -> Response {
    let (session, expires_in) = (tokens.session, tokens.access_lasts.as_secs());
    if let Some(cookies) = browser {
        let body = Issued { session, expires_in, token_type: None, access_token: None, refresh_token: None };
        return (cookies.give(&tokens), Json(body)).into_response();
    }
    let (access_token, refresh_token) = (Some(tokens.access), Some(tokens.refresh));
    Json(Issued { session, expires_in, token_type: Some("Bearer"), access_token, refresh_token }).into_response()
}

/// Signs in.
///
/// The answer is the same, and takes as long, for a wrong password and for an address without an account. With `cookies`, the session
/// ends that the browser had before.
#[utoipa::path(post, path = "/api/v1/sessions", tag = "sessions", request_body = SignInForm, responses(
    (status = 201, body = Issued, headers(("Location" = String), ("Set-Cookie" = String, description = "With `cookies`: both tokens."))),
    Authenticated, Sent, Busy))]
pub(super) async fn create(
    State(backend): State<Backend>,
    State(cookies): State<Cookies>,
    headers: HeaderMap,
    Body(form): Body<SignInForm>,
) -> Answer<impl IntoResponse> {
    let browser = form.cookies.then_some(cookies);
    let before = browser.and_then(|cookies| cookies.refresh(&headers));
    let user_agent = headers.get(USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let tokens = backend.sign_in(&form.try_into()?, &device(user_agent), before).await?;
    let location = format!("/api/v1/sessions/{}", tokens.session);
    Ok((StatusCode::CREATED, [(LOCATION, location)], issue(tokens, browser)))
}

/// Goes on with a session: a new pair of tokens for the refresh token.
///
/// A refresh token is good once. Within a minute it gets the same successor again, for an answer that was lost on its way; later
/// the session ends, since two parties have it.
#[utoipa::path(post, path = "/api/v1/sessions/refresh", tag = "sessions", request_body = RefreshForm, responses(
    (status = 200, body = Issued, headers(("Set-Cookie" = String, description = "When the token came in a cookie: both tokens."))),
    Authenticated, Sent, Busy))]
pub(super) async fn refresh(
    State(backend): State<Backend>,
    State(cookies): State<Cookies>,
    headers: HeaderMap,
    Body(form): Body<RefreshForm>,
) -> Answer<Response> {
    form.validate().map_err(FieldErrors::from)?;
    let browser = form.refresh_token.is_none().then_some(cookies);
    let token = form.refresh_token.as_deref().or_else(|| cookies.refresh(&headers));
    let tokens = backend.refresh(token.ok_or_else(|| Problem::new(Kind::SignedOut))?).await?;
    Ok(issue(tokens, browser))
}

/// Signs out: the session ends at once, here and everywhere. A browser may do so after its access token has expired.
#[utoipa::path(delete, path = "/api/v1/sessions/current", tag = "sessions", security(("bearer" = []), ("cookie" = [])),
    responses((status = 204, description = "The session is over.", headers(("Set-Cookie" = String))), Authenticated, Busy))]
pub(super) async fn sign_out(
    State(backend): State<Backend>,
    State(cookies): State<Cookies>,
    headers: HeaderMap,
    caller: Result<Caller, Problem>,
) -> Answer<impl IntoResponse> {
    match (caller, cookies.refresh(&headers)) {
        (Ok(Caller(caller)), _) => backend.end_session(&caller, caller.session()).await?,
        (Err(_), Some(refresh)) => backend.sign_out(refresh).await?,
        (Err(problem), None) => return Err(problem),
    }
    Ok((StatusCode::NO_CONTENT, cookies.take()))
}

/// Lists where the caller is signed in, what was used last first; never more than 50.
#[utoipa::path(get, path = "/api/v1/sessions", tag = "sessions", security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = Page<Session>), Authenticated, Busy))]
pub(super) async fn list(State(backend): State<Backend>, Caller(caller): Caller) -> Answer<Json<Page<Session>>> {
    Ok(Json(backend.sessions(&caller).await?))
}

/// Ends one of the caller's sessions, at once.
#[utoipa::path(delete, path = "/api/v1/sessions/{id}", tag = "sessions", params(("id" = SessionId, Path)), security(("bearer" = []), ("cookie" = [])),
    responses((status = 204, description = "It is over, and stays so when this is repeated."), Authenticated, Lookup))]
pub(super) async fn end(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    Path(id): Path<SessionId>,
) -> Answer<StatusCode> {
    backend.end_session(&caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
