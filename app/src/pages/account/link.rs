//! Where mailed links lead: confirming an address, and choosing a new password.

use domain::field::FieldErrors;
use domain::form::{ConfirmForm, ResetForm, SignInForm};
use http::StatusCode;
use leptos::either::EitherOf3;
use leptos::prelude::*;

use super::{KnownPassword, NewPassword, Onward, Posted, Sheet};
use crate::api::Link;
use crate::components::problem::Problem;
use crate::error::UiError;
use crate::pages::{awaited, param};
use crate::ssr;

/// Confirms the address that the link went to, by the password that was chosen with it, and signs in.
#[component]
pub fn ConfirmPage() -> impl IntoView {
    let token = param("token");
    ssr::keep_private();
    awaited(async move {
        let posted = match ssr::posted() {
            None => Ok(Posted::Show(FieldErrors::default())),
            Some(form) => Posted::of(confirm(token, form.get("password")).await),
        };
        Ok(match posted {
            Ok(Posted::Done(href)) => EitherOf3::A(view! { <Onward href/> }),
            Ok(Posted::Show(wrong)) => EitherOf3::B(view! {
                <Sheet
                    title="One more step."
                    lead="Enter your password to confirm this address."
                    wrong=wrong.clone()
                >
                    <form method="post" class="fields">
                        <KnownPassword id="password" label="Password" wrong/>
                        <button class="button wide" type="submit">"Confirm this address"</button>
                    </form>
                </Sheet>
            }),
            Err(UiError::NotFound) => EitherOf3::C(view! { <Gone again="/register" words="Make an account"/> }),
            Err(error) => return Err(error),
        })
    })
}

async fn confirm(token: String, password: String) -> Result<String, UiError> {
    let form = ConfirmForm { token, password };
    form.check()?;
    let email = ssr::backend()?.confirm_address(&form.token, &form.password).await?;
    let credentials = SignInForm { email: email.into(), password: form.password, cookies: true };
    ssr::sign_in(&credentials.try_into()?).await?;
    Ok("/account?done=confirmed".to_owned())
}

/// Sets a new password.
#[component]
pub fn ResetPage() -> impl IntoView {
    let token = param("token");
    ssr::keep_private();
    awaited(async move {
        let posted = match ssr::posted() {
            None => Ok(Posted::Show(FieldErrors::default())),
            Some(form) => Posted::of(reset(&token, form.get("password")).await),
        };
        Ok(match posted {
            Ok(Posted::Done(href)) => EitherOf3::A(view! { <Onward href/> }),
            Ok(Posted::Show(wrong)) => EitherOf3::B(view! {
                <Sheet
                    title="Choose a new password."
                    lead="You are signed out everywhere then, and sign in with the new one."
                    wrong=wrong.clone()
                >
                    <form method="post" class="fields">
                        <NewPassword id="password" label="New password" wrong/>
                        <button class="button wide" type="submit">"Set this password"</button>
                    </form>
                </Sheet>
            }),
            Err(UiError::NotFound) => EitherOf3::C(view! { <Gone again="/forgot" words="Ask for a new link"/> }),
            Err(error) => return Err(error),
        })
    })
}

async fn reset(token: &str, password: String) -> Result<String, UiError> {
    let password = ResetForm { password }.try_into()?;
    ssr::backend()?.reset_password(token, &password).await?;
    ssr::take_tokens();
    Ok("/sign-in?done=reset".to_owned())
}

/// The page of a link that is used up, run out, or has lost its end.
#[component]
fn Gone(again: &'static str, words: &'static str) -> impl IntoView {
    ssr::set_status(StatusCode::NOT_FOUND);
    let ways = [(again, words), ("/sign-in", "Sign in")];
    let ways = ways.map(|(href, text)| Link { href: href.to_owned(), text: text.to_owned() }).to_vec();
    view! {
        <Problem
            code="404, not found"
            title="This link does not work."
            text="It has been used, has expired, or was cut short on its way to you."
            ways
        />
    }
}
