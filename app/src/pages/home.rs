//! The front door.

use leptos::prelude::*;
use leptos_meta::{Meta, Title};

use crate::api::{SearchAsk, load_places, load_search};
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
    let title = if tonight.place.is_empty() {
        "No restaurants yet".to_owned()
    } else {
        format!("Open in {} {}", tonight.place, tonight.when)
    };
    let around = format!("Live, around {} for {}", tonight.ask.time, tonight.lead.rsplit(' ').next().unwrap_or("two"));
    let all = format!("/search{}", crate::show::query(&[("city", &tonight.place)]));
    Ok(view! {
        <Title text="A table tonight, in three steps"/>
        <Meta name="description" content="Live tables at independent restaurants, booked in three steps, without an account."/>
        <div class="hero">
            <div class="page words">
                <h1>"A table tonight, in three steps."</h1>
                <p class="lead">"Live tables at independent restaurants. What you see is free this second; what you book is yours."</p>
            </div>
            <LongTable seed=7/>
            <div class="page"><SearchBox ask=tonight.ask places=places.clone() first_day=tonight.first_day/></div>
        </div>
        <div class="page">
            <section class="section near" aria-labelledby="found">
                <div class="spread"><h2 id="found">{title}</h2><p class="live">{around}</p></div>
                <Results cards=tonight.cards/>
                <p class="row"><a class="button quiet" href=all>"All restaurants in " {tonight.place}</a></p>
            </section>
            <Cities places/>
            <div class="section"><Reasons/></div>
        </div>
    })
}

#[component]
fn Reasons() -> impl IntoView {
    view! {
        <ul class="reasons">
            <li>
                <Sign icon=Icon::Clock/>
                <h3>"Free this second"</h3>
                <p>"Every time you see can be booked. When the last table goes, the time goes with it."</p>
            </li>
            <li>
                <Sign icon=Icon::Hourglass/>
                <h3>"Held while you type"</h3>
                <p>"Choose a time and the table is kept for you for five minutes, and longer if you ask."</p>
            </li>
            <li>
                <Sign icon=Icon::Key/>
                <h3>"No account needed"</h3>
                <p>"A name and a mail address will do. One private link to change, run late or cancel."</p>
            </li>
        </ul>
    }
}
