//! The pages.

mod account;
mod book;
mod booking;
mod home;
mod reviews;
mod search;
mod venue;
mod words;

use leptos::either::Either;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

pub use account::{
    AccountPage, ConfirmPage, ErasePage, FavoritesPage, ForgotPage, OwnBookingPage, RegisterPage, ResetPage, SignInPage,
};
pub use book::BookPage;
pub use booking::BookingPage;
pub use home::HomePage;
pub use reviews::ReviewsPage;
pub use search::SearchPage;
pub use venue::VenuePage;
pub use words::{AccessibilityPage, BookingsPage, PrivacyPage};

use crate::api::Choice;
use crate::components::problem::Failed;
use crate::error::UiError;

/// What is awaited, or the page about what went wrong.
fn awaited<V: IntoView + 'static>(work: impl Future<Output = Result<V, UiError>> + Send + 'static) -> impl IntoView {
    view! {
        <Suspense>
            {Suspend::new(async move {
                match work.await {
                    Ok(page) => Either::Left(page),
                    Err(error) => Either::Right(view! { <Failed error/> }),
                }
            })}
        </Suspense>
    }
}

/// A part of this page's address.
fn param(name: &str) -> String {
    use_params_map().get_untracked().get(name).unwrap_or_default()
}

/// Words of a vocabulary as choices, their names with a capital at the front.
fn choices<T: Copy>(words: &[T], word: impl Fn(T) -> &'static str, label: impl Fn(T) -> &'static str) -> Vec<Choice> {
    words
        .iter()
        .map(|item| Choice { value: word(*item).to_owned(), label: crate::format::capital(label(*item)) })
        .collect()
}
