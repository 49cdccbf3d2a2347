//! Who the caller is, what they booked, and what we hold about them.

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use backend::{Backend, Export, Page};
use domain::account::Account;
use domain::form::{DiaryForm, EraseForm, ProfileForm};
use domain::reservation::Reservation;
use domain::staff::Work;
use http::StatusCode;
use http::header::CONTENT_DISPOSITION;

use crate::extract::{Caller, Json as Body, Query};
use crate::openapi::{Authenticated, Busy, Question, Ruled, Sent};
use crate::problem::Answer;
use crate::ui::AS_A_FILE;
use app::ssr::Cookies;

/// Says who the caller is.
#[utoipa::path(get, path = "/api/v1/me", tag = "accounts", security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = Account), Authenticated, Busy))]
pub(super) async fn show(State(backend): State<Backend>, Caller(caller): Caller) -> Answer<Json<Account>> {
    Ok(Json(backend.me(&caller).await?))
}

/// Changes what the account says of the caller; what is left out stays.
#[utoipa::path(patch, path = "/api/v1/me", tag = "accounts", request_body = ProfileForm, security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = Account), Authenticated, Sent, Busy))]
pub(super) async fn change(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    Body(form): Body<ProfileForm>,
) -> Answer<Json<Account>> {
    Ok(Json(backend.change_profile(&caller, &form.try_into()?).await?))
}

/// Erases the caller, who says their password once more.
///
/// Their bookings to come are cancelled and their sessions end. Name, address, number, needs and notes go from everything; venues keep
/// when how many came. The address can be registered anew. The only owner of a venue is refused: somebody else becomes its owner first.
#[utoipa::path(delete, path = "/api/v1/me", tag = "accounts", request_body = EraseForm, security(("bearer" = []), ("cookie" = [])),
    responses((status = 204, description = "Nothing names them any more.", headers(("Set-Cookie" = String))), Authenticated, Sent, Ruled, Busy))]
pub(super) async fn erase(
    State(backend): State<Backend>,
    State(cookies): State<Cookies>,
    Caller(caller): Caller,
    Body(form): Body<EraseForm>,
) -> Answer<impl IntoResponse> {
    form.check()?;
    backend.erase(&caller, &form.password).await?;
    Ok((StatusCode::NO_CONTENT, cookies.take()))
}

/// Lists the caller's bookings.
#[utoipa::path(get, path = "/api/v1/me/reservations", tag = "reservations", params(DiaryForm), security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = Page<Reservation>), Authenticated, Question, Busy))]
pub(super) async fn reservations(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    Query(form): Query<DiaryForm>,
) -> Answer<Json<Page<Reservation>>> {
    Ok(Json(backend.diary(&caller, &form.try_into()?).await?))
}

/// Gives the caller everything we hold about them, as a file.
#[utoipa::path(get, path = "/api/v1/me/export", tag = "accounts", security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = Export, headers(("Content-Disposition" = String))), Authenticated, Busy))]
pub(super) async fn export(State(backend): State<Backend>, Caller(caller): Caller) -> Answer<impl IntoResponse> {
    Ok(([(CONTENT_DISPOSITION, AS_A_FILE)], Json(backend.export(&caller).await?)))
}

/// Lists where the caller works.
#[utoipa::path(get, path = "/api/v1/me/roles", tag = "accounts", security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = Page<Work>), Authenticated, Busy))]
pub(super) async fn work(State(backend): State<Backend>, Caller(caller): Caller) -> Answer<Json<Page<Work>>> {
    Ok(Json(backend.work(&caller).await?))
}
