//! Everything a guest may still do with a booking, each opening in place.

use domain::field::FieldErrors;
use leptos::prelude::*;

use super::{Move, Refusal, cancelling};
use crate::api::Booking;
use crate::components::art::{Icon, Sign};
use crate::components::form::{Line, Notes, about};
use crate::components::times::{PlaceOfTimes, Purpose};
use crate::components::wishes::{Place, Wishes};
use crate::islands::{CancelBooking, Chooser, LateNotice, Problems};

/// Everything the guest may still do, each opening in place.
#[component]
pub fn Actions(booking: Booking, change: Option<Move>, refusal: Refusal) -> impl IntoView {
    let calendar = format!("/bookings/{}/calendar.ics", booking.token);
    let change = change.map(|change| view! { <Change booking=booking.clone() change/> });
    view! {
        <section class="actions" aria-label="What you can do">
            {change}
            {booking.may_be_late.then(|| view! { <Late booking=booking.clone()/> })}
            {booking.may_change.then(|| view! { <Telling booking=booking.clone() refusal=refusal.clone()/> })}
            <a href=calendar download>
                <Sign icon=Icon::Calendar/>
                <b>"Add to calendar"</b>
                <small>"keeps itself right when you change the booking"</small>
            </a>
            {booking.may_cancel.then(|| view! { <Cancel booking=booking.clone() refusal/> })}
        </section>
        {(!booking.may_change && !booking.may_cancel).then(|| view! { <TooLate booking/> })}
    }
}

#[component]
fn TooLate(booking: Booking) -> impl IntoView {
    view! {
        <p class="notice">
            <Sign icon=Icon::Info/>
            <span>
                "It is too late to change this booking here. "
                {booking.phone.map(|phone| view! { "The restaurant helps: " <a href=phone.href>{phone.text}</a> })}
            </span>
        </p>
    }
}

#[component]
fn Change(booking: Booking, change: Move) -> impl IntoView {
    let Move { ask, day, wanted, is_open } = change;
    let path = format!("/bookings/{}", booking.token);
    let place = Place {
        path: path.clone(),
        first_day: booking.days.0,
        last_day: booking.days.1,
        areas: booking.areas,
        needs: Vec::new(),
    };
    let purpose = Purpose::Change { rev: booking.rev, own: booking.start };
    view! {
        <details id="book" open=is_open>
            <summary>
                <Sign icon=Icon::Pencil/>
                <b>"Change day, time or guests"</b>
                <small>"see what is free before anything changes"</small>
            </summary>
            <div class="inside">
                <Chooser>
                    <Wishes ask=ask.clone() place/>
                    <PlaceOfTimes day ask path purpose wanted/>
                </Chooser>
            </div>
        </details>
    }
}

/// Minutes to choose from.
const MINUTES: [i16; 4] = [10, 15, 20, 30];

#[component]
fn Late(booking: Booking) -> impl IntoView {
    let chosen = booking.late.unwrap_or(15);
    let choice = move |minutes: i16| {
        view! {
            <label class="slot">
                <input type="radio" name="minutes" value=minutes checked=minutes == chosen required/>
                <span>{format!("{minutes} min")}</span>
            </label>
        }
    };
    let late = booking.late;
    view! {
        <details>
            <summary><Sign icon=Icon::Clock/><b>"Running late"</b><small>"one tap, the restaurant sees it at once"</small></summary>
            <div class="inside">
                <LateNotice>
                    <Known verb="late" booking/>
                    <div role="status">
                        <p class="notice good" id="known-late" hidden=late.is_none()>
                            <Sign icon=Icon::Check/>
                            <span>"The restaurant knows you will be "<b>{late}</b>" minutes late."</span>
                        </p>
                    </div>
                    <fieldset class="slot-group">
                        <legend>"How late will you be?"</legend>
                        <div class="slots">{MINUTES.into_iter().map(choice).collect_view()}</div>
                    </fieldset>
                    <div class="row"><button class="button" type="submit">"Tell the restaurant"</button></div>
                </LateNotice>
            </div>
        </details>
    }
}

/// What a form says of its booking.
#[component]
fn Known(verb: &'static str, booking: Booking) -> impl IntoView {
    view! {
        <input type="hidden" name="do" value=verb/>
        <input type="hidden" name="token" value=booking.token/>
        <input type="hidden" name="rev" value=booking.rev/>
        <input type="hidden" name="key" value=booking.key/>
    }
}

#[component]
fn Telling(booking: Booking, refusal: Refusal) -> impl IntoView {
    let is_open = refusal.verb == "notes";
    let (typed, wrong) =
        if is_open { (refusal.typed, refusal.wrong) } else { (booking.notes.clone(), FieldErrors::default()) };
    let complaint = about(&wrong, "notes");
    let action = format!("/bookings/{}", booking.token);
    view! {
        <details open=is_open>
            <summary><Sign icon=Icon::Info/><b>"Tell them something"</b><small>"allergies, a surprise, a pram"</small></summary>
            <div class="inside">
                <form method="post" action=action class="stack prose">
                    <Problems wrong=wrong.0/>
                    <Known verb="notes" booking/>
                    <Notes wrong=complaint value=typed label="What the restaurant should know"/>
                    <div class="row"><button class="button" type="submit">"Save"</button></div>
                </form>
            </div>
        </details>
    }
}

#[component]
fn Cancel(booking: Booking, refusal: Refusal) -> impl IntoView {
    let is_open = refusal.verb == "cancel";
    let (typed, wrong) = if is_open { (refusal.typed, refusal.wrong) } else { Default::default() };
    let terms = format!("{} The table goes back on offer at once.", cancelling(&booking));
    view! {
        <details open=is_open>
            <summary><Sign icon=Icon::Cross/><b>"Cancel"</b><small>{booking.cancelling.clone()}</small></summary>
            <div class="inside">
                <CancelBooking>
                    <Problems wrong=wrong.0.clone()/>
                    <Known verb="cancel" booking/>
                    <p>{terms}</p>
                    <div class="prose">
                        <Line
                            wrong=about(&wrong, "reason")
                            id="reason"
                            label="A word to the restaurant"
                            aside="(if you like)"
                            kind="text"
                            autocomplete="off"
                            value=typed
                        />
                    </div>
                    <div class="row"><button class="button danger" type="submit">"Cancel this booking"</button></div>
                </CancelBooking>
            </div>
        </details>
    }
}
