//! What can be wished for in the ticket: party, day, area, and what the table must have.

use domain::party::PartySize;
use leptos::prelude::*;

use crate::api::{Choice, DayAsk};

/// What can be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The page the forms stand on.
    pub path: String,
    /// The first day.
    pub first_day: String,
    /// The last day.
    pub last_day: String,
    /// Areas, when there is more than one.
    pub areas: Vec<Choice>,
    /// Needs that decide the table.
    pub needs: Vec<Choice>,
}

/// Party, day, area and needs, with a button that shows the times. The island takes it away, since it asks for them by itself.
#[component]
pub fn Wishes(ask: DayAsk, place: Place) -> impl IntoView {
    let Place { path, first_day, last_day, areas, needs } = place;
    let DayAsk { date, party, area, needs: wished, .. } = ask;
    let area = (!areas.is_empty()).then(|| {
        let option = |choice: Choice| view! { <option selected=choice.value == area value=choice.value.clone()>{choice.label}</option> };
        view! {
            <div class="field">
                <label for="area">"Where"</label>
                <select id="area" name="area">
                    <option value="">"Anywhere"</option>
                    {areas.into_iter().map(option).collect_view()}
                </select>
            </div>
        }
    });
    view! {
        <form method="get" action=format!("{path}#book") class="wishes">
            <div class="pair">
                <div class="field">
                    <label for="party">"Guests"</label>
                    <select id="party" name="party">{parties(&party)}</select>
                </div>
                <div class="field">
                    <label for="date">"Day"</label>
                    <input id="date" type="date" name="date" required min=first_day max=last_day value=date/>
                </div>
            </div>
            {area}
            {(!needs.is_empty()).then(|| view! { <Needs needs wished/> })}
            <button class="button quiet wide" type="submit">"Show times"</button>
        </form>
    }
}

#[component]
fn Needs(needs: Vec<Choice>, wished: Vec<String>) -> impl IntoView {
    let is_open = !wished.is_empty();
    let chip = move |need: Choice| {
        let on = wished.contains(&need.value);
        view! { <label class="chip"><input type="checkbox" name="needs" checked=on value=need.value/>{need.label}</label> }
    };
    view! {
        <details open=is_open>
            <summary class="small">"Step-free or wheelchair?"</summary>
            <fieldset class="field">
                <legend>"The table must have"</legend>
                <div class="chips">{needs.into_iter().map(chip).collect_view()}</div>
            </fieldset>
        </details>
    }
}

/// As many as a party can be: what a restaurant does not take at once, it is asked for, or says that no table is as large.
pub fn parties(chosen: &str) -> impl IntoView + use<> {
    let chosen: u8 = chosen.trim().parse().unwrap_or(2);
    let option = move |people: u8| {
        view! { <option value=people selected=people == chosen>{crate::format::count(people.into(), "guest", "guests")}</option> }
    };
    (1..=PartySize::MAX).map(option).collect_view()
}
