//! A hold that is over, and what can be had instead.

use http::StatusCode;
use leptos::either::Either;
use leptos::prelude::*;
use leptos_meta::{Meta, Title};

use super::{back, chosen};
use crate::api::{Day, DayAsk, Sitting};
use crate::components::art::{Crop, VenueArt};
use crate::components::times::{Instead, Purpose, Sent};
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
    let times = knows.then(|| {
        let (path, date) = (format!("/venues/{}", ask.of), ask.date.clone());
        view! { <Instead instead path sent=Sent { ask, date, key, purpose: Purpose::Hold }/> }
    });
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
