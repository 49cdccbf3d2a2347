//! What a guest does with a booking: being late, cancelling; shown at once, and taken back when it fails.

use leptos::prelude::*;

use super::shared::standing;
use crate::api::Standing;
use crate::components::art::{Icon, Sign};

/// Where the booking stands, in large letters.
#[island]
pub fn Seal(at: Standing, status: String, title: String) -> impl IntoView {
    let now = standing();
    let shown = move || match now.get() {
        Some(Standing::Gone) => (Standing::Gone, "Cancelled".to_owned(), "Another time, then.".to_owned()),
        Some(_) | None => (at, status.clone(), title.clone()),
    };
    view! {
        {move || {
            let (at, status, title) = shown();
            let (class, icon) = look(at);
            view! { <p class=class><Sign icon/>{status}</p><h1>{title}</h1> }
        }}
    }
}

const fn look(at: Standing) -> (&'static str, Icon) {
    match at {
        Standing::Booked | Standing::UnderWay | Standing::Finished => ("seal", Icon::Seal),
        Standing::Waiting => ("seal waiting", Icon::Hourglass),
        Standing::Gone => ("seal gone", Icon::Cross),
    }
}

/// Minutes to choose from.
const MINUTES: [i16; 4] = [10, 15, 20, 30];

/// Tells the venue that the guest is late.
#[island]
pub fn LateNotice(token: String, rev: i32, key: String, late: Option<i16>) -> impl IntoView {
    let told = RwSignal::new(late);
    let sending = RwSignal::new(false);
    let page = format!("/bookings/{token}");
    let choice = move |minutes: i16| {
        let chosen = late.unwrap_or(15) == minutes;
        view! {
            <label class="slot">
                <input type="radio" name="minutes" value=minutes checked=chosen required/>
                <span>{minutes}" min"</span>
            </label>
        }
    };
    view! {
        <form method="post" action=page class="stack" on:submit=move |event| tell(told, sending, &event)>
            <input type="hidden" name="do" value="late"/>
            <input type="hidden" name="token" value=token/>
            <input type="hidden" name="rev" value=rev/>
            <input type="hidden" name="key" value=key/>
            <div role="status">
                {move || told.get().map(|minutes| view! {
                    <p class="notice good"><Sign icon=Icon::Check/><span>"The restaurant knows you will be "{minutes}" minutes late."</span></p>
                })}
            </div>
            <fieldset class="slot-group">
                <legend>"How late will you be?"</legend>
                <div class="slots">{MINUTES.into_iter().map(choice).collect_view()}</div>
            </fieldset>
            <div class="row">
                <button class="button" type="submit" aria-busy=move || sending.get().then_some("true")>"Tell the restaurant"</button>
            </div>
        </form>
    }
}

/// Cancels, after the terms were read.
#[island]
pub fn CancelBooking(token: String, rev: i32, key: String, terms: String) -> impl IntoView {
    let sending = RwSignal::new(false);
    let page = format!("/bookings/{token}");
    view! {
        <form method="post" action=page class="stack" on:submit=move |event| cancel(sending, &event)>
            <input type="hidden" name="do" value="cancel"/>
            <input type="hidden" name="token" value=token/>
            <input type="hidden" name="rev" value=rev/>
            <input type="hidden" name="key" value=key/>
            <p>{terms}</p>
            <div class="field prose">
                <label for="reason">"A word to the restaurant " <small>"(if you like)"</small></label>
                <input id="reason" name="reason" maxlength="500"/>
            </div>
            <div class="row">
                <button class="button danger" type="submit" aria-busy=move || sending.get().then_some("true")>"Cancel this booking"</button>
            </div>
        </form>
    }
}

#[cfg(feature = "hydrate")]
fn tell(told: RwSignal<Option<i16>>, sending: RwSignal<bool>, event: &leptos::ev::SubmitEvent) {
    use super::line::{self, Patience};
    use super::shared::{Tone, latest_rev};
    use super::tray;
    use crate::api::{LateAsk, report_late};
    let Some(form) = line::submitted(event) else { return };
    event.prevent_default();
    if sending.get_untracked() {
        return;
    }
    let ask = LateAsk {
        token: line::field(&form, "token"),
        rev: present_rev(&form),
        minutes: line::field(&form, "minutes"),
        key: format!("{}/{}", line::field(&form, "key"), line::field(&form, "minutes")),
    };
    let before = told.get_untracked();
    told.set(ask.minutes.parse().ok());
    sending.set(true);
    leptos::task::spawn_local(async move {
        let sent = line::ask(Patience::Booking, move || report_late(ask.clone())).await;
        sending.set(false);
        match sent {
            Ok(booking) => {
                latest_rev().set(Some(booking.rev));
                told.set(booking.late);
                tray::say(Tone::Success, "The restaurant knows.");
            }
            Err(error) => {
                told.set(before);
                tray::say(Tone::Error, &error.to_string());
            }
        }
    });
}

#[cfg(feature = "hydrate")]
fn cancel(sending: RwSignal<bool>, event: &leptos::ev::SubmitEvent) {
    use super::line::{self, Patience};
    use super::shared::Tone;
    use super::tray;
    use crate::api::{CancelAsk, cancel_booking};
    let Some(form) = line::submitted(event) else { return };
    event.prevent_default();
    if sending.get_untracked() {
        return;
    }
    let token = line::field(&form, "token");
    let ask = CancelAsk { token: token.clone(), rev: present_rev(&form), reason: line::field(&form, "reason"), key: line::field(&form, "key") };
    sending.set(true);
    standing().set(Some(Standing::Gone));
    let toast = tray::say(Tone::Loading, "Cancelling your booking");
    leptos::task::spawn_local(async move {
        match line::ask(Patience::Booking, move || cancel_booking(ask.clone())).await {
            Ok(_) => line::go(&format!("/bookings/{token}?done=cancelled")),
            Err(error) => {
                sending.set(false);
                standing().set(None);
                tray::unsay(toast);
                tray::say(Tone::Error, &error.to_string());
            }
        }
    });
}

/// The revision the guest saw last.
#[cfg(feature = "hydrate")]
fn present_rev(form: &web_sys::FormData) -> String {
    let known = super::shared::latest_rev().get_untracked();
    known.map_or_else(|| super::line::field(form, "rev"), |rev| rev.to_string())
}

#[cfg(not(feature = "hydrate"))]
const fn tell(_told: RwSignal<Option<i16>>, _sending: RwSignal<bool>, _event: &leptos::ev::SubmitEvent) {}

#[cfg(not(feature = "hydrate"))]
const fn cancel(_sending: RwSignal<bool>, _event: &leptos::ev::SubmitEvent) {}
