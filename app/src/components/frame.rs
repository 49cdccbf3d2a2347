//! What stands around every page: the masthead and the foot.

use leptos::prelude::*;

/// The way to the content, the house's name, and the two places people look for.
#[component]
pub fn Masthead(
    /// The path of this page, so that its own link is marked.
    here: String,
) -> impl IntoView {
    let current = |path: &str| (here == path).then_some("page");
    let (account, words) =
        if crate::ssr::caller().is_some() { ("/account", "Account") } else { ("/sign-in", "Sign in") };
    view! {
        <a class="skip" href="#main">"Skip to the content"</a>
        <div class="page">
            <div class="masthead">
                <Brand/>
                <nav aria-label="Main">
                    <a href="/#cities">"Cities"</a>
                    <a href="/bookings" aria-current=current("/bookings")>"My booking"</a>
                    <a href=account aria-current=current(account)>{words}</a>
                </nav>
            </div>
        </div>
    }
}

/// A trestle: a beam on two pairs of legs.
const MARK: &str = r#"<path d="M2.5 6.5h19M7.5 6.5 4.5 20M7.5 6.5l3 13.5M16.5 6.5l-3 13.5M16.5 6.5l3 13.5"/>"#;

#[component]
fn Brand() -> impl IntoView {
    view! {
        <a class="brand" href="/">
            <svg
                viewBox="0 0 24 24"
                fill="none"
                stroke="currentColor"
                stroke-width="2.2"
                stroke-linecap="round"
                aria-hidden="true"
                inner_html=MARK
            ></svg>
            "Trestle"
        </a>
    }
}

/// The foot of every page.
#[component]
pub fn Foot() -> impl IntoView {
    view! {
        <footer class="footer">
            <div class="page">
                <div class="stack">
                    <a class="brand" href="/">"Trestle"</a>
                    <p>"Tables at independent restaurants, booked in three steps."</p>
                </div>
                <nav aria-label="Foot">
                    <ul>
                        <li><a href="/bookings">"Find a booking"</a></li>
                        <li><a href="/api/docs">"Open API"</a></li>
                        <li><a href="/accessibility">"Accessibility"</a></li>
                        <li><a href="/privacy">"Privacy"</a></li>
                    </ul>
                </nav>
            </div>
        </footer>
    }
}
