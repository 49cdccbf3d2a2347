//! Choosing a day, a party and a time: for a new booking, or for one that moves.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::line::{self, Patience};
use super::shared::latest_rev;
use crate::api::{
    ChangeAsk, Choice, Day, DayAsk, Empty, HoldAsk, Part, Sitting, StripDay, change_booking, hold_table, load_availability, load_change_times,
};
use crate::components::art::{Icon, Sign};
use crate::components::sittings::{Key, Parts};
use crate::error::UiError;

/// What the choice is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Purpose {
    /// A new booking.
    Hold,
    /// A booking moves.
    Change {
        /// Its revision.
        rev: i32,
        /// Its start.
        own: String,
    },
}

/// What can be chosen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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

/// What was refused a moment ago, and what can be had instead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// The refusal.
    pub sentence: String,
    /// Times that can be had.
    pub instead: Vec<Sitting>,
}

impl From<&UiError> for Notice {
    fn from(error: &UiError) -> Self {
        Self { sentence: error.to_string(), instead: error.instead().to_vec() }
    }
}

/// What a chooser's parts share.
#[derive(Clone, Copy)]
struct Choosing {
    ask: RwSignal<DayAsk>,
    chosen: RwSignal<String>,
    notice: RwSignal<Option<Notice>>,
    sending: RwSignal<bool>,
    wanted: StoredValue<String>,
    place: StoredValue<Place>,
    purpose: StoredValue<Purpose>,
}

/// Day, party, area and needs above; the times of that day below.
#[island]
pub fn Chooser(
    ask: DayAsk,
    place: Place,
    purpose: Purpose,
    /// The time by the clock that is chosen from the start, if it is free.
    wanted: String,
    notice: Option<Notice>,
) -> impl IntoView {
    let choosing = Choosing {
        ask: RwSignal::new(ask),
        chosen: RwSignal::new(String::new()),
        notice: RwSignal::new(notice),
        sending: RwSignal::new(false),
        wanted: StoredValue::new(wanted),
        place: StoredValue::new(place),
        purpose: StoredValue::new(purpose),
    };
    let day = Resource::new(move || choosing.ask.get(), move |ask| load(choosing, ask));
    line::on_return(move || {
        choosing.sending.set(false);
        day.refetch();
    });
    let loading = RwSignal::new(false);
    view! {
        <Wishes choosing/>
        <hr class="tear"/>
        <News day/>
        <ErrorBoundary fallback=move |errors| view! { <Lost errors again=move || day.refetch()/> }>
            <Transition fallback=Waiting set_pending=loading>
                {move || Suspend::new(async move { day.await.map(|day| view! { <Times choosing day loading/> }) })}
            </Transition>
        </ErrorBoundary>
    }
}

fn load(choosing: Choosing, ask: DayAsk) -> impl Future<Output = Result<Day, UiError>> + Send {
    let moves = choosing.purpose.with_value(|purpose| *purpose != Purpose::Hold);
    line::ask(Patience::LookUp, move || {
        let ask = ask.clone();
        async move { if moves { load_change_times(ask).await } else { load_availability(ask).await } }
    })
}

/// Party, day, area and needs. Without the island a button shows the times; with it they come by themselves.
#[component]
fn Wishes(choosing: Choosing) -> impl IntoView {
    let Choosing { ask, place, .. } = choosing;
    let wish = move |change: fn(&mut DayAsk, String)| {
        move |event: leptos::ev::Event| alter(choosing, |ask| change(ask, event_target_value(&event)))
    };
    // A date input that is being cleared or half typed has no value; the day stays.
    let wish_day = move |event: leptos::ev::Event| {
        let date = event_target_value(&event);
        if !date.is_empty() {
            alter(choosing, |ask| ask.date = date);
        }
    };
    let Place { path, first_day, last_day, areas, needs } = place.get_value();
    let now = ask.get_untracked();
    view! {
        <form method="get" action=format!("{path}#book") class="wishes" on:submit=|event| event.prevent_default()>
            <div class="pair">
                <div class="field">
                    <label for="party">"Guests"</label>
                    <select id="party" name="party" on:change=wish(|ask, party| ask.party = party)>{party_options(&now.party)}</select>
                </div>
                <div class="field">
                    <label for="date">"Day"</label>
                    <input
                        id="date"
                        type="date"
                        name="date"
                        required
                        min=first_day
                        max=last_day
                        value=now.date.clone()
                        prop:value=move || ask.get().date
                        on:change=wish_day
                    />
                </div>
            </div>
            {(!areas.is_empty()).then(|| view! {
                <div class="field">
                    <label for="area">"Where"</label>
                    <select id="area" name="area" on:change=wish(|ask, area| ask.area = area)>
                        <option value="">"Anywhere"</option>
                        {areas.into_iter().map(|area| view! {
                            <option selected=area.value == now.area value=area.value>{area.label}</option>
                        }).collect_view()}
                    </select>
                </div>
            })}
            {(!needs.is_empty()).then(|| view! { <Needs choosing needs/> })}
            <noscript inner_html="<button class=\"button quiet wide\" type=\"submit\">Show times</button>"></noscript>
        </form>
    }
}

#[component]
fn Needs(choosing: Choosing, needs: Vec<Choice>) -> impl IntoView {
    let wished = choosing.ask.get_untracked().needs;
    let chip = move |need: Choice| {
        let word = need.value.clone();
        let toggle = move |event: leptos::ev::Event| {
            let on = event_target_checked(&event);
            let word = word.clone();
            alter(choosing, |ask| {
                ask.needs.retain(|need| *need != word);
                if on {
                    ask.needs.push(word);
                }
            });
        };
        view! {
            <label class="chip">
                <input type="checkbox" name="needs" checked=wished.contains(&need.value) value=need.value on:change=toggle/>
                {need.label}
            </label>
        }
    };
    view! {
        <fieldset class="field">
            <legend>"The table must have"</legend>
            <div class="chips">{needs.into_iter().map(chip).collect_view()}</div>
        </fieldset>
    }
}

/// One to twenty, and more when more was asked for.
fn party_options(chosen: &str) -> impl IntoView + use<> {
    let chosen: u32 = chosen.parse().unwrap_or(2);
    let more = (chosen > 20).then_some(chosen);
    let option = move |people: u32| {
        let words = if people == 1 { "1 guest".to_owned() } else { format!("{people} guests") };
        view! { <option value=people selected=people == chosen>{words}</option> }
    };
    (1..=20).chain(more).map(option).collect_view()
}

/// Says aloud which times arrived.
#[component]
fn News(day: Resource<Result<Day, UiError>>) -> impl IntoView {
    let news = RwSignal::new(String::new());
    Effect::new(move |before: Option<bool>| {
        let arrived = day.get();
        // The first times came with the page and are read in their place.
        if let (Some(true), Some(Ok(day))) = (before, &arrived) {
            news.set(day.news.clone());
        }
        before == Some(true) || arrived.is_some()
    });
    view! { <p class="hidden-text" role="status" aria-live="polite">{move || news.get()}</p> }
}

/// What stands in place of times that are on their way.
#[component]
fn Waiting() -> impl IntoView {
    let times = || (0..8).map(|_| view! { <span class="slot"></span> }).collect_view();
    view! { <div class="skeleton" aria-hidden="true"><div class="slots">{times()}</div></div> }
}

/// What stands in place of times that did not arrive.
#[component]
fn Lost(errors: ArcRwSignal<Errors>, again: impl Fn() + Send + 'static) -> impl IntoView {
    let words = move || errors.read().iter().next().map(|(_, error)| error.to_string());
    view! {
        <div class="empty" role="alert">
            <h3>"No times to show"</h3>
            <p>{words}</p>
            <button class="button quiet" type="button" on:click=move |_| again()>"Try again"</button>
        </div>
    }
}

/// The days around, the times of this one, and the button.
#[component]
fn Times(choosing: Choosing, day: Day, loading: RwSignal<bool>) -> impl IntoView {
    let Choosing { ask, chosen, notice, sending, place, purpose, .. } = choosing;
    choose_wanted(choosing, &day);
    let own = purpose.with_value(|purpose| match purpose {
        Purpose::Hold => String::new(),
        Purpose::Change { own, .. } => own.clone(),
    });
    let is_free = day.empty.is_none();
    let choices = StoredValue::new((day.parts.clone(), day.party.clone()));
    let shown = StoredValue::new((day.date.clone(), day.key.clone()));
    view! {
        <Strip choosing days=day.strip today=day.date.clone()/>
        {move || notice.get().map(|notice| {
            let (date, key) = shown.get_value();
            view! { <Refused choosing notice date key/> }
        })}
        <form
            method="post"
            action=place.with_value(|place| format!("{}#book", place.path))
            class="picker stack"
            aria-busy=move || loading.get().then_some("true")
            on:submit=move |event| send(choosing, &event)
        >
            <Hidden ask=ask.get_untracked() purpose=purpose.get_value() date=day.date key=day.key/>
            {(!day.note.is_empty() && is_free).then(|| view! { <p class="notice"><Sign icon=Icon::Info/><span>{day.note}</span></p> })}
            <Parts parts=day.parts.clone() chosen own/>
            {is_free.then(|| view! {
                <Key parts=day.parts/>
                <button class="button wide" type="submit" aria-busy=move || sending.get().then_some("true")>
                    {move || label(choosing, choices)}
                </button>
                <p class="small">{promise(&purpose.get_value())}</p>
            })}
        </form>
        {day.empty.map(|empty| view! { <Nothing choosing empty/> })}
    }
}

/// Chooses the time one came for, once, or says that it is gone.
fn choose_wanted(choosing: Choosing, day: &Day) {
    let clock = choosing.wanted.get_value();
    if clock.is_empty() {
        return;
    }
    choosing.wanted.set_value(String::new());
    match day.parts.iter().flat_map(|part| &part.sittings).find(|sitting| sitting.clock == clock && sitting.state.is_free()) {
        Some(sitting) => choosing.chosen.set(sitting.start.clone()),
        None if choosing.notice.read_untracked().is_some() => {}
        None => choosing.notice.set(Some(Notice { sentence: format!("{clock} cannot be had any more."), instead: Vec::new() })),
    }
}

/// What the plain form sends besides the time.
#[component]
fn Hidden(ask: DayAsk, purpose: Purpose, date: String, key: String) -> impl IntoView {
    let rev = match purpose {
        Purpose::Hold => None,
        Purpose::Change { rev, .. } => Some(view! {
            <input type="hidden" name="do" value="change"/>
            <input type="hidden" name="rev" value=rev/>
        }),
    };
    view! {
        {rev}
        <input type="hidden" name="date" value=date/>
        <input type="hidden" name="party" value=ask.party/>
        <input type="hidden" name="area" value=ask.area/>
        {ask.needs.into_iter().map(|need| view! { <input type="hidden" name="needs" value=need/> }).collect_view()}
        <input type="hidden" name="key" value=key/>
    }
}

#[component]
fn Strip(choosing: Choosing, days: Vec<StripDay>, today: String) -> impl IntoView {
    let link = move |day: StripDay| {
        let date = day.date.clone();
        let choose = move |event: leptos::ev::MouseEvent| {
            if !(event.ctrl_key() || event.meta_key() || event.shift_key()) {
                event.prevent_default();
                alter(choosing, |ask| ask.date.clone_from(&date));
            }
        };
        let class = match day.foot.as_str() {
            "closed" => "day closed",
            "full" => "day full",
            _ => "day",
        };
        let current = (day.date == today).then_some("date");
        let (href, spoken) = (address(choosing, &day.date), spoken(&day));
        view! {
            <li>
                <a class=class href=href aria-current=current aria-label=spoken on:click=choose>
                    {day.weekday}<b>{day.number}</b>{day.foot}
                </a>
            </li>
        }
    };
    view! { <ul class="days" aria-label="Days">{days.into_iter().map(link).collect_view()}</ul> }
}

fn spoken(day: &StripDay) -> String {
    match day.foot.as_str() {
        "closed" | "full" => format!("{}, {}", day.title, day.foot),
        _ => day.title.clone(),
    }
}

/// What was refused, and what can be had instead as buttons.
#[component]
fn Refused(choosing: Choosing, notice: Notice, date: String, key: String) -> impl IntoView {
    let Choosing { place, ask, purpose, .. } = choosing;
    let instead = notice.instead.into_iter().filter(|sitting| sitting.state.is_free()).collect::<Vec<_>>();
    let other_days = instead.iter().any(|sitting| sitting.date != date);
    let button = move |sitting: Sitting| {
        let class = if sitting.note == "by request" { "slot request" } else { "slot" };
        let small = if other_days { sitting.day } else { sitting.note };
        view! {
            <li>
                <button class=class type="submit" name="start" value=sitting.start>
                    {sitting.clock}{(!small.is_empty()).then(|| view! { <small>{small}</small> })}
                </button>
            </li>
        }
    };
    view! {
        <div class="notice careful" role="alert" tabindex="-1" id="refused">
            <Sign icon=Icon::Warning/>
            <p>{notice.sentence} {(!instead.is_empty()).then_some(" These can be had instead:")}</p>
            {(!instead.is_empty()).then(|| view! {
                <form
                    method="post"
                    action=place.with_value(|place| format!("{}#book", place.path))
                    class="instead-times"
                    on:submit=move |event| send(choosing, &event)
                >
                    <Hidden ask=ask.get_untracked() purpose=purpose.get_value() date key/>
                    <ul class="slots">{instead.into_iter().map(button).collect_view()}</ul>
                </form>
            })}
        </div>
    }
}

/// A day on which nothing can be had, and the days that come next.
#[component]
fn Nothing(choosing: Choosing, empty: Empty) -> impl IntoView {
    let day = move |part: Part| {
        let link = move |sitting: Sitting| {
            let class = if sitting.note == "by request" { "slot request" } else { "slot" };
            let small = (!sitting.note.is_empty()).then(|| view! { <small>{sitting.note.clone()}</small> });
            let choose = {
                let sitting = sitting.clone();
                move |event: leptos::ev::MouseEvent| {
                    event.prevent_default();
                    choosing.chosen.set(sitting.start.clone());
                    let date = sitting.date.clone();
                    alter_keeping(choosing, |ask| ask.date = date);
                }
            };
            let href = format!("{}&time={}#book", address(choosing, &sitting.date).trim_end_matches("#book"), sitting.clock.replace(':', "%3A"));
            view! { <li><a class=class href=href on:click=choose>{sitting.clock}{small}</a></li> }
        };
        view! { <li><b>{part.name}</b><ul class="slots">{part.sittings.into_iter().map(link).collect_view()}</ul></li> }
    };
    view! {
        <div class="empty">
            <h3>{empty.title}</h3>
            <p>{empty.text}</p>
            {(!empty.next.is_empty()).then(|| view! { <ul class="instead">{empty.next.into_iter().map(day).collect_view()}</ul> })}
        </div>
    }
}

fn promise(purpose: &Purpose) -> &'static str {
    match purpose {
        Purpose::Hold => "The table is then kept for you for five minutes while you fill in your name. Nothing to pay now.",
        Purpose::Change { .. } => "Your table stands until the new one is yours.",
    }
}

/// "Hold 19:30 for two", once a time is chosen.
fn label(choosing: Choosing, choices: StoredValue<(Vec<Part>, String)>) -> String {
    let chosen = choosing.chosen.get();
    let change = choosing.purpose.with_value(|purpose| *purpose != Purpose::Hold);
    choices.with_value(|(parts, party)| {
        let clock = parts.iter().flat_map(|part| &part.sittings).find(|sitting| sitting.start == chosen).map(|sitting| &sitting.clock);
        match (clock, change) {
            (Some(clock), false) => format!("Hold {clock} for {party}"),
            (Some(clock), true) => format!("Change to {clock} for {party}"),
            (None, false) => "Hold this table".to_owned(),
            (None, true) => "Change to this time".to_owned(),
        }
    })
}

/// Changes what is asked for; the times follow, and so does the address.
fn alter(choosing: Choosing, change: impl FnOnce(&mut DayAsk)) {
    choosing.chosen.set(String::new());
    alter_keeping(choosing, change);
}

fn alter_keeping(choosing: Choosing, change: impl FnOnce(&mut DayAsk)) {
    choosing.notice.set(None);
    choosing.ask.update(change);
    #[cfg(feature = "hydrate")]
    if let Ok(history) = window().history() {
        let here = address(choosing, &choosing.ask.get_untracked().date);
        // An address that cannot be set is one that cannot be shared; the choice itself stands.
        let _ = history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&here));
    }
}

/// This page, looking at this date. All parts are made of letters that stand for themselves in addresses.
fn address(choosing: Choosing, date: &str) -> String {
    let DayAsk { party, area, needs, .. } = choosing.ask.get_untracked();
    let mut address = choosing.place.with_value(|place| format!("{}?date={date}&party={party}", place.path));
    if !area.is_empty() {
        address.push_str("&area=");
        address.push_str(&area);
    }
    for need in needs {
        address.push_str("&needs=");
        address.push_str(&need);
    }
    address.push_str("#book");
    address
}

/// Sends the choice by the server function instead of the plain form.
#[cfg(feature = "hydrate")]
fn send(choosing: Choosing, event: &leptos::ev::SubmitEvent) {
    use super::{shared::Tone, tray};
    let Some(form) = line::submitted(event) else { return };
    event.prevent_default();
    if choosing.sending.get_untracked() {
        return;
    }
    let pressed = line::pressed(event);
    let start = if pressed.is_empty() { line::field(&form, "start") } else { pressed };
    let key = line::field(&form, "key");
    choosing.sending.set(true);
    leptos::task::spawn_local(async move {
        let sent = match choosing.purpose.get_value() {
            Purpose::Hold => hold(choosing, start, key).await,
            Purpose::Change { rev, .. } => change(choosing, start, key, rev).await,
        };
        match sent {
            Ok(href) => line::go(&href),
            Err(error) => {
                choosing.sending.set(false);
                if error.instead().is_empty() {
                    tray::say(Tone::Error, &error.to_string());
                }
                choosing.notice.set(Some(Notice::from(&error)));
                // The times are old news now.
                choosing.ask.notify();
                line::focus_soon("refused");
            }
        }
    });
}

#[cfg(not(feature = "hydrate"))]
fn send(_choosing: Choosing, _event: &leptos::ev::SubmitEvent) {}

async fn hold(choosing: Choosing, start: String, key: String) -> Result<String, UiError> {
    let DayAsk { of, party, area, needs, .. } = choosing.ask.get_untracked();
    let ask = HoldAsk { slug: of, start, party, area, needs, key };
    line::ask(Patience::Booking, move || hold_table(ask.clone())).await.map(|held| held.href)
}

async fn change(choosing: Choosing, start: String, key: String, rev: i32) -> Result<String, UiError> {
    let DayAsk { of, party, area, .. } = choosing.ask.get_untracked();
    let rev = latest_rev().get_untracked().unwrap_or(rev).to_string();
    let ask = ChangeAsk { token: of, rev, start, party, area, notes: None, key };
    line::ask(Patience::Booking, move || change_booking(ask.clone())).await.map(|booking| format!("/bookings/{}?done=changed", booking.token))
}
