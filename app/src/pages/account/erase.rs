//! Leaving for good.

use backend::{Backend, SignedIn};
use domain::field::FieldErrors;
use domain::form::{DiaryForm, EraseForm};
use leptos::either::Either;
use leptos::prelude::*;

use super::{KnownPassword, Onward, Posted, Sheet, SignOut, sign_in_for};
use crate::components::art::{Icon, Sign};
use crate::error::UiError;
use crate::islands::Refused;
use crate::pages::awaited;
use crate::show::{self, Visit};
use crate::ssr::{self, Fields};

/// Says what goes with an account, and asks for its password; a post erases it.
#[component]
pub fn ErasePage() -> impl IntoView {
    ssr::keep_private();
    awaited(async move {
        let Ok((backend, caller)) = ssr::signed_in() else {
            return Ok(Either::Left(view! { <Onward href=sign_in_for("/account/erase")/> }));
        };
        let mut refused = String::new();
        let posted = match ssr::posted() {
            None => Posted::Show(FieldErrors::default()),
            Some(form) => match erase(&backend, &caller, &form).await {
                Err(error @ UiError::Refused { .. }) => {
                    ssr::tell_status(&error);
                    refused = error.to_string();
                    Posted::Show(FieldErrors::default())
                }
                outcome => Posted::of(outcome)?,
            },
        };
        Ok(match posted {
            Posted::Done(href) => Either::Left(view! { <Onward href/> }),
            Posted::Show(wrong) => {
                let form = DiaryForm { limit: Some("100".to_owned()), ..DiaryForm::default() };
                let coming = backend.diary(&caller, &form.try_into()?).await?;
                let (more, visits) = (coming.next_cursor.is_some(), show::visits(&backend, coming.items).await?);
                Either::Right(view! { <Page visits more wrong refused/> })
            }
        })
    })
}

async fn erase(backend: &Backend, caller: &SignedIn, form: &Fields) -> Result<String, UiError> {
    let form = EraseForm { password: form.get("password") };
    form.check()?;
    backend.erase(caller, &form.password).await?;
    ssr::take_tokens();
    Ok("/sign-in?done=erased".to_owned())
}

#[component]
fn Page(visits: Vec<Visit>, more: bool, wrong: FieldErrors, refused: String) -> impl IntoView {
    view! {
        <Sheet
            title="Erase your account."
            lead="Everything that names you goes, here and at every restaurant, and cannot be brought back."
            wrong=wrong.clone()
        >
            <Refused sentence=refused/>
            <ul class="stack prose">
                <li>"Your name, address, number, needs and notes go from your account and from every booking. Restaurants keep only the dates and the number of guests."</li>
                <li>"Your favourites go, and you are signed out everywhere."</li>
                <li>"You can make a new account with the same address whenever you like."</li>
            </ul>
            <Cancelled visits more/>
            <p class="row"><a href="/account/export.json" download>"Take everything with you first"</a></p>
            <form method="post" class="fields">
                <KnownPassword id="password" label="Your password" wrong/>
                <button class="button danger wide" type="submit">"Erase my account"</button>
            </form>
            <div class="row"><a class="button quiet" href="/account">"Keep my account"</a><SignOut/></div>
        </Sheet>
    }
}

/// The bookings that are cancelled with it.
#[component]
fn Cancelled(visits: Vec<Visit>, more: bool) -> impl IntoView {
    let line = |visit: Visit| view! { <li><b>{visit.venue}</b>", "{visit.when}", "{visit.guests}</li> };
    (!visits.is_empty()).then(|| {
        view! {
            <div class="notice careful">
                <Sign icon=Icon::Warning/>
                <div class="stack">
                    <p>"These bookings are cancelled too, without a further email, and their tables are released at once:"</p>
                    <ul>{visits.into_iter().map(line).collect_view()} {more.then(|| view! { <li>"and all that come after"</li> })}</ul>
                </div>
            </div>
        }
    })
}
