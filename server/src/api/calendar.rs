//! A booking for the guest's own calendar.

use axum::extract::State;
use axum::response::IntoResponse;
use backend::Backend;
use domain::id::ReservationId;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use crate::extract::Admitted;
use crate::openapi::{Lookup, Managed};
use crate::problem::Answer;
use crate::state::House;

/// Gives a booking as an iCalendar file; importing a later one replaces an earlier one.
#[utoipa::path(get, path = "/api/v1/reservations/{id}.ics", tag = "reservations", params(("id" = ReservationId, Path)), security(("manage_token" = []), ("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = String, content_type = "text/calendar"), Lookup, Managed))]
pub(super) async fn show(
    State(backend): State<Backend>,
    Admitted(proof): Admitted,
) -> Answer<impl IntoResponse + use<>> {
    let head = [
        (CONTENT_TYPE, "text/calendar; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"reservation.ics\""),
    ];
    Ok((head, backend.calendar(&proof).await?))
}

/// The entry in the document alone: the router cannot tell `{id}.ics` from `{id}`, so that route hands over to this one.
pub(super) fn entry() -> OpenApiRouter<House> {
    #[derive(OpenApi)]
    #[openapi(paths(show))]
    struct Entry;
    OpenApiRouter::with_openapi(Entry::openapi())
}
