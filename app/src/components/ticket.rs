//! The slip of paper that says what is booked.

use leptos::prelude::*;

use super::art::{Crop, VenueArt};
use crate::api::{Booking, Hold, Standing};

/// A pair of a term and what it is, left out when there is nothing to say.
#[component]
pub fn Line(term: &'static str, #[prop(into)] text: String) -> impl IntoView {
    (!text.is_empty()).then(|| view! { <div><dt>{term}</dt><dd>{text}</dd></div> })
}

/// What is held, beside the form.
#[component]
pub fn HeldTable(hold: Hold) -> impl IntoView {
    view! {
        <VenueArt seed=hold.art.seed cuisine=hold.art.cuisine crop=Crop::Card/>
        <div class="stack">
            <h2>{hold.venue_name}</h2>
            <p class="when"><span class="day-line">{hold.day}</span><time datetime=hold.start>{hold.clock}</time></p>
            <dl class="facts tight">
                <Line term="Guests" text=hold.party.to_string()/>
                <Line term="Table" text=hold.area_name/>
                <Line term="Cancelling" text=hold.cancelling/>
            </dl>
        </div>
    }
}

/// What is booked, said once and large.
#[component]
pub fn BookedTable(booking: Booking) -> impl IntoView {
    let gone = booking.standing == Standing::Gone;
    let table = if booking.area_name.is_empty() {
        format!("Yours until {}", booking.until)
    } else {
        format!("{}, until {}", booking.area_name, booking.until)
    };
    view! {
        <section class="ticket wide" aria-label="Your booking">
            <VenueArt seed=booking.art.seed cuisine=booking.art.cuisine crop=Crop::Hero/>
            <div class="body">
                <div class="stack">
                    <h2><a href=format!("/venues/{}", booking.venue)>{booking.venue_name}</a></h2>
                    <p class="when" class:cancelled-line=gone>
                        <span class="day-line">{booking.day}</span>
                        <time datetime=booking.start>{booking.clock}</time>
                    </p>
                </div>
                <dl class="facts tight">
                    <Line term="Guests" text=booking.party.to_string()/>
                    <Line term="Table" text=table/>
                    <Line term="Name" text=booking.name/>
                    <Line term="Needs" text=booking.needs/>
                    <Line term="Occasion" text=booking.occasion/>
                    <Line term="Notes" text=booking.notes/>
                </dl>
            </div>
            <hr class="tear"/>
            <div class="stub">
                <p class="stack"><span class="small">"Booking"</span><b class="booking-code">{booking.reference}</b></p>
                <address class="small">
                    {booking.address.0}<br/>{booking.address.1}
                    {booking.phone.map(|phone| view! { <br/><a href=phone.href>{phone.text}</a> })}
                </address>
                {(!gone).then(|| view! { <a href=booking.way rel="noopener noreferrer" target="_blank">"Directions"<span class="hidden-text">" (opens a map in a new tab)"</span></a> })}
            </div>
        </section>
    }
}
