//! What a search found.

use leptos::either::{Either, EitherOf3};
use leptos::prelude::*;
use leptos_meta::Title;

use crate::api::{Link, Places, Results as Found, SearchAsk, load_places, load_search};
use crate::components::art::{Crop, Icon, Sign, VenueArt};
use crate::components::card::{Cities, Results};
use crate::components::finder::SearchBox;
use crate::components::pager::Pager;
use crate::error::UiError;

/// Search results with their filters.
#[component]
pub fn SearchPage() -> impl IntoView {
    super::awaited(search())
}

fn asked() -> SearchAsk {
    let query = crate::ssr::query();
    SearchAsk {
        q: query.get("q"),
        city: query.get("city"),
        cuisine: query.get("cuisine"),
        price: query.get("price"),
        date: query.get("date"),
        time: query.get("time"),
        party: query.get("party"),
        sort: query.get("sort"),
        cursor: query.get("cursor"),
    }
}

async fn search() -> Result<impl IntoView, UiError> {
    let places = load_places().await?;
    match load_search(asked()).await {
        Ok(found) => Ok(Either::Left(view! { <FoundPage found places/> })),
        // A wish that makes no sense is said where it was made.
        Err(UiError::Invalid(wrong)) => Ok(Either::Right(view! { <Misread sentence=wrong.to_string() places/> })),
        Err(error) => Err(error),
    }
}

#[component]
fn FoundPage(found: Found, places: Places) -> impl IntoView {
    let ask = found.ask.clone();
    let list = if found.cards.is_empty() {
        EitherOf3::A(view! { <Nothing instead=found.instead.clone()/> })
    } else if found.none_free {
        EitherOf3::B(view! { <NoTimes found=found.clone()/> <Results cards=found.cards.clone()/> })
    } else {
        EitherOf3::C(view! { <Results cards=found.cards.clone()/> })
    };
    let nothing = found.cards.is_empty();
    let is_first = ask.cursor.is_empty();
    let first = if is_first { String::new() } else { SearchAsk { cursor: String::new(), ..ask.clone() }.href() };
    let place = if found.place.is_empty() { "every city".to_owned() } else { found.place.clone() };
    view! {
        <Title text=format!("Tables in {place}")/>
        <div class="page section near">
            <h1 class="hidden-text">"Restaurants in " {place}</h1>
            <SearchBox ask=ask.clone() places=places.clone() first_day=found.first_day.clone()/>
            <Filters ask sign=found.sign.clone()/>
        </div>
        <section class="page section near" aria-labelledby="found">
            <div class="spread">
                <h2 id="found">{if nothing { "Nothing found".to_owned() } else { found.title.clone() }}</h2>
                <p class="small">{found.lead.clone()}</p>
            </div>
            {list}
            <Pager first next=found.next/>
        </section>
        {nothing.then(|| view! { <div class="page"><Cities places/></div> })}
    }
}

#[component]
fn Filters(ask: SearchAsk, sign: String) -> impl IntoView {
    let first = SearchAsk { cursor: String::new(), ..ask };
    let price = |word: &str, label: String| {
        let link = SearchAsk { price: word.to_owned(), ..first.clone() };
        chip(link.href(), label, first.price == word)
    };
    let sort = |word: &str, label: &str| {
        let link = SearchAsk { sort: word.to_owned(), ..first.clone() };
        chip(link.href(), label.to_owned(), first.sort == word)
    };
    view! {
        <div class="filters">
            <ul class="chips" aria-label="Price">
                {price("", "Any price".to_owned())} {price("1", sign.clone())} {price("2", format!("{} or less", sign.repeat(2)))}
                {price("3", format!("{} or less", sign.repeat(3)))}
            </ul>
            <ul class="chips" aria-label="Order">
                {sort("", "Free times first")} {sort("name", "By name")} {sort("price", "By price")} {sort("rating", "By rating")}
            </ul>
        </div>
    }
}

fn chip(href: String, label: String, is_current: bool) -> impl IntoView {
    view! { <li><a class="chip" href=href aria-current=is_current.then_some("true")>{label}</a></li> }
}

/// Venues match, but none has a time near the one wanted.
#[component]
fn NoTimes(found: Found) -> impl IntoView {
    view! {
        <div class="notice careful">
            <Sign icon=Icon::Info/>
            <div class="stack">
                <p>"Nothing is free around " {found.ask.time} " " {found.when} "."</p>
                <Instead links=found.instead/>
            </div>
        </div>
    }
}

#[component]
fn Instead(links: Vec<Link>) -> impl IntoView {
    let link = |link: Link| view! { <a class="button quiet" href=link.href>{link.text}</a> };
    (!links.is_empty()).then(|| view! { <div class="row">{links.into_iter().map(link).collect_view()}</div> })
}

#[component]
fn Nothing(instead: Vec<Link>) -> impl IntoView {
    let words = if instead.is_empty() {
        "Try fewer filters, or another city."
    } else {
        "Try fewer filters: these find something."
    };
    view! {
        <div class="empty">
            <h3>"No restaurants match"</h3>
            <p>{words}</p>
            <Instead links=instead/>
            <VenueArt seed=11 cuisine="bistro" crop=Crop::Round/>
        </div>
    }
}

#[component]
fn Misread(sentence: String, places: Places) -> impl IntoView {
    let first_day = String::new();
    view! {
        <Title text="Search"/>
        <div class="page section near">
            <h1 class="hidden-text">"Search"</h1>
            <SearchBox ask=SearchAsk { date: String::new(), ..asked() } places=places.clone() first_day/>
            <p class="notice bad" role="alert"><Sign icon=Icon::Warning/><span>{sentence}</span></p>
            <Cities places/>
        </div>
    }
}
