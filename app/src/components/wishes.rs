//! What can be wished for in the ticket: party, day, area, and what the table must have.

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

/// Party, day, area and needs. Without JavaScript a button shows the times; the island asks for them by itself.
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
            <noscript><button class="button quiet wide" type="submit">"Show times"</button></noscript>
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

/// One to twenty, and more when more was asked for.
pub fn parties(chosen: &str) -> impl IntoView + use<> {
    let chosen: u32 = chosen.trim().parse().unwrap_or(2);
    let more = (21..=50).contains(&chosen).then_some(chosen);
    let option = move |people: u32| {
        view! { <option value=people selected=people == chosen>{crate::format::count(people as usize, "guest", "guests")}</option> }
    };
    (1..=20).chain(more).map(option).collect_view()
}
