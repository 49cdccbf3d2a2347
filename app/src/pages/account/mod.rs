//! An account: made, confirmed, signed in to, got back into, looked after, and left. Plain forms, since a browser does nothing here
//! better.

mod diary;
mod entry;
mod erase;
mod favorites;
mod home;
mod link;
mod profile;

use domain::field::FieldErrors;
use leptos::prelude::*;
use leptos_meta::{Meta, Title};

pub use diary::OwnBookingPage;
pub use entry::{ForgotPage, RegisterPage, SignInPage};
pub use erase::ErasePage;
pub use favorites::FavoritesPage;
pub use home::AccountPage;
pub use link::{ConfirmPage, ResetPage};

use crate::components::art::{Icon, Sign};
use crate::components::form::{Line, about};
use crate::error::UiError;
use crate::islands::Problems;
use crate::ssr;

/// What became of a form.
enum Posted {
    /// Nothing was posted, or something is to be put right.
    Show(FieldErrors),
    /// It is done, and the visitor goes on there.
    Done(String),
}

impl Posted {
    /// The same, where complaints are shown at the form, and any other trouble instead of the page.
    fn of(outcome: Result<String, UiError>) -> Result<Self, UiError> {
        match outcome {
            Ok(href) => Ok(Self::Done(href)),
            Err(error @ UiError::Invalid(_)) => {
                ssr::tell_status(&error);
                Ok(Self::Show(error.fields()))
            }
            Err(error) => Err(error),
        }
    }
}

/// A page about an account: a title, what it is for, and one thing to do.
#[component]
fn Sheet(
    #[prop(into)] title: String,
    #[prop(into)] lead: String,
    /// What is to be put right.
    #[prop(optional)]
    wrong: FieldErrors,
    children: Children,
) -> impl IntoView {
    view! {
        <Title text=title.clone()/>
        <Meta name="robots" content="noindex"/>
        <div class="page narrow">
            <section class="section near sheet">
                <div class="stack"><h1 class="title">{title}</h1><p class="lead">{lead}</p></div>
                <Problems wrong=wrong.0/>
                {children()}
            </section>
        </div>
    }
}

/// No page: the visitor goes on there.
#[component]
fn Onward(#[prop(into)] href: String) -> impl IntoView {
    ssr::see_other(&href);
}

/// The way out, which stands on every page that is for its owner alone.
#[component]
fn SignOut() -> impl IntoView {
    view! {
        <form method="post" action="/account">
            <button class="button quiet" type="submit" name="do" value="sign_out">"Sign out"</button>
        </form>
    }
}

/// The way to signing in, and from there to this place.
fn sign_in_for(path: &str) -> String {
    format!("/sign-in{}", crate::show::query(&[("next", path)]))
}

/// What was just done.
#[component]
fn Good(#[prop(into)] words: String) -> impl IntoView {
    (!words.is_empty())
        .then(|| view! { <p class="notice good" role="status"><Sign icon=Icon::Check/><span>{words}</span></p> })
}

/// A password that is being chosen.
#[component]
fn NewPassword(id: &'static str, label: &'static str, wrong: FieldErrors) -> impl IntoView {
    let wrong = about(&wrong, id);
    view! {
        <Line
            wrong
            id
            label
            kind="password"
            autocomplete="new-password"
            required=true
            hint="At least 8 characters. A few words in a row are easy to keep and hard to guess."
        />
    }
}

/// A password that is known already.
#[component]
fn KnownPassword(id: &'static str, label: &'static str, wrong: FieldErrors) -> impl IntoView {
    let wrong = about(&wrong, id);
    view! { <Line wrong id label kind="password" autocomplete="current-password" required=true/> }
}
