//! The search box with its choices.

use leptos::prelude::*;

use crate::api::{Places, SearchAsk};
use crate::components::wishes::parties;
use crate::islands::Finder;

/// The search box, filled in as the search was understood.
#[component]
pub fn SearchBox(ask: SearchAsk, places: Places, first_day: String) -> impl IntoView {
    let place = if ask.q.is_empty() { ask.city.clone() } else { ask.q.clone() };
    let cities = places.cities.into_iter().map(|city| view! { <option value=city.name></option> }).collect_view();
    let cuisine = ask.cuisine.clone();
    let cuisines = places.cuisines.into_iter().map(move |choice| {
        view! { <option value=choice.value.clone() selected=choice.value == cuisine>{choice.label}</option> }
    });
    let kept =
        [("price", ask.price.clone()), ("sort", ask.sort.clone())].into_iter().filter(|(_, value)| !value.is_empty());
    view! {
        <Finder>
            <label class="place">
                "Where"
                <input name="q" value=place placeholder="City, area or restaurant" list="places" autocomplete="off" maxlength="80"/>
            </label>
            <label class="cuisine">
                "Cuisine"
                <select name="cuisine"><option value="">"Any cuisine"</option>{cuisines.collect_view()}</select>
            </label>
            <label class="date">"Day"<input type="date" name="date" value=ask.date min=first_day/></label>
            <label class="time">"Time"<select name="time">{times(&ask.time)}</select></label>
            <label class="party">"Guests"<select name="party">{parties(&ask.party)}</select></label>
            {kept.map(|(name, value)| view! { <input type="hidden" name=name value=value/> }).collect_view()}
            <button class="button" type="submit">"Find a table"</button>
            <datalist id="places">{cities}</datalist>
        </Finder>
    }
}

/// Every half hour from breakfast to the last bar, and the time that was asked for.
fn times(chosen: &str) -> impl IntoView + use<> {
    let mut clocks: Vec<String> = (14..52).map(|half| format!("{:02}:{:02}", half / 2 % 24, half % 2 * 30)).collect();
    if !clocks.iter().any(|clock| clock == chosen) && chosen.len() == 5 {
        clocks.push(chosen.to_owned());
    }
    let chosen = chosen.to_owned();
    clocks
        .into_iter()
        .map(move |clock| view! { <option selected=clock == chosen>{clock.clone()}</option> })
        .collect_view()
}
