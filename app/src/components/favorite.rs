//! The heart of a restaurant.

use leptos::either::Either;
use leptos::prelude::*;

use super::art::{Icon, Sign};
use crate::islands::Heart;
use crate::show::query;
use crate::ssr;

/// Keeps a restaurant as a favourite, or lets it go. Nobody's leads to signing in, and from there back to this place.
#[component]
pub fn Favorite(
    slug: String,
    name: String,
    /// Whether it is kept; `None` when nobody is signed in.
    kept: Option<bool>,
    /// Where on this page it is.
    #[prop(optional)]
    at: String,
) -> impl IntoView {
    let back = format!("{}{at}", ssr::here());
    let label = format!("Keep {name} as a favourite");
    let Some(kept) = kept else {
        let href = format!("/sign-in{}", query(&[("next", &back)]));
        return Either::Left(
            view! { <a class="heart" href=href aria-label=label rel="nofollow"><Sign icon=Icon::Heart/></a> },
        );
    };
    let (pressed, wanted) = if kept { ("true", "") } else { ("false", "yes") };
    Either::Right(view! {
        <Heart>
            <input type="hidden" name="slug" value=slug/>
            <input type="hidden" name="on" value=wanted/>
            <input type="hidden" name="back" value=back/>
            <button class="heart" type="submit" aria-pressed=pressed aria-label=label><Sign icon=Icon::Heart/></button>
        </Heart>
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobodys_heart_leads_to_signing_in_and_back() {
        let (slug, name, at) = ("taberna-do-rio".to_owned(), "Taberna <do> Rio".to_owned(), "#at-x".to_owned());
        let html = Owner::new().with(|| view! { <Favorite slug name kept=None at/> }.to_html());
        assert!(html.contains("href=\"/sign-in?next=%2F%23at-x\"") && !html.contains("<form"), "{html}");
        assert!(html.contains("aria-label=\"Keep Taberna &lt;do&gt; Rio as a favourite\""), "{html}");
    }
}
