//! The search box.

use leptos::prelude::*;

use super::line;

/// The search form around its fields, which the server wrote. It works by itself; awake, it leaves out what was left empty and
/// shows that it is looking.
#[island]
pub fn Finder(children: Children) -> impl IntoView {
    let looking = RwSignal::new(false);
    line::on_return(move || looking.set(false));
    let look = move |event: leptos::ev::SubmitEvent| {
        if let Some(path) = path(&event) {
            event.prevent_default();
            looking.set(true);
            line::go(&path);
        }
    };
    view! {
        <search class="finder">
            <form action="/search" method="get" on:submit=look>
                {children()}
                <button class="button" type="submit" aria-busy=move || looking.get().then_some("true")>"Find a table"</button>
            </form>
        </search>
    }
}

/// The address of the search, without what was left empty.
#[cfg(feature = "hydrate")]
fn path(event: &leptos::ev::SubmitEvent) -> Option<String> {
    let form = line::submitted(event)?;
    let query = web_sys::UrlSearchParams::new().ok()?;
    for name in ["q", "cuisine", "price", "date", "time", "party", "sort"] {
        let value = line::field(&form, name);
        if !value.trim().is_empty() {
            query.append(name, value.trim());
        }
    }
    Some(format!("/search?{}", query.to_string().as_string()?))
}

#[cfg(not(feature = "hydrate"))]
const fn path(_event: &leptos::ev::SubmitEvent) -> Option<String> {
    None
}
