//! Who visits a page, and what their browser carries of it.

use backend::{Backend, SignedIn};
use domain::account::Account;
use domain::form::Credentials;
use http::header::USER_AGENT;
use http::request::Parts;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;

use super::SetCookies;
use crate::error::UiError;

/// Whoever is signed in, as the server found out.
pub fn caller() -> Option<SignedIn> {
    use_context::<Parts>()?.extensions.get().copied()
}

/// The use cases and whoever is signed in.
///
/// # Errors
/// `Unauthenticated` when nobody is.
pub fn signed_in() -> Result<(Backend, SignedIn), UiError> {
    Ok((super::backend()?, caller().ok_or(UiError::Unauthenticated)?))
}

/// The address of this page, from the first slash on.
pub fn here() -> String {
    let path = use_context::<Parts>().and_then(|parts| parts.uri.path_and_query().map(ToString::to_string));
    path.unwrap_or_else(|| "/".to_owned())
}

/// The account of whoever is signed in; `None` when nobody is.
///
/// # Errors
/// The database is away.
pub async fn account() -> Result<Option<(Backend, SignedIn, Account)>, UiError> {
    let Some(caller) = caller() else { return Ok(None) };
    let backend = super::backend()?;
    match backend.me(&caller).await {
        Ok(account) => Ok(Some((backend, caller, account))),
        Err(backend::Error::Unauthenticated) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Signs the visitor in, in this browser; the session that it had before ends.
///
/// # Errors
/// `Invalid` about the password when it does not go with the address.
pub async fn sign_in(credentials: &Credentials) -> Result<(), UiError> {
    let parts = use_context::<Parts>();
    let user_agent = parts.as_ref().and_then(|parts| parts.headers.get(USER_AGENT)?.to_str().ok());
    let device = backend::device(user_agent.unwrap_or_default());
    let cookies = super::facts().cookies;
    let before = parts.as_ref().and_then(|parts| cookies.refresh(&parts.headers));
    let tokens = super::backend()?.sign_in(credentials, &device, before).await?;
    set(cookies.give(&tokens));
    Ok(())
}

/// Takes the browser's tokens away.
pub fn take_tokens() {
    set(super::facts().cookies.take());
}

fn set(cookies: SetCookies) {
    if let Some(response) = use_context::<ResponseOptions>() {
        for (name, value) in cookies.0 {
            if let Ok(value) = value.try_into() {
                response.append_header(name, value);
            }
        }
    }
}

/// Where to go on to, if it is a place of ours; anywhere else would let a link lead guests away from here.
#[must_use]
pub fn may_go_to(path: &str) -> bool {
    path.starts_with('/') && !path.starts_with("//") && path.bytes().all(|b| b.is_ascii_graphic() && b != b'\\')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_places_of_ours_can_be_gone_on_to() {
        for ours in ["/", "/account", "/venues/taberna-do-rio?date=2026-11-22&party=2#book"] {
            assert!(may_go_to(ours), "{ours}");
        }
        for other in
            ["", "account", "//evil.example", "/\\evil.example", "https://evil.example", "/a\r\nb", "/a b", "/é"]
        {
            assert!(!may_go_to(other), "{other}");
        }
    }
}
