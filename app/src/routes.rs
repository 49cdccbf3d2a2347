//! Which address shows which page.

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::components::{FlatRoutes, Route, Router};
use leptos_router::{SsrMode, path};

use crate::components::problem::{NotFound, Troubled};
use crate::format::escaped;
use crate::pages::{
    AccessibilityPage, AccountPage, BookPage, BookingPage, BookingsPage, ConfirmPage, ErasePage, FavoritesPage,
    ForgotPage, HomePage, OwnBookingPage, PrivacyPage, RegisterPage, ResetPage, ReviewsPage, SearchPage, SignInPage,
    VenuePage,
};
use crate::ssr::Trouble;

/// The page of this address, or the trouble that keeps it away. Every page is rendered whole before it is sent, so that its
/// status is true and nothing needs JavaScript to appear.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    // Escaped here: leptos_meta 0.8 writes the title as it is.
    let formatter = |title: String| match escaped(&title) {
        title if title.is_empty() => "Trestle".to_owned(),
        title => format!("{title} · Trestle"),
    };
    let page = match use_context::<Trouble>() {
        Some(Trouble { status, retry_after }) => view! { <Troubled status wait=retry_after/> }.into_any(),
        None => view! { <Pages/> }.into_any(),
    };
    // Erased here and in the shell, or the type of the whole document grows past what the compiler follows.
    view! { <Title formatter/> {page} }.into_any()
}

#[component]
fn Pages() -> impl IntoView {
    view! {
        <Router>
            <FlatRoutes fallback=NotFound>
                <Route path=path!("/") view=HomePage ssr=SsrMode::Async/>
                <Route path=path!("/search") view=SearchPage ssr=SsrMode::Async/>
                <Route path=path!("/venues/:slug") view=VenuePage ssr=SsrMode::Async/>
                <Route path=path!("/venues/:slug/reviews") view=ReviewsPage ssr=SsrMode::Async/>
                <Route path=path!("/book/:token") view=BookPage ssr=SsrMode::Async/>
                <Route path=path!("/bookings") view=BookingsPage ssr=SsrMode::Async/>
                <Route path=path!("/bookings/:token") view=BookingPage ssr=SsrMode::Async/>
                <Route path=path!("/sign-in") view=SignInPage ssr=SsrMode::Async/>
                <Route path=path!("/register") view=RegisterPage ssr=SsrMode::Async/>
                <Route path=path!("/forgot") view=ForgotPage ssr=SsrMode::Async/>
                <Route path=path!("/account") view=AccountPage ssr=SsrMode::Async/>
                <Route path=path!("/account/bookings/:id") view=OwnBookingPage ssr=SsrMode::Async/>
                <Route path=path!("/account/erase") view=ErasePage ssr=SsrMode::Async/>
                <Route path=path!("/account/favorites") view=FavoritesPage ssr=SsrMode::Async/>
                <Route path=path!("/account/confirm/:token") view=ConfirmPage ssr=SsrMode::Async/>
                <Route path=path!("/account/reset/:token") view=ResetPage ssr=SsrMode::Async/>
                <Route path=path!("/accessibility") view=AccessibilityPage ssr=SsrMode::Async/>
                <Route path=path!("/privacy") view=PrivacyPage ssr=SsrMode::Async/>
            </FlatRoutes>
        </Router>
    }
}
