//! The days around, and the times of one of them.
//!
//! It is drawn on the server alone, for the page and, when a wish changes, for the island that puts it in its place.

use domain::form::parse_time;
use leptos::either::Either;
use leptos::prelude::*;

use super::art::{Icon, Sign};
use crate::api::{Day, DayAsk, Empty, Part, Refused, Sitting, State, StripDay, Times};
use crate::show::{nearest, query};
use crate::ssr;

/// What the choice is for.
#[derive(Clone, Debug, PartialEq, Eq)]
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

/// A day's times as an island puts them in their place.
pub fn drawn(day: Day, ask: DayAsk, purpose: Purpose) -> Times {
    let news = day.news.clone();
    let path = match purpose {
        Purpose::Hold => format!("/venues/{}", ask.of),
        Purpose::Change { .. } => format!("/bookings/{}", ask.of),
    };
    Times { html: view! { <DayOfTimes day ask path purpose wanted=String::new()/> }.to_html(), news }
}

/// The days around, the times of this one, and the button.
#[component]
fn DayOfTimes(
    day: Day,
    ask: DayAsk,
    /// The page the forms stand on.
    path: String,
    purpose: Purpose,
    /// The time by the clock that one came for.
    wanted: String,
) -> impl IntoView {
    // Whatever else an address says there is no time to come for.
    let wanted = parse_time(&wanted).map_or_else(|_| String::new(), |_| wanted.trim().to_owned());
    let sittings = || day.parts.iter().flat_map(|part| &part.sittings);
    let own = match &purpose {
        Purpose::Hold => "",
        Purpose::Change { own, .. } => own.as_str(),
    };
    let is_wanted = |sitting: &&Sitting| if wanted.is_empty() { sitting.start == own } else { sitting.clock == wanted };
    let chosen = sittings().filter(|sitting| sitting.state.is_free()).find(is_wanted).cloned();
    let is_missed = !wanted.is_empty() && chosen.is_none() && day.empty.is_none();
    let refused = day.refused.clone().or_else(|| is_missed.then(|| missed(&wanted, &day.parts)));
    let hidden = Sent { ask: ask.clone(), date: day.date.clone(), key: day.key.clone(), purpose: purpose.clone() };
    let is_free = day.empty.is_none();
    let note = (!day.note.is_empty() && is_free)
        .then(|| view! { <p class="notice"><Sign icon=Icon::Info/><span>{day.note}</span></p> });
    view! {
        <Strip days=day.strip today=day.date path=path.clone() ask=ask.clone()/>
        {refused.map(|refused| view! { <Lost refused path=path.clone() hidden=hidden.clone()/> })}
        <form method="post" action=format!("{path}#book") class="picker stack">
            <Hidden sent=hidden/>
            {note}
            {day.parts.iter().cloned().map(|part| view! { <Service part chosen=chosen.clone() purpose=purpose.clone()/> }).collect_view()}
            {is_free.then(|| view! { <Ending parts=day.parts party=day.party purpose/> })}
        </form>
        {day.empty.map(|empty| view! { <Nothing empty path ask/> })}
    }
}

/// A time that one came for and that cannot be had, and what is free near it.
fn missed(wanted: &str, parts: &[Part]) -> Refused {
    let is_known = parts.iter().flat_map(|part| &part.sittings).any(|sitting| sitting.clock == wanted);
    let why = if is_known { "is no longer free" } else { "is not on offer that day" };
    Refused { sentence: format!("{wanted} {why}."), instead: nearest(parts, wanted) }
}

/// The days around as links.
#[component]
fn Strip(days: Vec<StripDay>, today: String, path: String, ask: DayAsk) -> impl IntoView {
    let link = |day: StripDay| {
        let class = match day.foot.as_str() {
            "closed" => "day closed",
            "full" => "day full",
            _ => "day",
        };
        let current = (day.date == today).then_some("date");
        let href = address(&path, &ask, &day.date, "");
        view! {
            <li>
                <a class=class href=href aria-current=current data-date=day.date>
                    {day.weekday}" "<b>{day.number}</b>" "{day.foot}
                </a>
            </li>
        }
    };
    view! { <ul class="days" aria-label="Days">{days.into_iter().map(link).collect_view()}</ul> }
}

/// This page, looking at this date, and having come for this time.
pub fn address(path: &str, ask: &DayAsk, date: &str, time: &str) -> String {
    let mut pairs = vec![("date", date), ("party", &ask.party), ("area", &ask.area), ("time", time)];
    pairs.extend(ask.needs.iter().map(|need| ("needs", need.as_str())));
    format!("{path}{}#book", query(&pairs))
}

/// What a form of times sends besides the time.
#[derive(Clone)]
pub struct Sent {
    /// What was wished for.
    pub ask: DayAsk,
    /// The day that is shown.
    pub date: String,
    /// Makes a double submit one request.
    pub key: String,
    /// What the time is for.
    pub purpose: Purpose,
}

#[component]
fn Hidden(sent: Sent) -> impl IntoView {
    let Sent { ask, date, key, purpose } = sent;
    let change = match purpose {
        Purpose::Hold => None,
        Purpose::Change { rev, .. } => {
            Some(view! { <input type="hidden" name="do" value="change"/><input type="hidden" name="rev" value=rev/> })
        }
    };
    view! {
        {change}
        <input type="hidden" name="date" value=date/>
        <input type="hidden" name="party" value=ask.party/>
        <input type="hidden" name="area" value=ask.area/>
        {ask.needs.into_iter().map(|need| view! { <input type="hidden" name="needs" value=need/> }).collect_view()}
        <input type="hidden" name="key" value=key/>
    }
}

/// The times of one service, as radio buttons; those that are gone say why.
#[component]
fn Service(part: Part, chosen: Option<Sitting>, purpose: Purpose) -> impl IntoView {
    let own = match purpose {
        Purpose::Hold => String::new(),
        Purpose::Change { own, .. } => own,
    };
    let time = move |sitting: Sitting| {
        let note = if sitting.start == own { "yours now".to_owned() } else { sitting.note };
        let note = (!note.is_empty()).then(|| view! { <small>{note}</small> });
        if !sitting.state.is_free() {
            let class = if sitting.state == State::Held { "slot held" } else { "slot full" };
            return Either::Left(view! { <span class=class><b>{sitting.clock}</b>{note}</span> });
        }
        let checked = chosen.as_ref().is_some_and(|chosen| chosen.start == sitting.start);
        Either::Right(view! {
            <label class=slot_class(sitting.state)>
                <input type="radio" name="start" required value=sitting.start checked=checked data-clock=sitting.clock.clone()/>
                <span>{sitting.clock}</span>
                {note}
            </label>
        })
    };
    view! {
        <fieldset class="slot-group">
            <legend>{part.name}</legend>
            <div class="slots">{part.sittings.into_iter().map(time).collect_view()}</div>
        </fieldset>
    }
}

/// The class of a time that can be had.
pub const fn slot_class(state: State) -> &'static str {
    match state {
        State::Request => "slot request",
        _ => "slot",
    }
}

/// What the borders mean, the button, and what pressing it promises. Awake, the island names the chosen time on the button.
#[component]
fn Ending(parts: Vec<Part>, party: String, purpose: Purpose) -> impl IntoView {
    let any = |state| parts.iter().flat_map(|part| &part.sittings).any(|sitting| sitting.state == state);
    let (request, gone) = (any(State::Request), any(State::Full) || any(State::Held));
    let (verb, what) = match purpose {
        Purpose::Hold => ("Hold", "this table"),
        Purpose::Change { .. } => ("Change to", "this time"),
    };
    let label = format!("{verb} {what} for {party}");
    let promise = promise(&purpose, request);
    view! {
        {(request || gone).then(|| view! {
            <ul class="slot-key" aria-label="What the borders mean">
                <li>"Confirmed instantly"</li>
                {request.then(|| view! { <li class="request">"On request"</li> })}
                {gone.then(|| view! { <li class="full">"Not available"</li> })}
            </ul>
        })}
        <button class="button wide" type="submit" data-verb=verb data-party=party>{label}</button>
        <p class="small">{promise}</p>
    }
}

/// What pressing the button does, where some times are perhaps on request.
fn promise(purpose: &Purpose, request: bool) -> String {
    match purpose {
        Purpose::Hold => {
            let held_for = ssr::held_for();
            format!("The table is then kept for you for {held_for} while you fill in your name. Nothing to pay now.")
        }
        Purpose::Change { .. } if request => {
            "Your table stands until the new one is yours, unless you choose a time on request: then the restaurant is asked and replies by email, and your table is given up."
                .to_owned()
        }
        Purpose::Change { .. } => "Your table stands until the new one is yours.".to_owned(),
    }
}

/// What was refused, and what can be had instead as buttons.
#[component]
fn Lost(refused: Refused, path: String, hidden: Sent) -> impl IntoView {
    let instead: Vec<Sitting> = refused.instead.into_iter().filter(|sitting| sitting.state.is_free()).collect();
    view! {
        <div class="notice careful" role="alert" tabindex="-1" id="refused">
            <Sign icon=Icon::Warning/>
            <p>{refused.sentence}</p>
            <Instead instead path sent=hidden/>
        </div>
    }
}

/// Times as buttons that choose at once, left out where there is none. Where one is of another day than the one that is shown,
/// each says its own.
#[component]
pub fn Instead(
    instead: Vec<Sitting>,
    /// The page that takes the choice.
    path: String,
    sent: Sent,
) -> impl IntoView {
    let other_days = instead.iter().any(|sitting| sitting.date != sent.date);
    let day = instead.first().filter(|_| !other_days).map(|sitting| format!(", {}", sitting.day));
    let button = move |sitting: Sitting| {
        let small = if other_days { sitting.day } else { sitting.note };
        let small = (!small.is_empty()).then(|| view! { <small>{small}</small> });
        view! {
            <li><button class=slot_class(sitting.state) type="submit" name="start" value=sitting.start>{sitting.clock}{small}</button></li>
        }
    };
    (!instead.is_empty()).then(|| {
        view! {
            <form method="post" action=format!("{path}#book")>
                <Hidden sent/>
                <fieldset class="slot-group">
                    <legend>"Free near it"{day}</legend>
                    <ul class="slots">{instead.into_iter().map(button).collect_view()}</ul>
                </fieldset>
            </form>
        }
    })
}

/// A day on which nothing can be had, and the days that come next.
#[component]
fn Nothing(empty: Empty, path: String, ask: DayAsk) -> impl IntoView {
    let link = |sitting: Sitting| {
        let note = (!sitting.note.is_empty()).then(|| view! { <small>{sitting.note}</small> });
        let href = address(&path, &ask, &sitting.date, &sitting.clock);
        view! { <li><a class=slot_class(sitting.state) href=href>{sitting.clock}{note}</a></li> }
    };
    let day = |part: Part| view! { <li><b>{part.name}</b><ul class="slots">{part.sittings.into_iter().map(link).collect_view()}</ul></li> };
    let next = (!empty.next.is_empty())
        .then(|| view! { <ul class="instead">{empty.next.into_iter().map(day).collect_view()}</ul> });
    view! { <div class="empty"><h3>{empty.title}</h3><p>{empty.text}</p>{next}</div> }
}

/// What stands in place of times that are long on their way.
#[component]
fn Waiting() -> impl IntoView {
    let times = (0..8).map(|_| view! { <span class="slot"></span> }).collect_view();
    view! { <div class="skeleton" aria-hidden="true" hidden><div class="slots">{times}</div></div> }
}

/// A wish that makes no sense, said in place of its times.
#[component]
fn Misread(sentence: String, path: String) -> impl IntoView {
    view! {
        <div class="empty" role="alert">
            <h3>"No times to show"</h3>
            <p>{sentence}</p>
            <a class="button quiet" href=format!("{path}#book")>"Start again"</a>
        </div>
    }
}

/// The place of the times: what was found, or why nothing was. It says whose times they are, for the island around it.
#[component]
pub fn PlaceOfTimes(
    /// What was found.
    day: Result<Day, crate::error::UiError>,
    ask: DayAsk,
    path: String,
    purpose: Purpose,
    wanted: String,
) -> impl IntoView {
    let (of, moves) = (ask.of.clone(), (purpose != Purpose::Hold).then_some("true"));
    let inside = match day {
        Ok(day) => Either::Left(view! { <DayOfTimes day ask path purpose wanted/> }),
        Err(error) => Either::Right(view! { <Misread sentence=error.to_string() path/> }),
    };
    view! { <div class="times stack" data-of=of data-moves=moves>{inside}</div><Waiting/> }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sitting(clock: &str, state: State) -> Sitting {
        Sitting {
            start: format!("2026-11-22T{clock}:00+00:00"),
            date: "2026-11-22".to_owned(),
            day: "Sunday 22 November".to_owned(),
            clock: clock.to_owned(),
            state,
            note: String::new(),
        }
    }

    #[test]
    fn a_time_is_gone_or_was_never_there() {
        let sittings = vec![sitting("19:00", State::Open), sitting("19:30", State::Full)];
        let parts = [Part { name: "Dinner".to_owned(), sittings }];
        let gone = missed("19:30", &parts);
        assert_eq!(gone.sentence, "19:30 is no longer free.");
        assert_eq!(gone.instead[0].clock, "19:00");
        assert_eq!(missed("19:37", &parts).sentence, "19:37 is not on offer that day.");
    }

    #[test]
    fn times_of_several_days_say_which() {
        let drawn = |instead: Vec<Sitting>| {
            let date = "2026-11-22".to_owned();
            let sent = Sent { ask: DayAsk::default(), date, key: String::new(), purpose: Purpose::Hold };
            Owner::new().with(|| view! { <Instead instead path="/venues/room".to_owned() sent/> }.to_html())
        };
        let sunday = sitting("19:30", State::Open);
        let monday = Sitting {
            date: "2026-11-23".to_owned(),
            day: "Monday 23 November".to_owned(),
            ..sitting("19:30", State::Request)
        };
        let html = drawn(vec![sunday.clone(), monday.clone()]);
        for day in ["Sunday 22 November", "Monday 23 November"] {
            assert!(html.contains(&format!("<small>{day}</small>")), "{html}");
        }
        assert!(drawn(vec![monday]).contains("<small>Monday 23 November</small>"));
        let html = drawn(vec![sunday]);
        assert!(html.contains(", Sunday 22 November") && !html.contains("<small>"), "{html}");
        assert!(!drawn(Vec::new()).contains("<form"));
    }

    #[test]
    fn a_move_by_request_does_not_promise_to_keep_the_table() {
        let purpose = Purpose::Change { rev: 1, own: String::new() };
        assert!(promise(&purpose, true).contains("your table is given up"));
        assert!(!promise(&purpose, false).contains("given up"));
    }
}
