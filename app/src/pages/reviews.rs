//! Everything guests said about a restaurant.

use leptos::prelude::*;
use leptos_meta::{Link as HeadLink, Meta, Title};

use crate::api::{Reviews, load_reviews};
use crate::components::pager::Pager;
use crate::components::review::{Breakdown, NoReviews, ReviewList};
use crate::ssr;

/// A restaurant's reviews, the newest first.
#[component]
pub fn ReviewsPage() -> impl IntoView {
    let slug = super::param("slug");
    super::awaited(async move {
        let found = load_reviews(slug, ssr::query().get("cursor")).await?;
        Ok(view! { <Page found/> })
    })
}

#[component]
fn Page(found: Reviews) -> impl IntoView {
    let Reviews { slug, name, rating, reviews, first, next } = found;
    let url = format!("{}/venues/{slug}/reviews", ssr::facts().public_url);
    let page = format!("/venues/{slug}");
    let is_first = first.is_empty();
    let breakdown = rating.map(|rating| view! { <Breakdown rating/> });
    let list = if reviews.is_empty() {
        view! { <NoReviews/> }.into_any()
    } else {
        view! { <section class="stack" aria-label="Reviews"><h2 class="hidden-text">"Newest first"</h2><ReviewList reviews venue=name.clone()/></section> }
            .into_any()
    };
    view! {
        <Title text=format!("Reviews of {name}")/>
        {is_first.then(|| view! { <HeadLink rel="canonical" href=url/> })}
        {(!is_first).then(|| view! { <Meta name="robots" content="noindex, follow"/> })}
        <div class="page narrow">
            <div class="section near">
                <header class="stack">
                    <p><a href=page.clone()>{name.clone()}</a></p>
                    <h1 class="title">"What guests say"</h1>
                </header>
                {breakdown}
                {list}
                <Pager first next/>
                <p class="row"><a class="button" href=format!("{page}#book")>"Book a table"</a></p>
            </div>
        </div>
    }
}
