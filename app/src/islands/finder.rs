//! The search box.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;

/// The search form around its fields. It works by itself; awake, it leaves out of the address what was left empty, and shows that
/// it is looking, and lets nobody search more often than the server does.
#[island]
pub fn Finder(children: Children) -> impl IntoView {
    #[cfg(feature = "hydrate")]
    super::dom::on_return(|| super::dom::busy(super::dom::find(".finder [aria-busy]").as_ref(), false));
    view! {
        <search class="finder">
            <form action="/search" method="get" on:submit=move |event| look(&event)>{children()}</form>
        </search>
    }
}

#[cfg(feature = "hydrate")]
fn look(event: &SubmitEvent) {
    use super::{dom, line, measure};
    let (Some(form), Ok(query)) = (dom::submitted(event), web_sys::UrlSearchParams::new()) else { return };
    for name in ["q", "cuisine", "price", "date", "time", "party", "sort"] {
        let value = dom::field(&form, name);
        if !value.trim().is_empty() {
            query.append(name, value.trim());
        }
    }
    event.prevent_default();
    // Whoever is kept out is told by a banner.
    if line::admit(measure::Kind::Search).is_err() {
        return;
    }
    dom::busy(dom::find(".finder button").as_ref(), true);
    dom::go(&format!("/search?{}", String::from(query.to_string())));
}

#[cfg(not(feature = "hydrate"))]
const fn look(_event: &SubmitEvent) {}
