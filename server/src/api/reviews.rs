//! What guests say about their visits.

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use backend::{Backend, Page};
use domain::form::{ListForm, ReviewChangeForm, ReviewForm};
use domain::id::{ReservationId, ReviewId};
use domain::review::{PublishedReview, Review};
use domain::text::Slug;
use http::StatusCode;
use http::header::LOCATION;

use crate::extract::{Admitted, Author, IdempotencyKey, Json as Body, Path, Query};
use crate::openapi::{Keyed, Lookup, Managed, Question, Ruled, Sent};
use crate::problem::Answer;

/// Reviews a visit.
///
/// Once for each visit, when it is over and for 90 days; what was deleted is written anew only while it could have been changed. What
/// counts as markup, and characters that cannot be seen, are left out.
#[utoipa::path(post, path = "/api/v1/reservations/{id}/review", tag = "reviews", params(("id" = ReservationId, Path), Keyed), request_body = ReviewForm,
    security(("manage_token" = []), ("bearer" = []), ("cookie" = [])), responses((status = 201, body = Review, headers(("Location" = String))), Lookup, Managed, Sent, Ruled))]
pub(super) async fn create(
    State(backend): State<Backend>,
    Admitted(proof): Admitted,
    IdempotencyKey(key): IdempotencyKey,
    Body(form): Body<ReviewForm>,
) -> Answer<impl IntoResponse> {
    let review = backend.write_review(&proof, &form.try_into()?, key.as_ref()).await?;
    Ok((StatusCode::CREATED, [(LOCATION, format!("/api/v1/reviews/{}", review.id))], Json(review)))
}

/// Shows a review to its author.
#[utoipa::path(get, path = "/api/v1/reviews/{id}", tag = "reviews", params(("id" = ReviewId, Path)), security(("manage_token" = []), ("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = Review), Lookup, Managed))]
pub(super) async fn show(State(backend): State<Backend>, author: Author) -> Answer<Json<Review>> {
    Ok(Json(backend.review(&author.proof, author.review).await?))
}

/// Changes a review, for 14 days after the visit was first written about. What is left out stays.
#[utoipa::path(patch, path = "/api/v1/reviews/{id}", tag = "reviews", params(("id" = ReviewId, Path), Keyed), request_body = ReviewChangeForm,
    security(("manage_token" = []), ("bearer" = []), ("cookie" = [])), responses((status = 200, body = Review), Lookup, Managed, Sent, Ruled))]
pub(super) async fn change(
    State(backend): State<Backend>,
    author: Author,
    IdempotencyKey(key): IdempotencyKey,
    Body(form): Body<ReviewChangeForm>,
) -> Answer<Json<Review>> {
    Ok(Json(backend.change_review(&author.proof, author.review, &form.try_into()?, key.as_ref()).await?))
}

/// Deletes a review, at any time.
#[utoipa::path(delete, path = "/api/v1/reviews/{id}", tag = "reviews", params(("id" = ReviewId, Path)), security(("manage_token" = []), ("bearer" = []), ("cookie" = [])),
    responses((status = 204, description = "It is gone, and stays so when this is repeated."), Lookup, Managed))]
pub(super) async fn delete(State(backend): State<Backend>, author: Author) -> Answer<StatusCode> {
    backend.delete_review(&author.proof, author.review).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Lists the reviews of a venue, the newest first.
#[utoipa::path(get, path = "/api/v1/venues/{slug}/reviews", tag = "reviews", params(("slug" = Slug, Path), ListForm),
    responses((status = 200, body = Page<PublishedReview>), Lookup, Question))]
pub(super) async fn list(
    State(backend): State<Backend>,
    Path(slug): Path<Slug>,
    Query(form): Query<ListForm>,
) -> Answer<Json<Page<PublishedReview>>> {
    Ok(Json(backend.reviews(&slug, &form.try_into()?).await?))
}
