//! Restaurants in a list.

use leptos::either::Either;
use leptos::prelude::*;

use super::art::{Crop, VenueArt};
use super::favorite::Favorite;
use super::review::RatedLine;
use super::times::slot_class;
use crate::api::{Card, Dear, Link, Places, Sitting};

/// A list of restaurants, each with its nearest free times.
#[component]
pub fn Results(cards: Vec<Card>) -> impl IntoView {
    view! { <ul class="results">{cards.into_iter().map(|card| view! { <VenueCard card/> }).collect_view()}</ul> }
}

#[component]
fn VenueCard(card: Card) -> impl IntoView {
    let times = if card.times.is_empty() {
        Either::Left(view! {
            <p class="about">{card.about} " " <a class="again" href=format!("{}#book", card.href)>"See other times"</a></p>
        })
    } else {
        let label = format!("Free times at {}", card.name);
        Either::Right(
            view! { <ul class="slots" aria-label=label>{card.times.into_iter().map(time).collect_view()}</ul> },
        )
    };
    let place = format!("at-{}", card.slug);
    let at = format!("#{place}");
    let rating = card.rating.map(|rated| view! { <span class="rated"><RatedLine rated/></span> });
    view! {
        <li class="venue-card" id=place>
            <VenueArt seed=card.art.seed cuisine=card.art.cuisine crop=Crop::Card/>
            <div class="words">
                <h3><a href=card.href>{card.name.clone()}</a></h3>
                <p class="meta"><span>{card.cuisine}</span><Price price=card.price/><span>{card.place}</span>{rating}</p>
            </div>
            {times}
            <Favorite at slug=card.slug name=card.name kept=card.kept/>
        </li>
    }
}

fn time((link, sitting): (Link, Sitting)) -> impl IntoView {
    let note = (!sitting.note.is_empty()).then(|| view! { <small>{sitting.note}</small> });
    view! { <li><a class=slot_class(sitting.state) href=link.href>{link.text}{note}</a></li> }
}

/// How dear a place is.
#[component]
pub fn Price(price: Dear) -> impl IntoView {
    view! {
        <span class="dear">
            <span class="hidden-text">{price.label}</span>
            <span aria-hidden="true">{price.on}<i>{price.off}</i></span>
        </span>
    }
}

/// The cities, each leading to its restaurants.
#[component]
pub fn Cities(places: Places) -> impl IntoView {
    let city = |city: crate::api::City| view! { <li><a href=city.href><b>{city.name}</b><small>{city.venues}</small></a></li> };
    view! {
        <section class="section" id="cities">
            <h2>{places.title}" to dine in"</h2>
            <ul class="places">{places.cities.into_iter().map(city).collect_view()}</ul>
        </section>
    }
}
