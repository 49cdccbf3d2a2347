//! Finding a venue and reading about it.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use backend::{Backend, Found, Page};
use domain::form::{Search, SearchForm};
use domain::text::Slug;
use domain::venue::Profile;

use crate::extract::{Path, Query};
use crate::openapi::{Lookup, Question};
use crate::problem::Answer;

/// Searches venues.
///
/// With `date` and `party`, each venue carries its open starts nearest to `time`.
#[utoipa::path(get, path = "/api/v1/venues", tag = "venues", params(SearchForm), responses((status = 200, body = Page<Found>), Question))]
pub(super) async fn search(
    State(backend): State<Backend>,
    Query(form): Query<SearchForm>,
) -> Answer<Json<Page<Found>>> {
    Ok(Json(backend.search(&Search::try_from(form)?).await?))
}

/// Shows one venue.
#[utoipa::path(get, path = "/api/v1/venues/{slug}", tag = "venues", params(("slug" = Slug, Path)), responses((status = 200, body = Profile), Lookup))]
pub(super) async fn show(State(backend): State<Backend>, Path(slug): Path<Slug>) -> Answer<Json<Arc<Profile>>> {
    Ok(Json(backend.venue(&slug).await?))
}
