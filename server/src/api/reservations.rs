//! Booking a table, and what a guest does with a booking.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use backend::{Backend, Booked, Source};
use domain::form::{BookingForm, CancelForm, ChangeForm, LateForm};
use domain::id::ReservationId;
use domain::reservation::Reservation;
use http::header::LOCATION;
use http::{StatusCode, Uri};

use super::calendar;
use crate::extract::{Admitted, CALENDAR, IdempotencyKey, Json as Body, MaybeCaller};
use crate::openapi::{Authenticated, Claim, Keyed, Lookup, Managed};
use crate::problem::Answer;

/// Books a table.
///
/// With `hold`, the table that was held; else the best that is free. The same request with the same key gets the same answer.
/// Nobody needs to be signed in for it; of a caller who is, the booking belongs to their account.
#[utoipa::path(post, path = "/api/v1/reservations", tag = "reservations", params(Keyed), request_body = BookingForm,
    security((), ("bearer" = []), ("cookie" = [])),
    responses((status = 201, body = Booked, headers(("Location" = String))), Authenticated, Lookup, Claim))]
pub(super) async fn create(
    State(backend): State<Backend>,
    MaybeCaller(caller): MaybeCaller,
    IdempotencyKey(key): IdempotencyKey,
    Body(form): Body<BookingForm>,
) -> Answer<impl IntoResponse> {
    let booked = backend.book(&form.try_into()?, Source::Api, caller.as_ref(), key.as_ref()).await?;
    Ok((StatusCode::CREATED, [(LOCATION, format!("/api/v1/reservations/{}", booked.reservation.id))], Json(booked)))
}

/// Shows a booking.
#[utoipa::path(get, path = "/api/v1/reservations/{id}", tag = "reservations", params(("id" = ReservationId, Path)), security(("manage_token" = []), ("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = Reservation), Lookup, Managed))]
pub(super) async fn show(State(backend): State<Backend>, uri: Uri, Admitted(proof): Admitted) -> Answer<Response> {
    if uri.path().ends_with(CALENDAR) {
        return calendar::show(State(backend), Admitted(proof)).await.map(IntoResponse::into_response);
    }
    Ok(Json(backend.reservation(&proof).await?).into_response())
}

/// Changes a booking.
///
/// What is left out stays. A new time, party or area is had in one step, or the answer is 409 and the old booking stands.
#[utoipa::path(patch, path = "/api/v1/reservations/{id}", tag = "reservations", params(("id" = ReservationId, Path), Keyed), request_body = ChangeForm,
    security(("manage_token" = []), ("bearer" = []), ("cookie" = [])), responses((status = 200, body = Reservation), Lookup, Managed, Claim))]
pub(super) async fn change(
    State(backend): State<Backend>,
    Admitted(proof): Admitted,
    IdempotencyKey(key): IdempotencyKey,
    Body(form): Body<ChangeForm>,
) -> Answer<Json<Reservation>> {
    Ok(Json(backend.change(&proof, &form.try_into()?, key.as_ref()).await?))
}

/// Cancels a booking; its table is free at once.
#[utoipa::path(post, path = "/api/v1/reservations/{id}/cancel", tag = "reservations", params(("id" = ReservationId, Path), Keyed), request_body = CancelForm,
    security(("manage_token" = []), ("bearer" = []), ("cookie" = [])), responses((status = 200, body = Reservation), Lookup, Managed, Claim))]
pub(super) async fn cancel(
    State(backend): State<Backend>,
    Admitted(proof): Admitted,
    IdempotencyKey(key): IdempotencyKey,
    Body(form): Body<CancelForm>,
) -> Answer<Json<Reservation>> {
    let (rev, reason) = form.try_into()?;
    Ok(Json(backend.cancel(&proof, rev, &reason, key.as_ref()).await?))
}

/// Tells the venue that the party is late.
#[utoipa::path(post, path = "/api/v1/reservations/{id}/late", tag = "reservations", params(("id" = ReservationId, Path), Keyed), request_body = LateForm,
    security(("manage_token" = []), ("bearer" = []), ("cookie" = [])), responses((status = 200, body = Reservation), Lookup, Managed, Claim))]
pub(super) async fn late(
    State(backend): State<Backend>,
    Admitted(proof): Admitted,
    IdempotencyKey(key): IdempotencyKey,
    Body(form): Body<LateForm>,
) -> Answer<Json<Reservation>> {
    let (rev, minutes) = form.try_into()?;
    Ok(Json(backend.run_late(&proof, rev, minutes, key.as_ref()).await?))
}
