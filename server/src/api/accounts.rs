//! Making an account, and the address it is reached at.

use axum::Json;
use axum::extract::State;
use backend::Backend;
use domain::form::{ConfirmForm, Credentials, EmailForm, RegisterForm, Registration};
use domain::text::Email;
use http::StatusCode;
use serde::Serialize;

use crate::extract::{Caller, IdempotencyKey, Json as Body};
use crate::openapi::{Authenticated, Busy, Keyed, Lookup, Sent};
use crate::problem::Answer;

/// Where a letter went.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Mailed {
    /// The address.
    email: Email,
}

/// Makes an account.
///
/// It can be signed in to once its address is confirmed by the link that is emailed there. Where the address has an account
/// already, the answer is the same, and its owner is told by email.
#[utoipa::path(post, path = "/api/v1/accounts", tag = "accounts", params(Keyed), request_body = RegisterForm,
    responses((status = 202, body = Mailed, description = "A letter is on its way."), Sent, Busy))]
pub(super) async fn create(
    State(backend): State<Backend>,
    IdempotencyKey(key): IdempotencyKey,
    Body(form): Body<RegisterForm>,
) -> Answer<(StatusCode, Json<Mailed>)> {
    let registration = Registration::try_from(form)?;
    backend.register(&registration, key.as_ref()).await?;
    Ok((StatusCode::ACCEPTED, Json(Mailed { email: registration.email })))
}

/// Confirms an address by the token of the link that was emailed there and the password of the account.
#[utoipa::path(post, path = "/api/v1/accounts/confirm", tag = "accounts", request_body = ConfirmForm,
    responses((status = 204, description = "It is confirmed, and stays so when this is repeated."), Lookup, Sent))]
pub(super) async fn confirm(State(backend): State<Backend>, Body(form): Body<ConfirmForm>) -> Answer<StatusCode> {
    form.check()?;
    backend.confirm_address(&form.token, &form.password).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Moves the account to another address, once the link that is emailed there is followed.
#[utoipa::path(put, path = "/api/v1/me/email", tag = "accounts", request_body = EmailForm, security(("bearer" = []), ("cookie" = [])),
    responses((status = 202, body = Mailed, description = "A letter is on its way."), Authenticated, Sent, Busy))]
pub(super) async fn change_email(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    Body(form): Body<EmailForm>,
) -> Answer<(StatusCode, Json<Mailed>)> {
    let wanted: Credentials = form.try_into()?;
    backend.change_address(&caller, &wanted).await?;
    Ok((StatusCode::ACCEPTED, Json(Mailed { email: wanted.email })))
}
