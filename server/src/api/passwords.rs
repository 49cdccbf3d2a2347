//! Changing a password, and getting a new one by mail.

use axum::extract::State;
use backend::Backend;
use domain::form::{ForgottenForm, PasswordForm, ResetForm};
use http::StatusCode;

use crate::extract::{Caller, IdempotencyKey, Json as Body, Path};
use crate::openapi::{Authenticated, Busy, Keyed, Lookup, Sent};
use crate::problem::Answer;

/// Changes the password, and ends every other session.
#[utoipa::path(put, path = "/api/v1/me/password", tag = "accounts", request_body = PasswordForm, security(("bearer" = []), ("cookie" = [])),
    responses((status = 204, description = "It is changed."), Authenticated, Sent, Busy))]
pub(super) async fn change(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    Body(form): Body<PasswordForm>,
) -> Answer<StatusCode> {
    backend.change_password(&caller, &form.try_into()?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Emails a link for a new password, if the address has an account.
#[utoipa::path(post, path = "/api/v1/password-resets", tag = "accounts", params(Keyed), request_body = ForgottenForm,
    responses((status = 202, description = "A letter is on its way, or nobody has an account with this address."), Sent, Busy))]
pub(super) async fn request_reset(
    State(backend): State<Backend>,
    IdempotencyKey(key): IdempotencyKey,
    Body(form): Body<ForgottenForm>,
) -> Answer<StatusCode> {
    backend.request_reset(&form.try_into()?, key.as_ref()).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Sets a new password by the token of the emailed link, which is good once, and ends every session.
#[utoipa::path(post, path = "/api/v1/password-resets/{token}", tag = "accounts", params(("token" = String, Path)), request_body = ResetForm,
    responses((status = 204, description = "Sign in with it."), Lookup, Sent))]
pub(super) async fn reset(
    State(backend): State<Backend>,
    Path(token): Path<String>,
    Body(form): Body<ResetForm>,
) -> Answer<StatusCode> {
    backend.reset_password(&token, &form.try_into()?).await?;
    Ok(StatusCode::NO_CONTENT)
}
