//! A hold that is over, and what can be had instead.

use http::StatusCode;
use leptos::either::Either;
use leptos::prelude::*;
use leptos_meta::{Meta, Title};

use super::{back, chosen};
use crate::api::{Day, DayAsk, Sitting};
use crate::components::art::{Crop, VenueArt};
use crate::components::times::slot_class;
use crate::ssr;

/// The page of a hold that is over, with what can be had instead.
pub(super) async fn over(status: StatusCode, instead: Vec<Sitting>) -> impl IntoView + use<> {
    let ask = chosen();
    let day = look(&ask).await;
    ssr::set_status(status);
    let instead = match &day {
        Some(day) if instead.is_empty() => crate::show::nearest(&day.parts, &ssr::query().get("time")),
        _ => instead,
    };
    let key = day.map(|day| day.key).unwrap_or_default();
    view! { <Over ask instead key/> }
}

/// The day that was chosen, where the address still says which.
async fn look(ask: &DayAsk) -> Option<Day> {
    let backend = ssr::backend().ok().filter(|_| !ask.of.is_empty())?;
    ssr::answer(crate::show::day(&backend, ask.clone())).await.ok()
}

#[component]
fn Over(ask: DayAsk, instead: Vec<Sitting>, key: String) -> impl IntoView {
    let (knows, back) = (!ask.of.is_empty(), back(&ask));
    let times = (knows && !instead.is_empty()).then(|| view! { <Instead ask instead key/> });
    let held_for = ssr::held_for();
    let ways = if knows {
        Either::Left(view! { <a class="button quiet" href=back>"See every time"</a> })
    } else {
        Either::Right(view! { <a class="button" href=back>"Find a table"</a> })
    };
    view! {
        <Title text="Your hold has ended"/>
        <Meta name="robots" content="noindex"/>
        <div class="page">
            <div class="problem">
                <div class="words">
                    <p class="code">"Your hold has ended, and the table is open to others again."</p>
                    <h1>"Shall we hold another?"</h1>
                    <p class="lead">
                        "A table is kept for " {held_for} ", so that it does not stand empty. If you have just booked it, all is well: the confirmation is in your email."
                    </p>
                    {times}
                    <div class="row">{ways}</div>
                </div>
                <VenueArt seed=410 cuisine="bistro" crop=Crop::Round/>
            </div>
        </div>
    }
}

/// Times as buttons that hold at once. Where they are of several days, each says its own.
#[component]
fn Instead(ask: DayAsk, instead: Vec<Sitting>, key: String) -> impl IntoView {
    let day = instead.first().map(|sitting| sitting.day.clone()).unwrap_or_default();
    let other_days = instead.iter().any(|sitting| sitting.day != day);
    let legend = if other_days { "Free near it".to_owned() } else { format!("Free near it, {day}") };
    let button = move |sitting: Sitting| {
        let small = if other_days { sitting.day } else { sitting.note };
        let small = (!small.is_empty()).then(|| view! { <small>{small}</small> });
        view! { <button class=slot_class(sitting.state) type="submit" name="start" value=sitting.start>{sitting.clock}{small}</button> }
    };
    view! {
        <form method="post" action=format!("/venues/{}#book", ask.of) class="instead-times">
            <input type="hidden" name="date" value=ask.date/>
            <input type="hidden" name="party" value=ask.party/>
            <input type="hidden" name="area" value=ask.area/>
            {ask.needs.into_iter().map(|need| view! { <input type="hidden" name="needs" value=need/> }).collect_view()}
            <input type="hidden" name="key" value=key/>
            <fieldset class="slot-group">
                <legend>{legend}</legend>
                <div class="slots">{instead.into_iter().map(button).collect_view()}</div>
            </fieldset>
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::State;

    fn sitting(date: &str, day: &str) -> Sitting {
        Sitting {
            start: format!("{date}T19:30:00+00:00"),
            date: date.to_owned(),
            day: day.to_owned(),
            clock: "19:30".to_owned(),
            state: State::Open,
            note: String::new(),
        }
    }

    #[test]
    fn times_of_several_days_say_which() {
        let (ask, key) = (DayAsk::default(), String::new());
        let (sunday, monday) =
            (sitting("2026-11-22", "Sunday 22 November"), sitting("2026-11-23", "Monday 23 November"));
        let html = Owner::new().with(|| {
            view! { <Instead ask=ask.clone() instead=vec![sunday.clone(), monday] key=key.clone()/> }.to_html()
        });
        assert!(
            html.contains("<small>Sunday 22 November</small>") && html.contains("<small>Monday 23 November</small>")
        );
        let html = Owner::new().with(|| view! { <Instead ask instead=vec![sunday] key/> }.to_html());
        assert!(html.contains("Free near it, Sunday 22 November") && !html.contains("<small>"), "{html}");
    }
}
