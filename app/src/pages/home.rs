//! The front door.

use leptos::either::Either;
use leptos::prelude::*;
use leptos_meta::{Meta, Title};

use crate::api::{Results as Found, SearchAsk, load_places, load_search};
use crate::components::art::{Icon, LongTable, Sign};
use crate::components::card::{Cities, Results};
use crate::components::finder::SearchBox;
use crate::error::UiError;

/// Restaurants shown at the front door: full rows in two and three columns, or at least in three.
const SHOWN: [usize; 2] = [6, 3];

/// Home: the search, what is free tonight in the visitor's city, the cities, and what the house promises.
#[component]
pub fn HomePage() -> impl IntoView {
    super::awaited(home())
}

async fn home() -> Result<impl IntoView, UiError> {
    let places = load_places().await?;
    let city = crate::ssr::query().get("city");
    let city = if places.cities.iter().any(|known| known.name == city) { city } else { places.home.clone() };
    let mut tonight = load_search(SearchAsk { city, ..SearchAsk::default() }).await?;
    let shown = SHOWN.into_iter().find(|shown| tonight.cards.len() >= *shown).unwrap_or(usize::MAX);
    tonight.cards.truncate(shown);
    let (ask, first_day) = (tonight.ask.clone(), tonight.first_day.clone());
    let below = if tonight.cards.is_empty() {
        Either::Left(view! { <Nobody/> })
    } else {
        Either::Right(view! { <Tonight found=tonight/> <Cities places=places.clone()/> })
    };
    Ok(view! {
        <Title text="A table tonight, in three steps"/>
        <Meta name="description" content="Tables at independent restaurants, booked in three steps, without an account."/>
        <div class="hero">
            <div class="page words">
                <h1>"A table tonight, in three steps."</h1>
                <p class="lead">"Tables at independent restaurants, and what is free there now. Choose a time, and it is held for you."</p>
            </div>
            <LongTable seed=7/>
            <div class="page"><SearchBox ask places first_day/></div>
        </div>
        <div class="page">
            {below}
            <div class="section"><Reasons/></div>
        </div>
    })
}

/// Restaurants of the visitor's city, with what is free tonight.
#[component]
fn Tonight(found: Found) -> impl IntoView {
    let Found { place, when, ask, lead, none_free, cards, .. } = found;
    let around = format!("around {} for {}", ask.time, lead.rsplit(' ').next().unwrap_or("two"));
    let (title, around) = if none_free {
        (format!("Restaurants in {place}"), format!("Nothing is free {when} {around}"))
    } else {
        (format!("Open in {place} {when}"), format!("Free as of now, {around}"))
    };
    let all = format!("/search{}", crate::show::query(&[("city", &place)]));
    view! {
        <section class="section near" aria-labelledby="found">
            <div class="spread"><h2 id="found">{title}</h2><p class="small">{around}</p></div>
            <Results cards/>
            <p class="row"><a class="button quiet" href=all>"All restaurants in " {place}</a></p>
        </section>
    }
}

/// A house that no restaurant has joined.
#[component]
fn Nobody() -> impl IntoView {
    view! {
        <section class="section near" aria-labelledby="found">
            <h2 id="found">"No restaurants yet"</h2>
            <div class="empty"><p>"The first ones are still setting their tables. Please look again soon."</p></div>
        </section>
    }
}

#[component]
fn Reasons() -> impl IntoView {
    view! {
        <ul class="reasons">
            <li>
                <Sign icon=Icon::Clock/>
                <h3>"Only what is free"</h3>
                <p>"A time is shown because it could be booked when the page was loaded. If somebody is quicker, you are shown what is free near it."</p>
            </li>
            <li>
                <Sign icon=Icon::Hourglass/>
                <h3>"Held while you type"</h3>
                <p>"Choose a time and the table is kept for you for " {crate::ssr::held_for()} ", and longer if you ask."</p>
            </li>
            <li>
                <Sign icon=Icon::Key/>
                <h3>"No account needed"</h3>
                <p>"A name and an email address will do. One private link to change, run late or cancel."</p>
            </li>
        </ul>
    }
}
