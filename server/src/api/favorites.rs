//! The venues that the caller wants to find again.

use axum::Json;
use axum::extract::State;
use backend::{Backend, Found, Page};
use domain::form::ListForm;
use domain::text::Slug;
use http::StatusCode;

use crate::extract::{Caller, Path, Query};
use crate::openapi::{Authenticated, Busy, Lookup, Question};
use crate::problem::Answer;

/// Lists the caller's favourites, the newest first, each with its open starts of this evening for two.
#[utoipa::path(get, path = "/api/v1/me/favorites", tag = "favorites", params(ListForm), security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = Page<Found>), Authenticated, Question, Busy))]
pub(super) async fn list(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    Query(form): Query<ListForm>,
) -> Answer<Json<Page<Found>>> {
    Ok(Json(backend.favorites(&caller, &form.try_into()?).await?))
}

/// Keeps a venue as a favourite, at most 500 of them.
#[utoipa::path(put, path = "/api/v1/me/favorites/{slug}", tag = "favorites", params(("slug" = Slug, Path)), security(("bearer" = []), ("cookie" = [])),
    responses((status = 204, description = "It is kept, and stays so when this is repeated."), Authenticated, Lookup, Question))]
pub(super) async fn keep(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    Path(slug): Path<Slug>,
) -> Answer<StatusCode> {
    backend.keep_favorite(&caller, &slug).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Lets a favourite go.
#[utoipa::path(delete, path = "/api/v1/me/favorites/{slug}", tag = "favorites", params(("slug" = Slug, Path)), security(("bearer" = []), ("cookie" = [])),
    responses((status = 204, description = "It is no favourite, and stays none when this is repeated."), Authenticated, Lookup))]
pub(super) async fn drop(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    Path(slug): Path<Slug>,
) -> Answer<StatusCode> {
    backend.drop_favorite(&caller, &slug).await?;
    Ok(StatusCode::NO_CONTENT)
}
