//! Keeping a table for a few minutes.

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use backend::{Backend, Hold};
use domain::form::{HoldForm, Wish};
use domain::text::Slug;
use http::StatusCode;
use http::header::LOCATION;

use crate::extract::{Client, IdempotencyKey, Json as Body, Path};
use crate::openapi::{Claim, Keyed, Lookup, Question};
use crate::problem::Answer;

/// Holds a table for a few minutes.
#[utoipa::path(post, path = "/api/v1/venues/{slug}/holds", tag = "holds", params(("slug" = Slug, Path), Keyed), request_body = HoldForm,
    responses((status = 201, body = Hold, headers(("Location" = String))), Lookup, Claim))]
pub(super) async fn create(
    State(backend): State<Backend>,
    Path(slug): Path<Slug>,
    Client(client): Client,
    IdempotencyKey(key): IdempotencyKey,
    Body(form): Body<HoldForm>,
) -> Answer<impl IntoResponse> {
    let key = key.map(|key| key.of(&client));
    let hold = backend.hold(&slug, &Wish::try_from(form)?, key.as_ref()).await?;
    Ok((StatusCode::CREATED, [(LOCATION, format!("/api/v1/holds/{}", hold.token))], Json(hold)))
}

/// Shows a hold.
#[utoipa::path(get, path = "/api/v1/holds/{token}", tag = "holds", params(("token" = String, Path)), responses((status = 200, body = Hold), Lookup, Question))]
pub(super) async fn show(State(backend): State<Backend>, Path(token): Path<String>) -> Answer<Json<Hold>> {
    Ok(Json(backend.find_hold(&token).await?))
}

/// Gives a hold more time, up to 15 minutes in all.
#[utoipa::path(post, path = "/api/v1/holds/{token}/extend", tag = "holds", params(("token" = String, Path)),
    responses((status = 200, body = Hold), Lookup, Claim))]
pub(super) async fn extend(State(backend): State<Backend>, Path(token): Path<String>) -> Answer<Json<Hold>> {
    Ok(Json(backend.extend_hold(&token).await?))
}

/// Lets a hold go; the table is free at once.
#[utoipa::path(delete, path = "/api/v1/holds/{token}", tag = "holds", params(("token" = String, Path)),
    responses((status = 204, description = "It is free, and stays so when this is repeated."), Lookup))]
pub(super) async fn release(State(backend): State<Backend>, Path(token): Path<String>) -> Answer<StatusCode> {
    backend.release_hold(&token).await?;
    Ok(StatusCode::NO_CONTENT)
}
