//! What staff read and change, each with the proof that they may.

use axum::Json;
use axum::extract::State;
use backend::{AuditEntry, Backend, Page};
use domain::book::Entry;
use domain::form::{AnswerForm, DayForm, ListForm, StaffForm};
use domain::id::{ReservationId, ReviewId, StaffId};
use domain::policy::{AnswerReviews, ChangeStaff, SeeAudit, SeeBookings, SeeStaff};
use domain::staff::Member;
use domain::text::Slug;
use http::StatusCode;

use crate::extract::{At, Json as Body, Path, Query};
use crate::openapi::{Authenticated, Lookup, Question, Ruled, Sent, Staffed};
use crate::problem::Answer;

/// Lists the bookings of a service date, by start.
#[utoipa::path(get, path = "/api/v1/host/{slug}/reservations", tag = "staff", params(("slug" = Slug, Path), DayForm),
    security(("bearer" = []), ("cookie" = [])), responses((status = 200, body = Page<Entry>), Authenticated, Staffed, Lookup, Question))]
pub(super) async fn day(
    State(backend): State<Backend>,
    At(permit): At<SeeBookings>,
    Query(form): Query<DayForm>,
) -> Answer<Json<Page<Entry>>> {
    Ok(Json(backend.day_book(&permit, &form.try_into()?).await?))
}

/// Shows one booking in the venue's book.
#[utoipa::path(get, path = "/api/v1/host/{slug}/reservations/{id}", tag = "staff", params(("slug" = Slug, Path), ("id" = ReservationId, Path)),
    security(("bearer" = []), ("cookie" = [])), responses((status = 200, body = Entry), Authenticated, Staffed, Lookup))]
pub(super) async fn entry(
    State(backend): State<Backend>,
    At(permit): At<SeeBookings>,
    Path(id): Path<ReservationId>,
) -> Answer<Json<Entry>> {
    Ok(Json(backend.book_entry(&permit, id).await?))
}

/// Lists who works at the venue and who is asked to, by address; at most 500.
#[utoipa::path(get, path = "/api/v1/host/{slug}/staff", tag = "staff", params(("slug" = Slug, Path)),
    security(("bearer" = []), ("cookie" = [])), responses((status = 200, body = Page<Member>), Authenticated, Staffed, Lookup))]
pub(super) async fn staff(State(backend): State<Backend>, At(permit): At<SeeStaff>) -> Answer<Json<Page<Member>>> {
    Ok(Json(backend.staff(&permit).await?))
}

/// Gives somebody a role at the venue, or another one; the same again changes nothing.
///
/// They are told by email. Where the address has no account yet, the role is theirs once they have made one and confirmed the address;
/// the answer is the same.
#[utoipa::path(post, path = "/api/v1/host/{slug}/staff", tag = "staff", params(("slug" = Slug, Path)), request_body = StaffForm,
    security(("bearer" = []), ("cookie" = [])), responses((status = 200, body = Member), Authenticated, Staffed, Lookup, Sent, Ruled))]
pub(super) async fn appoint(
    State(backend): State<Backend>,
    At(permit): At<ChangeStaff>,
    Body(form): Body<StaffForm>,
) -> Answer<Json<Member>> {
    Ok(Json(backend.appoint(&permit, &form.try_into()?).await?))
}

/// Takes somebody's role at the venue away, at once.
#[utoipa::path(delete, path = "/api/v1/host/{slug}/staff/{id}", tag = "staff", params(("slug" = Slug, Path), ("id" = StaffId, Path)),
    security(("bearer" = []), ("cookie" = [])),
    responses((status = 204, description = "They have no role here any more."), Authenticated, Staffed, Lookup, Ruled))]
pub(super) async fn dismiss(
    State(backend): State<Backend>,
    At(permit): At<ChangeStaff>,
    Path(id): Path<StaffId>,
) -> Answer<StatusCode> {
    backend.dismiss(&permit, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Answers a review of the venue; the answer stands in the place of the one before.
#[utoipa::path(put, path = "/api/v1/host/{slug}/reviews/{id}/answer", tag = "staff", params(("slug" = Slug, Path), ("id" = ReviewId, Path)),
    request_body = AnswerForm, security(("bearer" = []), ("cookie" = [])),
    responses((status = 204, description = "It stands."), Authenticated, Staffed, Lookup, Sent))]
pub(super) async fn answer(
    State(backend): State<Backend>,
    At(permit): At<AnswerReviews>,
    Path(review): Path<ReviewId>,
    Body(form): Body<AnswerForm>,
) -> Answer<StatusCode> {
    backend.answer_review(&permit, review, Some(&form.try_into()?)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes the venue's answer to a review away.
#[utoipa::path(delete, path = "/api/v1/host/{slug}/reviews/{id}/answer", tag = "staff", params(("slug" = Slug, Path), ("id" = ReviewId, Path)),
    security(("bearer" = []), ("cookie" = [])),
    responses((status = 204, description = "There is none, and stays none when this is repeated."), Authenticated, Staffed, Lookup))]
pub(super) async fn unanswer(
    State(backend): State<Backend>,
    At(permit): At<AnswerReviews>,
    Path(review): Path<ReviewId>,
) -> Answer<StatusCode> {
    backend.answer_review(&permit, review, None).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Lists what was changed at the venue and by whom, the latest first.
#[utoipa::path(get, path = "/api/v1/host/{slug}/audit", tag = "staff", params(("slug" = Slug, Path), ListForm),
    security(("bearer" = []), ("cookie" = [])), responses((status = 200, body = Page<AuditEntry>), Authenticated, Staffed, Lookup, Question))]
pub(super) async fn audit(
    State(backend): State<Backend>,
    At(permit): At<SeeAudit>,
    Query(form): Query<ListForm>,
) -> Answer<Json<Page<AuditEntry>>> {
    Ok(Json(backend.audit(&permit, &form.try_into()?).await?))
}
